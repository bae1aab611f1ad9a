"""Carriers as data: a YAML file each beside this module, and a seller's own in `carriers/` beside the configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

from agent.vocabulary.data import data_files
from agent.vocabulary.status import Reason, TrackingStatus

Meaning = tuple[TrackingStatus, Reason | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberFormat:
    """One shape of tracking number. `pattern` matches the normalised number (upper case, no blanks) in full.

    Groups of it may be named: `service`, and `day` (year and day of the year, YYDDD, on which the number was made).
    """

    name: str
    pattern: str
    checksum: str | None = None
    """Name of a check in `agent.vocabulary.checksums`, or None where the format has no check digit."""
    countries: tuple[str, ...] = ()
    """For UPU S10: the issuing posts that use this carrier."""
    within: tuple[str, ...] = ()
    """Countries of which one is where such a parcel comes from or goes to; empty: it may be any."""
    services: Mapping[str, str] = field(default_factory=dict)
    """What the `service` in the number means, by its code."""
    confidence: float = 0.5
    """How surely a tracking number of this shape, its check digit right, is this carrier's."""


Hindrance = Literal["captcha", "challenge", "key", "login", "postcode", "script", "unknown", "retired"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """What is known to stand between us and a carrier's answer: published in `docs/carriers.md` and in the digest."""

    what: Hindrance
    why: str
    since: str
    """The day or month on which it was seen or reported, ISO."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """A carrier, as its data file tells it."""

    id: str
    name: str
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    country: str | None = None
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    """The clock its local scans are read in for judging; never printed as theirs."""
    languages: tuple[str, ...] = ("en",)
    numbers: tuple[NumberFormat, ...] = ()
    mail_domains: tuple[str, ...] = ()
    """Exact domains it sends from. Never suffixes."""
    mails: tuple[str, ...] = ()
    """Languages in which its mails are shown to be read, by samples."""
    brand_words: tuple[str, ...] = ()
    """How mails that pretend to be this carrier name it, lower case."""
    page: str | None = None
    """Public tracking page; `{number}` and, where it needs one, `{postcode}`."""
    page_hosts: tuple[str, ...] = ()
    """Hosts that a look may reach."""
    looked: bool = False
    """False: shown as "open this link yourself"."""
    obstacles: tuple[Obstacle, ...] = ()
    codes: Mapping[str, Meaning] = field(default_factory=dict)
    """What the carrier's own status and scan codes mean, upper case. Codes that are not here say nothing."""
    source: str | None = None
    seen_on: str | None = None

    def link(self, number: str, postcode: str | None = None) -> str | None:
        """The public page of a number for a human, or None."""
        if self.page is None or ("{postcode}" in self.page and postcode is None):
            return None
        return self.page.replace("{number}", number).replace("{postcode}", postcode or "")


def from_mapping(data: Mapping[str, Any]) -> Carrier:
    """A carrier of its YAML mapping; raises TypeError or ValueError naming what is wrong."""
    fields: dict[str, Any] = _with_tuples(data)
    numbers = tuple(NumberFormat(**_with_tuples(number)) for number in fields.pop("numbers", ()))
    zone = ZoneInfo(fields.pop("zone", "UTC"))
    obstacles = tuple(Obstacle(**obstacle) for obstacle in fields.pop("obstacles", ()))
    codes = {str(code).upper(): _meaning(said) for code, said in fields.pop("codes", {}).items()}
    return Carrier(**fields, numbers=numbers, zone=zone, obstacles=obstacles, codes=codes)


def _meaning(said: str) -> Meaning:
    """`delivered` or `delivered/mailbox`."""
    status, _, reason = said.partition("/")
    return TrackingStatus(status), Reason(reason) if reason else None


def _with_tuples(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}


@cache
def carriers() -> Mapping[str, Carrier]:
    """Every carrier by id; a seller's own add to the shipped ones or replace them by id."""
    found = (from_mapping(data) for _, data in data_files(__package__, "carriers"))
    return {carrier.id: carrier for carrier in found}


def carrier(name: str, known: Mapping[str, Carrier] | None = None) -> Carrier | None:
    """The carrier of an id, an alias or a name in any case, or None."""
    wanted = name.strip().lower()
    pool = carriers() if known is None else known
    if wanted in pool:
        return pool[wanted]
    for candidate in pool.values():
        if wanted in candidate.aliases or wanted == candidate.name.lower():
            return candidate
    return None


def related(left: str, right: str, known: Mapping[str, Carrier] | None = None) -> bool:
    """Whether two ids mean the same carrier, or one is the other's parent."""
    one, two = carrier(left, known), carrier(right, known)
    if one is None or two is None:
        return left == right
    return one.id == two.id or one.parent == two.id or two.parent == one.id
