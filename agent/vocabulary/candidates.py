"""Which carriers' formats a bare number fits, and what it tells of itself. Shapes are data, in the carriers' files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Literal

from agent.vocabulary.carriers import Carrier, NumberFormat, carriers
from agent.vocabulary.checksums import passes

Checksum = Literal["ok", "fail", "none"]

LONGEST = 40
_BUNDLED = 12
_DISREGARDED = re.compile(r"[\s\-\u2010-\u2015\u00ad\u200b-\u200f\u2060\ufeff]+")
_GROUP_NAME = re.compile(r"\(\?P<\w+>")
_S10_SERVICES = {
    "C": "parcel",
    "E": "express (EMS)",
    "H": "e-commerce parcel",
    "L": "tracked letter post",
    "M": "M bag",
    "Q": "business reply",
    "R": "registered letter post",
    "U": "untracked letter post",
    "V": "insured letter post",
}
"""Service indicators by their first letter, UPU S10; others are each post's own."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A carrier that a number may be of. `checksum` is `none` where its format has no check digit."""

    carrier: str
    format: str
    checksum: Checksum
    confidence: float
    country: str | None = None
    """Where the number was given out, ISO; for UPU S10 the issuing post's, never the destination."""
    service: str | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """A candidate with what only weighing it needs."""

    candidate: Candidate
    within: tuple[str, ...]
    made_on: date | None


def normalise(text: str) -> str:
    """A number as formats know it: upper case, without blanks, dashes and invisible characters."""
    return _DISREGARDED.sub("", text).upper()


@lru_cache(maxsize=4096)
def fits(number: str) -> tuple[Fit, ...]:
    """At most one fit per carrier, its best format. A failing check digit leaves a quarter of the confidence."""
    if not number.isascii() or len(number) > LONGEST:
        return ()
    fitting = (one for bundle, formats in _bundles() if bundle.fullmatch(number) for one in formats)
    best: dict[str, Fit] = {}
    for _, one, shape, pattern in sorted(fitting, key=lambda row: row[0]):
        match = pattern.fullmatch(number)
        if match is None or (shape.countries and number[-2:] not in shape.countries):
            continue
        fit = Fit(_candidate(one, shape, match), shape.within, _made_on(match.groupdict().get("day")))
        if one.id not in best or _rank(fit) > _rank(best[one.id]):
            best[one.id] = fit
    return tuple(best.values())


_Format = tuple[int, Carrier, NumberFormat, re.Pattern[str]]


@cache
def _bundles() -> tuple[tuple[re.Pattern[str], tuple[_Format, ...]], ...]:
    """Formats that begin alike with one pattern for all of them, to pass over many at once; group names would clash."""
    every = ((one, shape) for one in carriers().values() for shape in one.numbers)
    formats = [(place, *both, re.compile(both[1].pattern)) for place, both in enumerate(every)]
    formats.sort(key=lambda row: row[2].pattern)
    bundles = (tuple(formats[start : start + _BUNDLED]) for start in range(0, len(formats), _BUNDLED))
    return tuple((_any_of(bundle), bundle) for bundle in bundles)


def _any_of(formats: tuple[_Format, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{_GROUP_NAME.sub('(?:', shape.pattern)})" for _, _, shape, _ in formats))


def _candidate(one: Carrier, shape: NumberFormat, match: re.Match[str]) -> Candidate:
    number = match[0]
    checksum: Checksum = "none"
    confidence = shape.confidence
    if shape.checksum is not None:
        checksum = "ok" if passes(shape.checksum, number) else "fail"
    if checksum == "fail":
        confidence = round(confidence / 4, 3)
    postal = shape.checksum == "s10"
    country = number[-2:] if postal else shape.within[0] if len(shape.within) == 1 else None
    service = _S10_SERVICES.get(number[0]) if postal else _service(shape, match.groupdict().get("service"))
    return Candidate(one.id, shape.name, checksum, confidence, country, service)


def _service(shape: NumberFormat, code: str | None) -> str | None:
    return None if code is None else shape.services.get(code)


def _made_on(day: str | None) -> date | None:
    """The day of YYDDD, or None where there is no such day."""
    if day is None:
        return None
    try:
        return datetime.strptime(day, "%y%j").date()  # noqa: DTZ007 -- a calendar day has no zone
    except ValueError:
        return None


def _rank(fit: Fit) -> tuple[bool, float]:
    return fit.candidate.checksum != "fail", fit.candidate.confidence
