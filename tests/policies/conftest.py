"""Orders, risks and situations that policies are asked about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from agent.orders.order import Order, Shipment
from agent.policies.situation import Matter, Situation
from agent.risks.risk import Deadline, Risk
from agent.vocabulary.status import TrackingStatus
from agent.vocabulary.values import Address, Item, Money

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
NUMBER = "9400111899223197428490"

MakeParcel = Callable[..., Shipment]
MakeOrder = Callable[..., Order]
MakeRisk = Callable[..., Risk]
MakeMatter = Callable[..., Matter]


@pytest.fixture
def now() -> datetime:
    """Friday, 20 November 2026, 09:00 UTC."""
    return NOW


@pytest.fixture
def make_parcel() -> MakeParcel:
    """A parcel in transit, last scanned four days ago, looked at an hour ago."""

    def make(**more: Any) -> Shipment:
        fields: dict[str, Any] = {
            "tracking_number": NUMBER,
            "carrier": "usps",
            "status": TrackingStatus.IN_TRANSIT,
            "last_scan_at": NOW - timedelta(days=4),
            "last_good_look_at": NOW - timedelta(hours=1),
            **more,
        }
        return Shipment(**fields)

    return make


@pytest.fixture
def make_order(make_parcel: MakeParcel) -> MakeOrder:
    """An American order of USD 84 with one parcel."""

    def make(**more: Any) -> Order:
        fields: dict[str, Any] = {
            "order_id": "27-13930-98148",
            "site": "EBAY_US",
            "buyer": "quiet_reader",
            "items": (Item(title="Brass desk lamp"),),
            "total": Money(Decimal(84), "USD"),
            "ship_to": Address(name="Anna Example", country="US"),
            "shipments": (make_parcel(),),
            **more,
        }
        return Order(**fields)

    return make


@pytest.fixture
def make_risk() -> MakeRisk:
    """A stalled parcel, since yesterday."""

    def make(name: str = "stalled_in_transit", **more: Any) -> Risk:
        fields: dict[str, Any] = {
            "severity": "P2",
            "since": NOW - timedelta(days=1),
            "episode": "scan-1",
            "deadline": Deadline(act_by=NOW + timedelta(hours=30)),
            "summary": "no scan since 16 November",
            **more,
        }
        return Risk(id=name, **fields)

    return make


@pytest.fixture
def make_matter(make_order: MakeOrder, make_risk: MakeRisk) -> MakeMatter:
    """The stalled parcel as a matter; keywords go to the order, to `risk`, or to the situation (with `_`)."""

    def make(risk: Risk | str | None = "yes", *, situation: dict[str, Any] | None = None, **order: Any) -> Matter:
        about = make_risk() if isinstance(risk, str) else risk
        risks = (about,) if about else ()
        fields: dict[str, Any] = {"order": make_order(**order), "risks": risks, "shop": "shop", **(situation or {})}
        return Matter(situation=Situation(**fields), risk=about, now=NOW)

    return make
