"""A parcel found in an answer that nobody wrote a reader for, and when rows are surely a parcel's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agent.vocabulary.status import TrackingStatus
from scrapers.reading.history import Row
from scrapers.reading.judged import known, spoken, words

_S = TrackingStatus
_FINAL = {_S.DELIVERED, _S.RETURNED, _S.EXCEPTION}


@dataclass(frozen=True, slots=True)
class Found:
    """Its number where the answer names one, its rows, and what a headline and a flag beside them say."""

    number: str | None
    rows: tuple[Row, ...]
    headline: str | None = None
    flagged: bool | None = None


def sure(rows: Sequence[Row], numbered: bool) -> bool:
    """Rows of which enough are a carrier's words; a single row only beside the parcel's own number."""
    timed = [row for row in rows if row.raw_time]
    understood = [row for row in timed if spoken(row.words)]
    if not any(known(row.words) for row in understood):
        return False
    if len({row.raw_time for row in timed}) > 2 and all(words(row.words).status is _S.DELIVERED for row in timed):
        return False  # nobody gets one parcel again and again: customers' praise, or other parcels
    if not numbered:  # a page of news has dates and words too
        if not any(known(row.words) and words(row.words).status not in _FINAL for row in timed):
            return False  # praise or news; a parcel was on its way before it came
        return len(understood) >= 2 and len(understood) * 2 >= len(timed)
    return bool(understood) and len(understood) * 4 >= len(timed)
