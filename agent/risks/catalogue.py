"""The judges that are asked about every order. To add a risk, write one function under `@risk` in this folder."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module

import agent.risks
from agent.orders.order import Order
from agent.risks.clock import Clock
from agent.risks.risk import Risk
from agent.risks.timers import Timers

Judge = Callable[[Order, Clock, Timers], Iterator[Risk]]

_JUDGES: dict[str, Judge] = {}


def risk(judge: Judge) -> Judge:
    """Register a judge under its function's name."""
    name = judge.__name__
    if name in _JUDGES:
        raise ValueError(f"two judges are called {name}")
    _JUDGES[name] = judge
    return judge


@cache
def judges() -> tuple[Judge, ...]:
    """Every judge of this folder, in the order of their names."""
    for module in pkgutil.iter_modules(agent.risks.__path__):
        import_module(f"agent.risks.{module.name}")
    return tuple(judge for _, judge in sorted(_JUDGES.items()))
