"""A carrier's code weighed with the words beside it, and rows put in order.

A code is often coarser than its words (`transit`, `failure`): then the words may tell more, but they never make a
delivery of what the code does not call one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from agent.vocabulary.status import TrackingStatus
from agent.vocabulary.values import Moment
from scrapers.look import Scan
from scrapers.reading.judged import Judged, newest_first

_S = TrackingStatus

_NOT_DELIVERED = {_S.AVAILABLE_FOR_PICKUP, _S.RETURNED, _S.RETURNING}
_FINER = {
    _S.IN_TRANSIT: {_S.OUT_FOR_DELIVERY, _S.DELIVERY_ATTEMPTED, _S.EXCEPTION, *_NOT_DELIVERED},
    _S.INFO_RECEIVED: {_S.DELIVERY_ATTEMPTED, _S.EXCEPTION, *_NOT_DELIVERED},
    _S.EXCEPTION: {_S.DELIVERY_ATTEMPTED, *_NOT_DELIVERED},
    _S.DELIVERED: {_S.DELIVERY_ATTEMPTED, *_NOT_DELIVERED},
}
"""What words may make of a code without a reason; `delivered` to a shop or back to its sender is something else."""

ZONES_APART = timedelta(hours=26)
"""Two clocks on earth differ by no more: a list that steps back further is in no order at all."""


def weighed(coded: Judged, spoken: Judged) -> Judged:
    """What code and words say together."""
    if coded.status is _S.UNKNOWN:
        return spoken
    if spoken.status is coded.status:
        return replace(coded, reason=coded.reason or spoken.reason)
    if coded.reason is None and spoken.status in _FINER.get(coded.status, ()):
        return spoken
    return coded


def in_order(scans: Sequence[Scan]) -> tuple[Scan, ...]:
    """Newest first in the page's own order; rows that are in none are put by their clocks."""
    ordered = _announced_first(newest_first(scans))
    clocks = [_wall(one.occurred_at) for one in ordered]
    known = [when for when in clocks if when is not None]
    steps_back = any(later - earlier > ZONES_APART for earlier, later in pairwise(known))
    if len(known) < len(clocks) or not steps_back:
        return ordered
    numbered = sorted(enumerate(ordered), key=lambda one: (known[one[0]], -one[0]), reverse=True)
    return tuple(one for _, one in numbered)


def _announced_first(scans: tuple[Scan, ...]) -> tuple[Scan, ...]:
    """A pre-advice with no clock comes before what was scanned on its day."""
    if len(scans) < 2 or scans[-2].status is not _S.INFO_RECEIVED or scans[-1].status is _S.INFO_RECEIVED:
        return scans
    said, scanned = scans[-2].occurred_at, scans[-1].occurred_at
    same_day = isinstance(scanned, datetime) and said is not None and said == scanned.date()
    return (*scans[:-2], scans[-1], scans[-2]) if same_day else scans


def _wall(moment: Moment | None) -> datetime | None:
    if isinstance(moment, datetime):
        return moment.replace(tzinfo=None)
    return datetime(moment.year, moment.month, moment.day) if moment else None  # noqa: DTZ001 -- compared only
