"""Rows and headlines judged: the carrier's flag before its code, its code before its words, and words before a guess.

Words are judged by `agent.vocabulary.wording`, which knows negation and forecast; words that nobody knows stay unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import pairwise

from agent.vocabulary.carriers import carrier as find_carrier
from agent.vocabulary.status import Reason, TrackingStatus
from agent.vocabulary.values import Moment, Place
from agent.vocabulary.wording import classify
from scrapers.look import ClassifiedBy, Scan
from scrapers.reading import clock
from scrapers.reading.history import Row

_CODE_LIKE = re.compile(r"^[A-Z0-9]+(?:[_-][A-Z0-9]+)+$")
_TAGS = re.compile(r"<[^<>]{1,400}>")


@dataclass(frozen=True, slots=True)
class Judged:
    """A status with what it rests on."""

    status: TrackingStatus = TrackingStatus.UNKNOWN
    reason: Reason | None = None
    by: ClassifiedBy = "none"


UNKNOWN = Judged()


@lru_cache(maxsize=4096)
def words(text: str) -> Judged:
    """What a carrier's words mean; `PARCEL_SORTED_AT_HUB` counts as words too."""
    text = _TAGS.sub(" ", text)
    if _CODE_LIKE.match(text.strip()):
        text = re.sub(r"[_-]+", " ", text).lower()
    found = classify(text[:600])
    if found.status is TrackingStatus.UNKNOWN:
        return UNKNOWN
    return Judged(found.status, found.reason, "words")


def by_code(carrier: str, code: object) -> Judged:
    """What a carrier's own code means, by the `codes` of its data file; of a code that is not there, nothing."""
    owner = find_carrier(carrier)
    meaning = owner.codes.get(str(code).strip().upper()) if owner is not None and code is not None else None
    return Judged(meaning[0], meaning[1], "code") if meaning else UNKNOWN


def known(text: str) -> bool:
    """Whether a text is a carrier's word for a status."""
    return len(text) <= 400 and words(text).status is not TrackingStatus.UNKNOWN


def spoken(text: str) -> bool:
    """Whether a text is a carrier's words at all: of a status, or a promise that says none ("arrives tomorrow")."""
    return len(text) <= 400 and (known(text) or classify(_TAGS.sub(" ", text)[:600]).rule is not None)


def scan(
    description: str,
    *,
    moment: Moment | None = None,
    raw_time: str | None = None,
    location: str | None = None,
    place: Place | None = None,
    code: str | None = None,
    judged: Judged | None = None,
) -> Scan:
    """One row; `judged` is what a flag or code of the row says, else its words decide."""
    verdict = judged if judged is not None and judged.status is not TrackingStatus.UNKNOWN else words(description)
    location = location or None
    return Scan(
        description=description,
        occurred_at=moment,
        raw_time=raw_time,
        place=place or (Place(city=location) if location else None),
        location=location,
        status=verdict.status,
        reason=verdict.reason,
        code=code,
        classified_by=verdict.by,
    )


def scans_of_rows(rows: Sequence[Row], placed: Callable[[str], Place] | None = None) -> tuple[Scan, ...]:
    """The scans of a page's rows, newest first; `placed` takes a printed place apart as the carrier writes it."""
    found: list[Scan] = []
    for row in rows:
        place = placed(row.place) if placed and row.place else None
        found.append(scan(row.words, moment=row.moment, raw_time=row.raw_time, location=row.place, place=place))
    return newest_first(found)


def newest_first(scans: Sequence[Scan]) -> tuple[Scan, ...]:
    """The page's own order, turned round where it begins with the oldest; clocks of several zones are not sorted."""
    times = [_wall(s.occurred_at) for s in scans if s.occurred_at is not None]
    if not times:
        times = [when for s in scans if s.raw_time and (when := clock.within_a_year(s.raw_time)) is not None]
    rising = sum(1 for left, right in pairwise(times) if left < right)
    falling = sum(1 for left, right in pairwise(times) if left > right)
    return tuple(reversed(scans)) if rising > falling else tuple(scans)


def _wall(moment: Moment) -> datetime:
    if isinstance(moment, datetime):
        return moment.replace(tzinfo=None)
    return datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001 -- a printed day, compared with printed clocks


MOST_SKIPPED = 3
_FINAL = {TrackingStatus.DELIVERED, TrackingStatus.RETURNED}
_BEFORE_CARRIER = {TrackingStatus.INFO_RECEIVED, TrackingStatus.UNKNOWN}


def newest(scans: Iterable[Scan]) -> Judged:
    """What the newest row that somebody understands says; a pre-advice that came after real scans does not count."""
    scans = tuple(scans)
    understood = [(at, s) for at, s in enumerate(scans) if s.status is not TrackingStatus.UNKNOWN]
    physical = [(at, s) for at, s in understood if s.status not in _BEFORE_CARRIER]
    if not understood:
        return UNKNOWN
    at, first = (physical or understood)[0]
    skipped = sum(1 for s in scans[:at] if s.status is TrackingStatus.UNKNOWN and s.description)
    if skipped > MOST_SKIPPED or (skipped and first.status in _FINAL):
        return UNKNOWN  # what came after may have changed everything
    return Judged(first.status, first.reason, first.classified_by)


def headline(text: str | None, scans: Sequence[Scan]) -> Judged:
    """The page's headline words, unless they are an early stage that the rows have left behind, or say nothing."""
    said = words(text) if text else UNKNOWN
    shown = newest(scans)
    if said.status is TrackingStatus.UNKNOWN:
        return shown
    understood = bool(scans) and scans[0].status is not TrackingStatus.UNKNOWN
    if said.status in _FINAL and understood and all(row.status is not said.status for row in scans):
        return shown  # a step of a progress bar, a promise: no row says so
    if said.status is TrackingStatus.INFO_RECEIVED and shown.status not in _BEFORE_CARRIER:
        return shown
    coarse = said.status is TrackingStatus.IN_TRANSIT and said.reason is None
    if coarse and shown.status not in _BEFORE_CARRIER:  # "In transit" over a row that tells more
        return shown
    if said.status is shown.status and said.reason is None:
        return shown
    return said
