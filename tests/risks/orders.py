"""Sample orders for judging. Today is Thursday, 5 March 2026, noon in London: no holiday, no peak season is near."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from agent.orders.order import Cancellation, Case, Contact, HumanWord, LastLook, Order, Received, Shipment
from agent.risks.assess import assess
from agent.risks.risk import Risk
from agent.vocabulary.events import TrackingUpdate
from agent.vocabulary.status import LookOutcome, TrackingStatus
from agent.vocabulary.values import Address, Item, Money, Place, Window

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 3, 5, 12, 0, tzinfo=LONDON)


def ago(days: float = 0, hours: float = 0) -> datetime:
    """That long before now."""
    return NOW - timedelta(days=days, hours=hours)


def order(**facts: Any) -> Order:
    """A paid British order of GBP 30, to be shipped by 20 February, without any estimate."""
    plain: dict[str, Any] = {
        "order_id": "12-34567-89012",
        "site": "EBAY_GB",
        "buyer": "anna",
        "items": (Item(title="Teapot", quantity=1),),
        "total": Money(Decimal(30), "GBP"),
        "ship_to": Address(city="Leeds", postcode="LS1 4AP", country="GB"),
        "sold_at": ago(16),
        "paid_at": ago(16),
        "ship_by": date(2026, 2, 20),
        "origins": (("estimated_delivery", "mail:sale"), ("ship_by", "mail:sale"), ("sold_at", "mail:sale")),
    }
    return Order(**{**plain, **facts})


def scan(at: datetime, status: TrackingStatus = TrackingStatus.IN_TRANSIT, city: str = "Leeds") -> TrackingUpdate:
    return TrackingUpdate(
        occurred_at=at, status=status, tracking_number="AB123456785GB", location=Place(city=city), source="look:scan"
    )


def parcel(**facts: Any) -> Shipment:
    """A Royal Mail parcel with a label of 19 February, looked at an hour ago, not scanned."""
    plain: dict[str, Any] = {
        "tracking_number": "RB123456785GB",
        "carrier": "royal-mail",
        "status": TrackingStatus.INFO_RECEIVED,
        "known_since": ago(14),
        "uploaded_at": ago(14),
        "last_look": LastLook(at=ago(hours=1), outcome=LookOutcome.READ),
        "last_good_look_at": ago(hours=1),
        "origins": ("look:1", "mail:label"),
    }
    return Shipment(**{**plain, **facts})


def moving(last_scan: datetime, **facts: Any) -> Shipment:
    """The parcel in transit since 13 days ago, last scanned then."""
    plain = {
        "status": TrackingStatus.IN_TRANSIT,
        "first_scan_at": ago(13),
        "posted_at": ago(13),
        "last_scan_at": last_scan,
    }
    return parcel(**{**plain, "scans": (scan(last_scan),), **facts})


def delivered(at: datetime, **facts: Any) -> Shipment:
    """The parcel, delivered."""
    done = scan(at, TrackingStatus.DELIVERED)
    plain = {"status": TrackingStatus.DELIVERED, "delivered_at": at, "scans": (done,)}
    return moving(at, **{**plain, **facts})


def unseen(shipment: Shipment, since: datetime) -> Shipment:
    """The same parcel, every look at it blocked since then."""
    blocked = LastLook(at=ago(hours=1), outcome=LookOutcome.BLOCKED)
    return replace(shipment, last_look=blocked, last_good_look_at=since - timedelta(hours=6), failing_since=since)


def request(opened: datetime, **facts: Any) -> Case:
    """An item-not-received request."""
    plain = {"kind": "inr", "state": "open", "opened_at": opened, "request_id": "5300001", "origins": ("mail:inr",)}
    return Case(**{**plain, **facts})


def complaint(at: datetime, **facts: Any) -> Received:
    plain: dict[str, Any] = {"at": at, "intent": "not_received", "text": "It never came.", "source": "mail:complaint"}
    return Received(**{**plain, **facts})


def cancel(asked: datetime, **facts: Any) -> Cancellation:
    plain: dict[str, Any] = {"state": "requested", "requested_at": asked, "origins": ("mail:cancel",)}
    return Cancellation(**{**plain, **facts})


def answer(at: datetime, state: Any = "sent") -> Contact:
    return Contact(at=at, state=state)


def handled(at: datetime, risk: str | None = None) -> HumanWord:
    return HumanWord(at=at, kind="handled", risk=risk)


def estimate(last: date) -> Window:
    return Window(last - timedelta(days=3), last)


def risks(subject: Order, now: datetime = NOW) -> dict[str, Risk]:
    """The order's risks by id."""
    return {risk.id: risk for risk in assess(subject, now).risks}
