"""Where the parcel of a plan stands, in the words of the matrices. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Literal

from agent.orders.order import Order, Shipment
from agent.risks.clock import Clock
from agent.risks.parcels import delivered_parcel, is_scanned, live_parcels, was_read_recently
from agent.risks.risk import Risk
from agent.risks.timers import DEFAULT, Timers
from agent.vocabulary.status import Reason, TrackingStatus

Phase = Literal[
    "before_label", "label", "handed_over", "in_transit", "out_for_delivery", "delivered", "returning", "returned"
]
"""How far a cancellation comes too late."""
Stand = Literal[
    "none",
    "label",
    "no_scan",
    "moving",
    "slow",
    "stalled",
    "waiting",
    "customs",
    "address",
    "refused",
    "returning",
    "returned",
    "lost",
    "damaged",
    "elsewhere",
    "delivered",
    "unseen",
]
"""What keeps a parcel from the buyer."""

_GOING_BACK: dict[TrackingStatus, Stand] = {
    TrackingStatus.RETURNING: "returning",
    TrackingStatus.RETURNED: "returned",
}
_OF_RISK: dict[str, Stand] = {
    "lost_declared": "lost",
    "damaged_in_transit": "damaged",
    "refused_by_buyer": "refused",
    "customs_hold": "customs",
    "customs_refused_unpaid": "customs",
    "address_undeliverable": "address",
    "pickup_expiring": "waiting",
    "delivery_attempted": "waiting",
    "no_first_scan": "no_scan",
}
"""What a judged risk says of its parcel, the gravest first."""
_URGENT = ("P1", "P2")
_STILL_THERE = timedelta(days=2)
"""After so long nobody at the counter has the parcel any more, whatever the tracking says."""


def parcel_in_question(order: Order, risks: Sequence[Risk]) -> Shipment | None:
    """The parcel that the gravest risk names; else one that is still on its way, else the last."""
    named = next((risk.tracking_number for risk in risks if risk.tracking_number), None)
    found = next((parcel for parcel in order.shipments if named is not None and named in parcel.numbers), None)
    live = live_parcels(order)
    return found or (live[-1] if live else order.shipments[-1] if order.shipments else None)


def parcel_to_stop(order: Order) -> Shipment | None:
    """The parcel that a cancellation is about: the last that a carrier has, else the last label."""
    scanned = [parcel for parcel in order.shipments if is_scanned(parcel)]
    return next(reversed(scanned or order.shipments), None)


def phase_of(parcel: Shipment | None, now: datetime) -> Phase:
    """How far the parcel has got. Handed over: the carrier took it in these days, and said nothing more yet."""
    if parcel is None:
        return "before_label"
    if parcel.status is TrackingStatus.DELIVERED:
        return "delivered"
    if parcel.status is TrackingStatus.RETURNED:
        return "returned"
    if parcel.status is TrackingStatus.RETURNING:
        return "returning"
    if not is_scanned(parcel):
        return "label"
    if parcel.status is TrackingStatus.OUT_FOR_DELIVERY:
        return "out_for_delivery"
    lately = parcel.last_scan_at is not None and now - parcel.last_scan_at < _STILL_THERE
    return "handed_over" if parcel.reason is Reason.ACCEPTED and lately else "in_transit"


def was_seen(parcel: Shipment, now: datetime, timers: Timers = DEFAULT) -> bool:
    """Whether the parcel's page was read lately."""
    return was_read_recently(parcel, Clock(now), timers)


def was_refused(parcel: Shipment) -> bool:
    """Whether a scan says that the buyer did not take it."""
    return Reason.REFUSED in {parcel.reason, *(scan.reason for scan in parcel.scans)}


def stand_of(order: Order, parcel: Shipment | None, risks: Collection[Risk], seen: bool) -> Stand:
    """What keeps the parcel from the buyer, as the risks that were judged tell it.

    What rests on silence was judged from a page that was read lately; a parcel of which nothing was read is `unseen`.
    """
    if parcel is None:
        return "none"
    own = [risk for risk in risks if risk.tracking_number in (None, *parcel.numbers)]
    ids = {risk.id for risk in own}
    if any(risk.id == "delivered_elsewhere" and risk.severity in _URGENT for risk in own):
        return "elsewhere"
    if parcel.status is TrackingStatus.RETURNING and (was_refused(parcel) or "customs_refused_unpaid" in ids):
        return "refused"
    if parcel.status in _GOING_BACK and "refused_by_buyer" not in ids:
        return _GOING_BACK[parcel.status]
    if parcel is delivered_parcel(order) or parcel.status is TrackingStatus.DELIVERED:
        return "delivered"
    for risk_id, stand in _OF_RISK.items():
        if risk_id in ids:
            return stand
    if parcel.status is TrackingStatus.AVAILABLE_FOR_PICKUP:
        return "waiting"
    stalled = next((risk for risk in own if risk.id == "stalled_in_transit"), None)
    if stalled is not None:
        return "stalled" if stalled.severity in _URGENT else "slow"
    if not seen or parcel.status is TrackingStatus.UNKNOWN:
        return "unseen"
    return "moving" if is_scanned(parcel) else "label"
