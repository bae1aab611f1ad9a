"""The figures that plans count with, as data: `figures.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from agent.vocabulary.data import parse_yaml
from agent.vocabulary.values import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A carrier's service that stops a parcel on its way. Without a fee nobody knows what it costs."""

    name: str
    fee: Money | None = None
    only_when_it_works: bool = False
    domestic_only: bool = False
    not_numbers: tuple[str, ...] = ()
    """Beginnings of numbers that it does not take."""


@cache
def _data() -> Mapping[str, Any]:
    text = resources.files(__package__).joinpath("figures.yaml").read_text(encoding="utf-8")
    data: Mapping[str, Any] = parse_yaml(text)
    return data


def days_late(name: str) -> Decimal:
    """Days after the last estimated day: up to `early` one waits, from `overdue` on the buyer chooses."""
    return _number(_data()["lateness_days"][name])


def intercept_share() -> Decimal:
    """The part of an order's total that an intercept may cost."""
    return _number(_data()["intercept_share"])


@cache
def intercept_service(carrier: str) -> Service | None:
    """How a carrier stops a parcel on its way, or None where no such service is known."""
    found = _data()["intercepts"].get(carrier)
    if found is None:
        return None
    fee = Money(_number(found["fee"]), found["currency"]) if "fee" in found else None
    return Service(
        name=found["name"],
        fee=fee,
        only_when_it_works=found.get("only_when_it_works", False),
        domestic_only=found.get("domestic_only", False),
        not_numbers=tuple(found.get("not_numbers", ())),
    )


def _number(figure: Mapping[str, Any]) -> Decimal:
    return Decimal(str(figure["value"]))
