"""What an order's parcels tell together: one sent for another, a number corrected, one of several missing."""

from __future__ import annotations

from datetime import UTC, datetime

from agent.orders.order import Order, Shipment
from agent.replies.parcel_facts import carrier_name, scan_day
from agent.replies.plain import one_line
from agent.vocabulary.status import Reason, TrackingStatus

_NEVER = datetime.max.replace(tzinfo=UTC)
_COMPLAINTS = ("not_received", "where_is_it")
_WAS_TROUBLE = (Reason.LOST, Reason.DAMAGED)
_COMES_BACK = (TrackingStatus.RETURNING, TrackingStatus.RETURNED)


def facts_of_several(order: Order, language: str) -> dict[str, str | None]:
    """Facts about more than one parcel; empty where two readings are possible."""
    told: dict[str, str | None] = {}
    pair = _old_and_new(order)
    if pair and _is_correction(order, *pair):
        old, new = pair
        told |= {
            "old_number": one_line(old.tracking_number, 40),
            "corrected_number": one_line(new.tracking_number, 40),
            "corrected_carrier": carrier_name(new),
        }
    elif pair and _is_replacement(order, *pair):
        old, new = pair
        told |= {
            "replaced_number": one_line(old.tracking_number, 40),
            "replacement_number": one_line(new.tracking_number, 40),
            "replacement_carrier": carrier_name(new),
            "replacement_ship_date": scan_day(new.posted_at, new, language) if new.posted_at else None,
        }
    else:
        told |= _missing(order, language)
    return told


def _old_and_new(order: Order) -> tuple[Shipment, Shipment] | None:
    """The order's two parcels, the one first heard of before the other."""
    known = [parcel for parcel in order.shipments if parcel.known_since is not None]
    if len(order.shipments) != 2 or len(known) != 2:
        return None
    old, new = sorted(known, key=lambda parcel: parcel.known_since or _NEVER)
    return (old, new) if old.known_since != new.known_since else None


def _is_correction(order: Order, old: Shipment, new: Shipment) -> bool:
    """One thing was sold, nobody ever scanned the first number, and no complaint made a second parcel likely."""
    one_thing = sum(item.quantity for item in order.items) == 1
    return one_thing and old.first_scan_at is None and not old.ended and not _complained(order, old, new)


def _is_replacement(order: Order, old: Shipment, new: Shipment) -> bool:
    """The second parcel was made after the buyer missed the first one, or after that was lost or came back."""
    if old.status is TrackingStatus.DELIVERED and not _complained(order, old, new):
        return False
    reasons = {old.reason, *(scan.reason for scan in old.scans)}
    return _complained(order, old, new) or old.status in _COMES_BACK or bool(reasons.intersection(_WAS_TROUBLE))


def _complained(order: Order, old: Shipment, new: Shipment) -> bool:
    """Whether the buyer missed the parcel between the two labels."""
    missed = [case.opened_at for case in order.cases if case.kind == "inr"]
    missed += [message.at for message in order.messages if message.intent in _COMPLAINTS]
    if old.known_since is None or new.known_since is None:
        return False
    return any(old.known_since <= at <= new.known_since for at in missed)


def _missing(order: Order, language: str) -> dict[str, str | None]:
    """All parcels of an order but one are delivered."""
    open_parcels = [parcel for parcel in order.shipments if parcel.status is not TrackingStatus.DELIVERED]
    if len(order.shipments) < 2 or len(open_parcels) != 1 or open_parcels[0].status in _COMES_BACK:
        return {}
    missing = open_parcels[0]
    return {
        "parcel_count": str(len(order.shipments)),
        "delivered_count": str(len(order.shipments) - 1),
        "missing_number": one_line(missing.tracking_number, 40),
        "missing_carrier": carrier_name(missing),
        "missing_last_scan_date": scan_day(missing.last_scan_at, missing, language) if missing.last_scan_at else None,
    }
