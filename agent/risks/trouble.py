"""What a carrier itself says is wrong with a parcel.

Most rest on a scan that was made, so they need no recent look; what rests on waiting (customs, pick-up) does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from agent.enquiries.window import claim_window
from agent.orders.order import Order, Shipment
from agent.risks.catalogue import risk
from agent.risks.clock import Clock
from agent.risks.deadlines import business_days_after, business_deadline
from agent.risks.parcels import live_parcels, was_read_recently
from agent.risks.risk import Deadline, Risk, Severity
from agent.risks.sentences import distinct, last_seen, parcel_name, seen
from agent.risks.standing import is_settled
from agent.risks.timers import Timers, in_season
from agent.vocabulary.status import Reason, TrackingStatus


@dataclass(frozen=True)
class _Trouble:
    id: str
    severity: Severity
    business_days: int | None
    says: str
    advice: str
    since: datetime | None = None
    """Where it is not the last scan."""


_OF_REASON = {
    Reason.LOST: _Trouble("lost_declared", "P1", 1, "is lost", "Resend or refund in eBay, and file the claim."),
    Reason.DAMAGED: _Trouble(
        "damaged_in_transit", "P2", 2, "is damaged", "Ask for photographs, offer a replacement, and file the claim."
    ),
    Reason.ADDRESS_PROBLEM: _Trouble(
        "address_undeliverable", "P2", 2, "has an address problem", "Check the address and have the carrier correct it."
    ),
    Reason.REFUSED: _Trouble(
        "refused_by_buyer", "P2", 2, "was refused", "Keep the scan as evidence and wait for the parcel to come back."
    ),
    Reason.CUSTOMS_DOCUMENTS: _Trouble(
        "customs_hold", "P2", 5, "waits at customs for papers", "Send the invoice and the contents to the carrier."
    ),
    Reason.CUSTOMS_FEE_DUE: _Trouble(
        "customs_hold", "P2", 5, "waits at customs for the buyer to pay", "Tell the buyer whom to pay, and by when."
    ),
}
_RETURNING = _Trouble(
    "return_to_sender", "P2", None, "is on its way back", "Tell the buyer; once it is back, resend or refund in eBay."
)
_RETURNED = _Trouble(
    "return_to_sender", "P2", 2, "is back with you", "Inspect it within two business days, then resend or refund."
)
_UNPAID = _Trouble(
    "customs_refused_unpaid",
    "P2",
    2,
    "was not let in, because the customs charge was not paid",
    "Keep the scans as evidence: paying the charge is the buyer's duty, and not your loss.",
)
_ATTEMPTED = _Trouble(
    "delivery_attempted", "P3", None, "could not be handed over", "Ask the buyer to collect it or to arrange delivery."
)
_UNCOLLECTED = _Trouble(
    "pickup_expiring", "P2", 2, "still waits to be collected", "Remind the buyer before the carrier sends it back."
)
_HELD = _Trouble(
    "customs_hold", "P3", 5, "is still held by customs", "Ask the carrier what customs wants, and tell the buyer."
)
_GOING_BACK = (TrackingStatus.RETURNING, TrackingStatus.RETURNED)
_AT_CUSTOMS = (Reason.CUSTOMS, Reason.CUSTOMS_HELD)


@risk
def parcel_trouble(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """The carrier says lost, damaged, refused, held, coming back: each by its own id of the catalogue."""
    if is_settled(order):
        return
    returned = tuple(p for p in order.shipments if p.status is TrackingStatus.RETURNED)
    for parcel in (*live_parcels(order), *returned):
        for trouble in _troubles(order, parcel, clock, timers):
            since = trouble.since or parcel.last_scan_at or parcel.known_since
            if since is None:
                continue
            deadline = Deadline()
            if trouble.business_days is not None:
                deadline = business_deadline(since, trouble.business_days, order.site, margin=timers.margin)
            if parcel.reason in (Reason.LOST, Reason.DAMAGED) and (window := claim_window(order, parcel, since)):
                deadline = replace(deadline, nominal=window.claim_close or deadline.nominal)
            yield Risk(
                id=trouble.id,
                severity=trouble.severity,
                since=since,
                episode=f"{parcel.tracking_number}:{parcel.status}:{parcel.reason or ''}",
                deadline=deadline,
                because=distinct(seen(parcel)),
                summary=f"The {parcel_name(parcel)} {trouble.says} (last scan {last_seen(parcel)}).",
                advice=trouble.advice,
                tracking_number=parcel.tracking_number,
            )


def _troubles(order: Order, parcel: Shipment, clock: Clock, timers: Timers) -> Iterator[_Trouble]:
    unpaid = _is_unpaid(parcel)
    if unpaid:
        yield _UNPAID
    if parcel.status in _GOING_BACK:
        yield _RETURNED if parcel.status is TrackingStatus.RETURNED else _RETURNING
    elif parcel.reason in _OF_REASON:
        if not unpaid:
            yield _OF_REASON[parcel.reason]
    elif parcel.last_scan_at is not None:
        yield from _waiting(order, parcel, parcel.last_scan_at, clock, timers)


def _waiting(order: Order, parcel: Shipment, last_scan: datetime, clock: Clock, timers: Timers) -> Iterator[_Trouble]:
    """Where nothing is wrong yet, and time makes it so."""
    if parcel.status is TrackingStatus.AVAILABLE_FOR_PICKUP:
        due = last_scan + timers.pickup_waiting
        if parcel.collect_by is not None and parcel.collect_by > last_scan:
            due = max(parcel.collect_by - timers.pickup_before_return, last_scan)
        if clock.passed(due) and was_read_recently(parcel, clock, timers):
            yield replace(_UNCOLLECTED, since=due)
    elif parcel.reason in _AT_CUSTOMS:
        watch = _customs(order, last_scan, timers.customs_watch_business_days, timers)
        high = _customs(order, last_scan, timers.customs_high_business_days, timers)
        if clock.passed(watch) and was_read_recently(parcel, clock, timers):
            yield replace(_HELD, since=watch, severity="P2" if clock.passed(high) else "P3")
    elif parcel.status is TrackingStatus.DELIVERY_ATTEMPTED:
        yield _ATTEMPTED


def _customs(order: Order, last_scan: datetime, days: int, timers: Timers) -> datetime:
    return business_days_after(last_scan, in_season(days, last_scan, timers), order.site)


def _is_unpaid(parcel: Shipment) -> bool:
    """Whether it was refused or goes back after customs asked the buyer for money (eBay: no loss of the seller's)."""
    asked = parcel.reason is Reason.CUSTOMS_FEE_DUE or any(row.reason is Reason.CUSTOMS_FEE_DUE for row in parcel.scans)
    over = parcel.status in _GOING_BACK or parcel.reason in (Reason.REFUSED, Reason.UNCLAIMED)
    return asked and over
