"""The headline status of a carrier's answer: its flag, then its code, then words, then the newest row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from agent.vocabulary.status import TrackingStatus
from scrapers.look import Scan
from scrapers.reading.judged import UNKNOWN, Judged, headline, newest, words
from scrapers.reading.weighed import weighed

_S = TrackingStatus
_ENDS = {_S.DELIVERED, _S.RETURNED}
_FAILED = {_S.DELIVERY_ATTEMPTED, _S.EXCEPTION}
_EARLY = {_S.INFO_RECEIVED, _S.UNKNOWN}


def judge(
    scans: Sequence[Scan],
    *,
    said: str | None = None,
    coded: Judged = UNKNOWN,
    delivered: bool | None = None,
    returned: bool | None = None,
) -> Judged:
    """The headline status: flag > code > words > the newest row, and nothing where words speak against the flag."""
    shown = newest(scans)
    verdict = weighed(coded, words(said)) if said and coded.status is not _S.UNKNOWN else coded
    if verdict.status is _S.UNKNOWN:
        verdict = headline(said, scans)
    elif verdict.status is _S.DELIVERED and shown.status is _S.AVAILABLE_FOR_PICKUP:
        verdict = shown  # brought to a shop: to some summaries that counts as done
    elif verdict.reason is None and shown.status is verdict.status:
        verdict = replace(verdict, reason=shown.reason)
    elif verdict.status is _S.INFO_RECEIVED and shown.status not in _EARLY:
        verdict = shown
    elif verdict.reason is None and {verdict.status, shown.status} == _FAILED:
        verdict = replace(verdict, reason=shown.reason) if verdict.status is _S.DELIVERY_ATTEMPTED else shown
    elif verdict.status is not _S.DELIVERED and shown.status not in _ENDS:
        verdict = weighed(verdict, shown)  # a coarse code over a row that tells more
    if returned and verdict.status not in {_S.RETURNED, _S.RETURNING}:
        return Judged(_S.RETURNED if delivered else _S.RETURNING, None, "flag")
    at_shop = verdict.status is shown.status is _S.AVAILABLE_FOR_PICKUP
    if delivered and not at_shop and verdict.status not in {_S.RETURNED, _S.RETURNING}:
        return Judged(_S.DELIVERED, verdict.reason if verdict.status is _S.DELIVERED else None, "flag")
    if delivered and verdict.status is _S.RETURNING:
        return Judged(_S.RETURNED, None, "flag")
    if delivered is False and verdict.status is _S.DELIVERED:
        return UNKNOWN
    if verdict.status is _S.DELIVERED and any(row.status is _S.RETURNING for row in scans):
        return Judged(_S.RETURNED, None, verdict.by)  # handed over to whom it was going back to
    return verdict
