"""Carriers whose pages we can read: one file each, found by `load`; numbers, hosts and zones are in its data file."""

from __future__ import annotations

import importlib
import importlib.util
import logging
import pkgutil
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from agent.vocabulary.data import own_folder
from scrapers.look import Tracked
from scrapers.reading.document import Document

log = logging.getLogger("orderwatch")


class Unreadable(Exception):
    """The page is the carrier's, but nothing on it could be understood; the message says what is missing."""


class CannotLoad(Exception):
    """A seller's own page reader does not start; the message names its file."""


class NotFound(Exception):
    """The carrier's own code or words for a number that it does not know."""


class Inconclusive(Exception):
    """The carrier's own answer that tells neither of a parcel nor that there is none: no phrase makes more of it."""


class Refused(Exception):
    """The carrier's own code for a challenge, a missing key or too many questions; the message says which."""


class NeedsPostcode(Inconclusive):
    """The carrier answers only to whoever names the recipient's postcode."""

    def __init__(self) -> None:
        super().__init__("needs a postcode")


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request without a browser. Its address is built of our own data alone, also that of `then`."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    """Sent as JSON by POST, where not None."""
    form: Mapping[str, str] | None = None
    """Sent as a form by POST, where not None."""
    then: Callable[[Document], Call | None] | None = None
    """The call that this answer leads to (a session's token); None: this answer is the one to read."""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """How to ask a carrier. Addresses are built from our data, a checked number and a postcode, from nothing else."""

    url: str
    """The page that a human would open."""
    data: Call | None = None
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
    """Every carrier's page by id: those beside this module, and a seller's own, which replace shipped ones of their id.

    Raises CannotLoad naming the file where a seller's own cannot be loaded.
    """
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    shipped = dict(_REGISTERED)
    folder = own_folder("carriers")
    try:
        for path in sorted(folder.glob("*.py")) if folder else ():
            _run(path)
        return dict(_REGISTERED)
    finally:
        _REGISTERED.clear()
        _REGISTERED.update(shipped)


def how_to_visit(name: str, page: CarrierPage, number: str, postcode: str | None) -> Visit:
    """How a carrier's file asks. Raises NeedsPostcode, and Inconclusive where the file breaks."""
    try:
        found: object = page.visit(number, postcode)
    except NeedsPostcode:
        raise
    except Exception as broken:
        raise Inconclusive(_told(name, broken)) from broken
    if not isinstance(found, Visit):
        raise Inconclusive(f"the page reader of {name} does not say how to ask: its visit gives no Visit")
    return found


def parsed(name: str, page: CarrierPage, document: Document, number: str | None) -> tuple[Tracked, ...]:
    """What a carrier's file makes of an answer; one that breaks could not read it."""
    try:
        found: object = page.parse(document, number)
    except (Unreadable, NotFound, Inconclusive, Refused):
        raise
    except Exception as broken:
        raise Unreadable(_told(name, broken)) from broken
    if not isinstance(found, tuple) or not all(isinstance(one, Tracked) for one in found):
        raise Unreadable(f"the page reader of {name} gives no parcels: its parse gives no tuple of Tracked")
    return found


def _told(name: str, broken: Exception) -> str:
    at = traceback.extract_tb(broken.__traceback__)[-1]
    told = f"the page reader of {name} broke: {type(broken).__name__}: {broken}"[:200]
    log.warning("%s (%s, line %s): mend it, or report it where it came with orderwatch", told, at.filename, at.lineno)
    return told


def _run(path: Path) -> None:
    """A seller's own code, as trusted as the rest of the configuration."""
    spec = importlib.util.spec_from_file_location(f"own_carriers.{path.stem}", path)
    if spec is None or spec.loader is None:
        raise CannotLoad(f"{path} cannot be loaded")
    try:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
    except SystemExit as error:
        raise CannotLoad(f"{path} cannot be loaded: it ends the program") from error
    except Exception as error:
        raise CannotLoad(f"{path} cannot be loaded: {error or type(error).__name__}") from error
