"""Carriers whose pages we can read: one file each, found by `load`; numbers, hosts and zones are in its data file."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol

from scrapers.document import Document
from scrapers.look import Tracked


class Unreadable(Exception):
    """The page is the carrier's, but nothing on it could be understood; the message says what is missing."""


class NotFound(Exception):
    """The carrier's own code or words for a number that it does not know."""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """How to ask a carrier. Addresses are built from our data, a checked number and a postcode, from nothing else."""

    url: str
    """The page that a human would open."""
    data: str | None = None
    """The data call behind it, asked first and without a browser."""
    plain: bool = True
    """Whether plain HTTP is answered at all; otherwise the browser goes first."""
    script: bool = True
    """Whether the page may need a browser."""
    data_paths: tuple[str, ...] = field(default=())
    """Parts of addresses whose answers carry the page's own data."""


class CarrierPage(Protocol):
    """What a carrier's file defines. Pure: no clock, no network."""

    def visit(self, number: str, postcode: str | None) -> Visit: ...

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        """The parcels of a page or data answer. Raises Unreadable or NotFound."""
        ...


_REGISTERED: dict[str, CarrierPage] = {}


def carrier(name: str) -> Callable[[type[CarrierPage]], type[CarrierPage]]:
    """Registers a carrier's page under its id."""

    def register(page: type[CarrierPage]) -> type[CarrierPage]:
        _REGISTERED[name] = page()
        return page

    return register


@cache
def load() -> Mapping[str, CarrierPage]:
    """Every carrier's page by id."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return dict(_REGISTERED)
