"""One parcel, folded from what mails and looks said of it. Pure.

A status never silently goes back: a late pre-advice changes nothing, words that nobody classified change nothing, and
`delivered` is undone only by a return or by a physical scan that happened later.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from agent.orders.order import LastLook, Shipment
from agent.vocabulary.carriers import carrier as find_carrier
from agent.vocabulary.events import Event, LabelBought, ParcelLooked, TrackingUpdate
from agent.vocabulary.status import LookOutcome, Reason, TrackingStatus
from agent.vocabulary.values import Window, instant

Said = LabelBought | TrackingUpdate | ParcelLooked
LOOKED = (LookOutcome.READ, LookOutcome.NOT_FOUND)
"""Outcomes in which the carrier answered about this parcel."""
_NOT_PHYSICAL = (TrackingStatus.INFO_RECEIVED, TrackingStatus.UNKNOWN)
_RETURN = (TrackingStatus.RETURNING, TrackingStatus.RETURNED)


@dataclass(frozen=True, slots=True)
class _Statement:
    """Something said about where the parcel was at a time."""

    at: datetime
    status: TrackingStatus
    reason: Reason | None
    source: str
    scanned: bool = True
    """Whether a dated scan stands behind it; without one it cannot contradict a delivery."""


def fold_shipment(number: str, said: Sequence[Said]) -> Shipment:
    """The parcel as these events tell it; `said` is oldest first."""
    carrier_id = _carrier(said)
    owner = find_carrier(carrier_id) if carrier_id else None
    zone = owner.zone if owner else UTC

    def at(event: Event) -> datetime:
        moment = event.occurred_at or event.seen_at
        return instant(moment, zone) if moment else datetime.min.replace(tzinfo=UTC)

    rows = [event for event in said if isinstance(event, TrackingUpdate)]
    looks = [event for event in said if isinstance(event, ParcelLooked)]
    labels = [event for event in said if isinstance(event, LabelBought)]
    # A row without a date is history too, but nobody knows when: it is no sign of life.
    dated = [row for row in rows if row.occurred_at is not None]
    scans = [row for row in dated if row.status is not TrackingStatus.INFO_RECEIVED]
    physical = [row for row in scans if row.status not in _NOT_PHYSICAL]
    statements = [_Statement(at(row), row.status, row.reason, row.source) for row in rows if not _of_page(row)]
    of_pages = [at(row) for row in physical if _of_page(row)]
    statements += [_headline(look, at(look), of_pages) for look in looks if look.outcome is LookOutcome.READ]
    status, reason, status_at = _settle(sorted(statements, key=lambda s: (s.at, s.source)))
    good = [look for look in looks if look.outcome in LOOKED]
    deliveries = [at(row) for row in physical if row.status is TrackingStatus.DELIVERED]
    return Shipment(
        tracking_number=number,
        carrier=carrier_id,
        status=status,
        reason=reason,
        known_since=_known_since(labels, [row for row in rows if not _of_page(row)], looks, at),
        first_scan_at=min((at(row) for row in physical), default=None),
        last_scan_at=max((at(row) for row in scans), default=None),
        delivered_at=(max(deliveries) if deliveries else status_at) if status is TrackingStatus.DELIVERED else None,
        estimated_delivery=_estimate(said),
        scans=tuple(sorted(rows, key=lambda row: (at(row), row.source, row.description or ""), reverse=True)),
        last_look=_last_look(looks, at(looks[-1])) if looks else None,
        last_good_look_at=max((at(look) for look in good), default=None),
        failing_since=_failing_since([(at(look), look.outcome) for look in looks]),
        origins=tuple(dict.fromkeys(event.source for event in sorted(said, key=at, reverse=True) if event.source)),
    )


def _known_since(
    labels: Sequence[Event], mails: Sequence[Event], looks: Sequence[Event], at: Callable[[Event], datetime]
) -> datetime | None:
    """A label ties a number to its order; without one, the first that mails or looks tell of it."""
    return min((at(event) for event in labels or (*mails, *looks)), default=None)


def _of_page(row: TrackingUpdate) -> bool:
    """Rows of a page are history; the page's headline speaks for them."""
    return row.source.startswith("look:")


def _headline(look: ParcelLooked, looked_at: datetime, scans: Sequence[datetime]) -> _Statement:
    """A page speaks for the time of its newest scan, so that a mail about something later still counts."""
    newest = max((scan for scan in scans if scan <= looked_at), default=None)
    return _Statement(newest or looked_at, look.status, look.reason, look.source, scanned=newest is not None)


def _settle(statements: Sequence[_Statement]) -> tuple[TrackingStatus, Reason | None, datetime | None]:
    status, reason, since = TrackingStatus.UNKNOWN, None, None
    for said in statements:
        if said.status is TrackingStatus.UNKNOWN:
            continue
        if said.status is TrackingStatus.INFO_RECEIVED and status is not TrackingStatus.UNKNOWN:
            continue
        if status is TrackingStatus.DELIVERED and not _undoes(said, since):
            continue
        if status is TrackingStatus.RETURNED and said.status not in _RETURN:
            continue
        if said.status is not status:
            since = said.at
        status, reason = said.status, said.reason or (reason if said.status is status else None)
    return status, reason, since


def _undoes(said: _Statement, delivered_at: datetime | None) -> bool:
    if said.status is TrackingStatus.DELIVERED or said.status in _RETURN:
        return True
    return said.scanned and delivered_at is not None and said.at > delivered_at


def _carrier(said: Sequence[Said]) -> str | None:
    """Who carries it: a page that was read knows best, then the carrier's own mail, then what the label said."""
    for kind in (ParcelLooked, TrackingUpdate, LabelBought):
        for event in reversed(said):
            if isinstance(event, kind) and event.carrier:
                if isinstance(event, ParcelLooked) and event.outcome is not LookOutcome.READ:
                    continue
                return event.carrier
    return None


def _estimate(said: Sequence[Said]) -> Window | None:
    for event in reversed(said):
        if isinstance(event, TrackingUpdate | ParcelLooked) and event.estimated_delivery:
            return event.estimated_delivery
    return None


def _last_look(looks: Sequence[ParcelLooked], at: datetime) -> LastLook:
    return LastLook(at=at, outcome=looks[-1].outcome, outcome_reason=looks[-1].outcome_reason)


def _failing_since(looks: Sequence[tuple[datetime, LookOutcome]]) -> datetime | None:
    since = None
    for at, outcome in looks:
        since = None if outcome in LOOKED else since or at
    return since
