"""The builders of sample orders, which the tests of the risks keep."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def orders() -> ModuleType:
    """The module `tests/risks/orders.py`: sample orders, parcels, cases."""
    return load()


def load() -> ModuleType:
    name = "risks_sample_orders"
    if name not in sys.modules:
        path = Path(__file__).parents[1] / "risks" / "orders.py"
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]
