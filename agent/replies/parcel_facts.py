"""What is known of the one parcel that a reply is about."""

from __future__ import annotations

from datetime import UTC, datetime

from agent.orders.order import Order, Shipment
from agent.orders.shipment import scanned_at
from agent.replies.days import day
from agent.replies.dialects import base
from agent.replies.plain import one_line
from agent.replies.words import words
from agent.risks.clauses import asks_for_signature, needs_signature
from agent.risks.parcels import is_abroad
from agent.risks.timers import DEFAULT
from agent.vocabulary.carriers import Carrier, carrier
from agent.vocabulary.status import Reason, TrackingStatus
from agent.vocabulary.values import Moment

_NOT_YET = (TrackingStatus.UNKNOWN, TrackingStatus.INFO_RECEIVED)
_COMING_BACK = (TrackingStatus.RETURNING, TrackingStatus.RETURNED)
_CUSTOMS = (Reason.CUSTOMS, Reason.CUSTOMS_HELD, Reason.CUSTOMS_FEE_DUE, Reason.CUSTOMS_DOCUMENTS)
_DELAYS = (Reason.DELAYED, Reason.WEATHER, Reason.HELD)


def parcel_facts(order: Order, parcel: Shipment, now: datetime, language: str) -> dict[str, str | None]:
    """What a reply may tell of this parcel; days are those that the buyer reads on the carrier's page."""
    known = carrier(parcel.carrier) if parcel.carrier else None
    told: dict[str, str | None] = {
        "carrier": carrier_name(parcel),
        "tracking_number": one_line(parcel.tracking_number, 40),
        "status": words(language, "status", _place_in_life(parcel)),
        "on_its_way": words(language, "on_its_way", _way(order, parcel, now)),
        "expected_date": _expected(order, parcel, now, language),
        "signature_needed": "yes" if _wants_signature(order, parcel) else None,
        **_to_collect(parcel, now, language),
        **_trace(order, parcel, now, language),
    }
    if parcel.posted_at is not None:
        told["ship_date"] = scan_day(parcel.posted_at, parcel, language)
    elif parcel.first_scan_at is None and parcel.status in _NOT_YET and parcel.known_since is not None:
        told["label_date"] = scan_day(parcel.known_since, parcel, language)
    if parcel.last_scan_at is not None:
        told["last_scan_date"] = scan_day(parcel.last_scan_at, parcel, language)
        told["last_scan_place"] = _last_place(parcel, known)
    if parcel.status is TrackingStatus.DELIVERED:
        told["delivered_date"] = scan_day(parcel.delivered_at, parcel, language) if parcel.delivered_at else None
        told["delivered_place"] = _delivered_place(parcel, language)
        told["left_with"] = words(language, "left_with", parcel.reason)
    elif parcel.status in _COMING_BACK:
        told["returning"] = words(language, "returning", parcel.status)
        told["return_reason"] = _return_reason(parcel, language)
    else:
        told["customs_need"] = words(language, "customs_need", parcel.reason)
    return told


def carrier_name(parcel: Shipment) -> str | None:
    """The carrier as people call it; None where nobody knows it."""
    known = carrier(parcel.carrier) if parcel.carrier else None
    return known.name if known else None


def scan_day(at: datetime, parcel: Shipment, language: str) -> str:
    """A scan's day as the carrier prints it, with its own offset if any: the day that the buyer reads on its page."""
    known = carrier(parcel.carrier) if parcel.carrier else None
    zone = known.zone if known else UTC
    printed = (scan.occurred_at for scan in parcel.scans if scan.occurred_at and scanned_at(scan, parcel) == at)
    moment: Moment = next(printed, at.astimezone(zone))
    return day(moment, language)


def town(name: str | None) -> str | None:
    """A place without the capitals that carriers shout: "SAINT PAUL MN" is Saint Paul MN."""
    line = one_line(name or "", 40)
    if line.isupper():
        line = " ".join(word if len(word) <= 2 else word.capitalize() for word in line.split(" "))
    return line or None


def place(city: str | None, postcode: str | None, language: str) -> str | None:
    """Town and postcode in the order in which the language writes them."""
    parts = (town(city), postcode) if base(language) == "en" else (postcode, town(city))
    return one_line(" ".join(part for part in parts if part), 60) or None


def _place_in_life(parcel: Shipment) -> str:
    """The status, or for what is held up on its way the reason that a buyer understands."""
    if parcel.status in (TrackingStatus.EXCEPTION, TrackingStatus.IN_TRANSIT):
        if parcel.reason in _CUSTOMS:
            return "customs"
        if parcel.reason in _DELAYS:
            return "delayed"
    return parcel.status.value


def _way(order: Order, parcel: Shipment, now: datetime) -> str:
    """As its place in life; a parcel whose silence is already watched is not simply on its way."""
    place = _place_in_life(parcel)
    silence = DEFAULT.stalled_watch_abroad if is_abroad(order, parcel) else DEFAULT.stalled_watch
    quiet = parcel.last_scan_at is not None and now - parcel.last_scan_at >= silence
    return "quiet" if quiet and place == TrackingStatus.IN_TRANSIT else place


def _expected(order: Order, parcel: Shipment, now: datetime, language: str) -> str | None:
    if parcel.status is TrackingStatus.AVAILABLE_FOR_PICKUP:
        return None  # nobody brings it any more: the buyer fetches it
    for window in (parcel.estimated_delivery, order.estimated_delivery):
        if window is None:
            continue
        last = window.max.date() if isinstance(window.max, datetime) else window.max
        if last >= now.astimezone(UTC).date():
            return day(last, language)
        return None  # the carrier's own forecast has passed: eBay's older one is no better
    return None


def _last_place(parcel: Shipment, known: Carrier | None) -> str | None:
    """The place of the scan that `last_scan_at` tells, not of an earlier one."""
    for scan in parcel.scans:
        if scan.status is TrackingStatus.INFO_RECEIVED or scan.occurred_at is None:
            continue
        place = scan.location
        return town(place.city) if place else None
    return None


def _delivered_place(parcel: Shipment, language: str) -> str | None:
    """Town and postcode only: never a street, never coordinates."""
    for scan in parcel.scans:
        if scan.status is TrackingStatus.DELIVERED and scan.location is not None:
            return place(scan.location.city, scan.location.postcode, language)
    return None


def _return_reason(parcel: Shipment, language: str) -> str | None:
    """The newest reason that explains a return; the scans of the way back give none."""
    reasons = (parcel.reason, *(scan.reason for scan in parcel.scans))
    return next((told for reason in reasons if reason and (told := words(language, "return_reason", reason))), None)


def _wants_signature(order: Order, parcel: Shipment) -> bool:
    """The number's own service says so, or eBay asks for it at this value (signature confirmation policy)."""
    if parcel.ended or parcel.status in _COMING_BACK:
        return False
    return asks_for_signature(parcel) or needs_signature(order) is True


def _to_collect(parcel: Shipment, now: datetime, language: str) -> dict[str, str | None]:
    if parcel.status is not TrackingStatus.AVAILABLE_FOR_PICKUP:
        return {}
    until = parcel.collect_by if parcel.collect_by and parcel.collect_by > now else None
    return {"to_collect": "yes", "collect_by": scan_day(until, parcel, language) if until else None}


def _trace(order: Order, parcel: Shipment, now: datetime, language: str) -> dict[str, str | None]:
    """The search for this parcel that the carrier was asked for, while its answer is still to come."""
    asked = next((one for one in reversed(order.traces) if one.tracking_number in parcel.numbers), None)
    if asked is None or asked.answered_at is not None:
        return {}
    by = asked.answer_by
    last = by.date() if isinstance(by, datetime) else by
    return {
        "trace_date": day(asked.opened_at, language),
        "trace_answer_by": day(last, language) if last and last >= now.astimezone(UTC).date() else None,
    }
