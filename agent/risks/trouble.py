"""What a carrier itself says is wrong with a parcel.

Most rest on a scan that was made, so they need no recent look; what rests on waiting (customs, pick-up) does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from agent.orders.order import Order, Shipment
from agent.risks.catalogue import risk
from agent.risks.clock import Clock
from agent.risks.deadlines import business_deadline
from agent.risks.parcels import live_parcels, was_read_recently
from agent.risks.risk import Deadline, Risk, Severity
from agent.risks.sentences import distinct, last_seen, parcel_name, seen
from agent.risks.standing import is_settled
from agent.risks.timers import Timers
from agent.vocabulary.status import Reason, TrackingStatus


@dataclass(frozen=True)
class _Trouble:
    id: str
    severity: Severity
    business_days: int | None
    says: str
    advice: str


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
_ATTEMPTED = _Trouble(
    "delivery_attempted", "P3", None, "could not be handed over", "Ask the buyer to collect it or to arrange delivery."
)
_UNCOLLECTED = _Trouble(
    "pickup_expiring", "P2", 2, "still waits to be collected", "Remind the buyer before the carrier sends it back."
)
_HELD = _Trouble(
    "customs_hold", "P2", 5, "is still held by customs", "Ask the carrier what customs wants, and tell the buyer."
)


@risk
def parcel_trouble(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """The carrier says lost, damaged, refused, held, coming back: each by its own id of the catalogue."""
    if is_settled(order):
        return
    returned = tuple(p for p in order.shipments if p.status is TrackingStatus.RETURNED)
    for parcel in (*live_parcels(order), *returned):
        since = parcel.last_scan_at or parcel.known_since
        trouble = _trouble(parcel, clock, timers)
        if trouble is None or since is None:
            continue
        deadline = Deadline()
        if trouble.business_days is not None:
            deadline = business_deadline(since, trouble.business_days, order.site, margin=timers.margin)
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


def _trouble(parcel: Shipment, clock: Clock, timers: Timers) -> _Trouble | None:
    if parcel.status is TrackingStatus.RETURNED:
        return _RETURNED
    if parcel.status is TrackingStatus.RETURNING:
        return _RETURNING
    if parcel.reason in _OF_REASON:
        return _OF_REASON[parcel.reason]
    if parcel.last_scan_at is None:
        return None
    if parcel.status is TrackingStatus.AVAILABLE_FOR_PICKUP:
        due = clock.passed(parcel.last_scan_at + timers.pickup_waiting)
        return _UNCOLLECTED if due and was_read_recently(parcel, clock, timers) else None
    if parcel.reason is Reason.CUSTOMS_HELD:
        due = clock.passed(parcel.last_scan_at + timers.customs_held)
        return _HELD if due and was_read_recently(parcel, clock, timers) else None
    return _ATTEMPTED if parcel.status is TrackingStatus.DELIVERY_ATTEMPTED else None
