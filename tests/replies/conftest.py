"""Sample orders that replies are written for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from agent.orders.order import Cancellation, Order, Received, Shipment
from agent.risks.risk import Deadline, Risk
from agent.vocabulary.events import TrackingUpdate
from agent.vocabulary.status import Reason, TrackingStatus
from agent.vocabulary.values import Address, Item, Money, Place, Window

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
NUMBER = "9400111899223197428490"


@pytest.fixture
def now() -> datetime:
    """Friday, 20 November 2026, 09:00 UTC."""
    return NOW


@pytest.fixture
def parcel() -> Shipment:
    """A parcel on its way, last scanned in Memphis."""
    scan = TrackingUpdate(
        tracking_number=NUMBER,
        carrier="usps",
        status=TrackingStatus.IN_TRANSIT,
        occurred_at=datetime(2026, 11, 16, 14, 5),
        location=Place(city="Memphis", postcode="38101", country="US"),
    )
    return Shipment(
        tracking_number=NUMBER,
        carrier="usps",
        status=TrackingStatus.IN_TRANSIT,
        first_scan_at=datetime(2026, 11, 13, 20, 0, tzinfo=UTC),
        posted_at=datetime(2026, 11, 13, 20, 0, tzinfo=UTC),
        last_scan_at=datetime(2026, 11, 16, 20, 5, tzinfo=UTC),
        estimated_delivery=Window(date(2026, 11, 23), date(2026, 11, 25)),
        scans=(scan,),
    )


@pytest.fixture
def message() -> Received:
    """The buyer's question, with the alias and the reference that an answer needs."""
    return Received(
        at=datetime(2026, 11, 19, 18, 0, tzinfo=UTC),
        intent="not_received",
        text="Hello, where is my parcel? I have been waiting for it.",
        reference_id="[#76c7a519878342c1975343bb626dbc5b#]",
        reply_to="a1b2c3d4e5f6a7b8c9@members.ebay.com",
        subject="quiet_reader sent a message about Brass desk lamp #254012345678",
        message_id="<m1@members.ebay.com>",
        evidence="order_number",
    )


@pytest.fixture
def order(parcel: Shipment, message: Received) -> Order:
    """A lamp for Anna Example, in transit; she has written."""
    return Order(
        order_id="27-13930-98148",
        site="EBAY_US",
        buyer="quiet_reader",
        items=(Item(title="Brass desk lamp, 1930s, rewired", item_id="254012345678"),),
        total=Money(Decimal("84.00"), "USD"),
        ship_to=Address(name="Anna Example", city="Portland", postcode="97201", country="US"),
        shipments=(parcel,),
        messages=(message,),
    )


@pytest.fixture
def delivered(order: Order, parcel: Shipment) -> Order:
    """The same order, delivered in Portland to a neighbour."""
    at = datetime(2026, 11, 18, 22, 30, tzinfo=UTC)
    scan = TrackingUpdate(
        tracking_number=NUMBER,
        status=TrackingStatus.DELIVERED,
        occurred_at=datetime(2026, 11, 18, 14, 30),
        location=Place(city="Portland", postcode="97201"),
    )
    there = replace(
        parcel,
        status=TrackingStatus.DELIVERED,
        reason=Reason.LEFT_WITH_NEIGHBOUR,
        delivered_at=at,
        last_scan_at=at,
        scans=(scan, *parcel.scans),
    )
    return replace(order, shipments=(there,))


@pytest.fixture
def cancelling(order: Order) -> Order:
    """The same order, before anything was scanned, with a request to cancel."""
    asked = Cancellation(state="requested", request_id="5378488528", respond_by=date(2026, 11, 22))
    return replace(order, shipments=(), cancellation=asked)


@pytest.fixture
def risk() -> Callable[..., Risk]:
    """Make a risk of an id."""

    def make(name: str, **more: Any) -> Risk:
        fields: dict[str, Any] = {"severity": "P1", "since": NOW, "episode": "1", "deadline": Deadline(), **more}
        return Risk(id=name, **fields)

    return make
