"""The JSON shapes that users script against (`orders`, `show`, `status`, `read`, `number`, `page`, `look`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from agent.digest.day import Day
from agent.orders.order import Leg, Shipment
from agent.orders.shipment import scanned_at
from agent.policies.decision import held
from agent.risks.protection import Protection
from agent.risks.risk import Deadline, Notice, Risk
from agent.store.looks import Kept
from agent.store.orders import Judged
from agent.store.outbox import OutboxRow
from agent.vocabulary.events import Event
from agent.vocabulary.numbers import Candidate
from agent.vocabulary.status import LookOutcome
from agent.vocabulary.values import Item, Moment, Money
from mail.reader import Reading
from scrapers.look import Look, PageReading, Tracked

_OURS = ("seen_at", "source", "site")
"""What the pipeline stamps on an event; `read` prints what the mail says."""


def plain(value: Any) -> Any:
    """Any frozen value of ours as JSON data: absent facts left out, amounts as numbers, times in ISO 8601."""
    if isinstance(value, Money):
        return {"value": float(value.value), "currency": value.currency}
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(v) for f in fields(value) if (v := getattr(value, f.name)) not in (None, (), "")}
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def moment(value: date) -> str:
    """ISO 8601: an offset only where the source named one, seconds only where they say something."""
    if not isinstance(value, datetime):
        return value.isoformat()
    exact = "seconds" if value.second else "minutes"
    return value.isoformat(timespec=exact if value.tzinfo is None else "seconds")


def of_event(event: Event) -> dict[str, Any]:
    """An event as `read` prints it: `type` first."""
    data = {name: value for name, value in plain(event).items() if name not in _OURS}
    kind = data.pop("type")
    return {"type": kind, **data}


def of_reading(file: str, reading: Reading) -> dict[str, Any]:
    return {
        "file": file,
        "message_id": reading.message_id,
        "from": reading.sender,
        "subject": reading.subject,
        "date": plain(reading.date),
        "authenticity": reading.authenticity.value,
        "authenticity_reason": reading.authenticity_reason,
        "reader": reading.reader,
        "unread": plain(reading.unread),
        "events": [of_event(event) for event in reading.events],
    }


def of_unopened(file: str, why: str) -> dict[str, Any]:
    """A file that cannot be opened, in the shape of `read`."""
    names = ("message_id", "from", "subject", "date")
    verdict = {"authenticity": "unverified", "authenticity_reason": "nothing was read", "reader": None}
    return {"file": file, **dict.fromkeys(names), **verdict, "unread": "unreadable", "events": [], "error": why}


def of_number(number: str, normalized: str, found: Sequence[Candidate]) -> dict[str, Any]:
    return {"number": number, "normalized": normalized, "candidates": [plain(one) for one in found]}


def of_page(file: str, reading: PageReading, carrier: str | None) -> list[dict[str, Any]]:
    """One object per parcel of a saved page; one without a parcel where it could not be read."""
    base = {"file": file, "url": None}
    tail = {"outcome": reading.outcome.value, "outcome_reason": reading.outcome_reason}
    if not reading.parcels:
        return [{**base, "carrier": carrier, "reader": None, **tail, **_nothing()}]
    return [{**base, **_of_tracked(parcel, tail)} for parcel in reading.parcels]


def of_unopened_page(file: str, why: str) -> dict[str, Any]:
    """A file that cannot be opened, in the shape of `page`."""
    tail = {"outcome": LookOutcome.UNREACHABLE.value, "outcome_reason": why}
    return {"file": file, "url": None, "carrier": None, "reader": None, **tail, **_nothing()}


def of_look(look: Look) -> dict[str, Any]:
    tail = {"outcome": look.outcome.value, "outcome_reason": look.outcome_reason}
    base: dict[str, Any] = {"at": plain(look.at), "url": look.evidence.url if look.evidence else None}
    if look.tracked is None:
        return {**base, "carrier": look.carrier, "reader": None, **tail, **_nothing(look.tracking_number)}
    return {**base, **_of_tracked(look.tracked, tail)}


def _nothing(number: str | None = None) -> dict[str, Any]:
    return {"tracking_number": number, "status": None, "reason": None, "estimated_delivery": None, "events": []}


def _of_tracked(parcel: Tracked, tail: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "carrier": parcel.carrier,
        "reader": parcel.reader,
        **tail,
        "tracking_number": parcel.tracking_number,
        "status": parcel.status.value,
        "reason": plain(parcel.reason),
        "headline": parcel.headline,
        "estimated_delivery": plain(parcel.estimated_delivery),
        "events": [
            {
                "occurred_at": plain(scan.occurred_at),
                "raw_time": scan.raw_time,
                "location": scan.location,
                "description": scan.description,
                "status": scan.status.value,
                "reason": plain(scan.reason),
                "classified_by": scan.classified_by,
            }
            for scan in parcel.scans
        ],
    }


def of_orders(judged: Sequence[Judged], notices: Sequence[Notice], protection: Mapping[str, Protection]) -> Any:
    return {
        "orders": [of_order(one, protection[one.order.order_id]) for one in judged],
        "notices": [plain(notice) for notice in notices],
    }


def of_order(one: Judged, protection: Protection) -> dict[str, Any]:
    order = one.order
    return {
        "order_id": order.order_id,
        "site": order.site,
        "buyer": order.buyer,
        "total": plain(order.total) if order.total else None,
        "items": [_item(item) for item in order.items],
        "sold_at": plain(order.sold_at),
        "ship_by": plain(order.ship_by),
        "estimated_delivery": plain(order.estimated_delivery),
        "shipments": [_shipment(parcel) for parcel in order.shipments],
        "risks": [_risk(risk) for risk in one.risks],
        "hold": held(one.decisions),
        "protection": _protection(protection),
    }


def of_story(
    one: Judged, protection: Protection, log: Sequence[Event], names: Mapping[str, str], kept: Sequence[Kept] = ()
) -> dict[str, Any]:
    """`show`: the order with everything that led to it, and each decision with the policies that lost."""
    return {
        **of_order(one, protection),
        "ship_to": plain(one.order.ship_to),
        "cases": [plain(case) for case in one.order.cases],
        "cancellation": plain(one.order.cancellation),
        "contacts": [plain(contact) for contact in one.order.contacts],
        "notes": [plain(word) for word in one.order.human],
        "origins": dict(one.order.origins),
        "sources": dict(names),
        "events": [{"source": event.source, "seen_at": plain(event.seen_at), **of_event(event)} for event in log],
        "decisions": [plain(decision) for decision in one.decisions],
        "evidence": [{name: plain(value) for name, value in asdict(snapshot).items()} for snapshot in kept],
    }


def _protection(protection: Protection) -> dict[str, Any]:
    return {
        "verdict": protection.verdict,
        "clauses": plain(protection.clauses),
        "why": {clause.name: clause.why for clause in protection.details},
        "repairs": [
            {"clause": clause.name, "text": clause.repair, "until": plain(clause.until)}
            for clause in protection.repairs
        ],
    }


def _item(item: Item) -> dict[str, Any]:
    return {
        "title": item.title,
        "item_id": item.item_id,
        "quantity": item.quantity,
        "price": plain(item.price) if item.price else None,
    }


def _shipment(parcel: Shipment) -> dict[str, Any]:
    look = parcel.last_look
    return {
        "carrier": parcel.carrier,
        "tracking_number": parcel.tracking_number,
        "status": parcel.status.value,
        "reason": plain(parcel.reason),
        "last_scan_at": plain(_as_said(parcel, parcel.last_scan_at)),
        "delivered_at": plain(_as_said(parcel, parcel.delivered_at)),
        "estimated_delivery": plain(parcel.estimated_delivery),
        "last_look": {"at": plain(look.at), "outcome": look.outcome.value} if look else None,
        "legs": [_leg(leg) for leg in parcel.legs],
    }


def _leg(leg: Leg) -> dict[str, Any]:
    look = leg.last_look
    return {
        "carrier": leg.carrier,
        "tracking_number": leg.tracking_number,
        "status": leg.status.value,
        "last_look": {"at": plain(look.at), "outcome": look.outcome.value} if look else None,
        "named_by": leg.named_by or None,
    }


def _as_said(parcel: Shipment, at: datetime | None) -> Moment | None:
    """A scan's time as the carrier printed it: judging reads a local clock in a zone, `--json` adds none to it."""
    return next((scan.occurred_at for scan in parcel.scans if scan.occurred_at and scanned_at(scan, parcel) == at), at)


def _risk(risk: Risk) -> dict[str, Any]:
    return {
        "id": risk.id,
        "severity": risk.severity,
        "since": plain(risk.since),
        "superseded": risk.superseded,
        "handled": risk.handled,
        "deadline": of_deadline(risk.deadline),
        "because": list(risk.because),
        "summary": risk.summary,
        "advice": risk.advice,
    }


def of_draft(row: OutboxRow) -> dict[str, Any]:
    """A reply with every key, absent facts as null."""
    return {field.name: plain(getattr(row, field.name)) for field in fields(row)}


def of_deadline(deadline: Deadline) -> dict[str, Any]:
    return {name: plain(getattr(deadline, name)) for name in ("conservative", "nominal", "printed", "act_by")}


def of_status(day: Day, outbox: Mapping[str, int]) -> dict[str, Any]:
    """Is every part alive; what was read, looked at, missed since the last digest."""
    states = ("awaiting_approval", "queued", "unknown", "sent", "failed")
    return {
        "at": plain(day.at),
        "mode": day.mode.value,
        "mailboxes": [
            {
                "name": box.name,
                "alive": box.alive,
                "last_read_at": plain(box.last_read_at),
                "read": box.read,
                "unread": box.unread,
                "hostile": box.hostile,
                "error": box.error,
            }
            for box in day.mailboxes
        ],
        "carriers": [
            {
                "carrier": one.carrier,
                "looks": one.looks,
                "read": one.read,
                "not_found": one.not_found,
                "blocked": one.blocked,
                "layout_changed": one.layout_changed,
                "unreachable": one.unreachable,
                "last_error": one.last_error,
            }
            for one in day.carriers
        ],
        "outbox": {state: outbox.get(state, 0) for state in states},
        "cases": len(day.cases),
        "orders_watched": day.orders_watched,
        "refused": list(day.refused),
    }


def local(value: datetime | None, zone: ZoneInfo) -> str:
    """A time for the terminal: `Wed 25 Nov 15:00`, or a dash."""
    return value.astimezone(zone).strftime("%a %d %b %H:%M") if value else "—"
