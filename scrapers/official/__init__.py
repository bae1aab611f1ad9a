"""Official tracking APIs that answer to a seller's own key, one file each, and one aggregator; never needed.

Their shapes are those of public documentation and published samples: none was tried against the live service here.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from agent.vocabulary.carriers import carriers
from scrapers.carriers import Call
from scrapers.look import Tracked
from scrapers.reading.document import Document

Secrets = Mapping[str, str]
"""What a source `wants`, by name; also its `token`, where it gives one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The parcel in question."""

    number: str
    carrier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A seller's own key, and how often it may be used."""

    secrets: Secrets = field(repr=False)
    a_day: int | None = None
    """Requests in 24 hours; None: as the source's file says."""


@dataclass(frozen=True, kw_only=True)
class Official:
    """One source. Pure: addresses are built of our own data, a checked number and the key, nothing of the buyer's."""

    id: str
    """What the configuration calls it."""
    name: str
    wants: tuple[str, ...]
    hosts: tuple[str, ...]
    carriers: frozenset[str] = frozenset()
    """Ids that it answers for in their page's place; empty: an aggregator, asked where a page gives nothing."""
    call: Callable[[Asked, Secrets], Call]
    parse: Callable[[Document, Asked], tuple[Tracked, ...]]
    """Raises NotFound, Refused, Inconclusive or Unreadable, as a carrier's page reader does."""
    token: Callable[[Secrets], Call] | None = None
    """Gets an OAuth token (RFC 6749, 4.4), kept until it ends."""
    a_day: int
    """Requests in 24 hours, modest beside what the smallest plan gives."""
    pause: float = 2.0
    """Seconds between two requests."""


@cache
def load() -> Mapping[str, Official]:
    """Every source by id: each file beside this one that has a `SOURCE`."""
    modules = (importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__))
    found = [module.SOURCE for module in modules if hasattr(module, "SOURCE")]
    return {source.id: source for source in found}


def answered_for(ids: Iterable[str]) -> frozenset[str]:
    """The carriers that the sources of these ids can be asked about."""
    found: set[str] = set()
    for source in (load()[one] for one in ids):
        found |= source.carriers or set(carriers())
    return frozenset(found)
