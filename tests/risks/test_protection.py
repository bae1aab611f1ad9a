"""Would the proof of delivery win?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest

from agent.risks.protection import pod_ok
from agent.vocabulary.status import Reason, TrackingStatus
from agent.vocabulary.values import Address, Money, Place


@pytest.fixture
def proven(orders: ModuleType) -> Any:
    """Delivered in the buyer's city, in time, below the threshold: everything is right."""
    return orders.order(
        estimated_delivery=orders.estimate(date(2026, 3, 5)), shipments=(orders.delivered(orders.ago(2)),)
    )


def test_everything_is_right(orders: ModuleType, proven: Any) -> None:
    """Each clause is met, so eBay should take the proof."""
    found = pod_ok(proven, orders.NOW)
    assert found.verdict == "yes"
    assert set(found.clauses.values()) == {"yes"}


def test_other_place(orders: ModuleType, proven: Any) -> None:
    """Delivered in another city proves nothing; near by postcode, or without a place, it is unclear."""

    def at(**place: str) -> Any:
        done = orders.scan(orders.ago(2), TrackingStatus.DELIVERED)
        parcel = replace(proven.shipments[0], scans=(replace(done, location=Place(**place)),))
        return pod_ok(replace(proven, shipments=(parcel,)), orders.NOW).clauses["place"]

    assert at(city="Bristol") == "no"
    assert at(city="Bristol", postcode="ls1 4ap") == "yes"
    assert at(postcode="LS1 9ZZ") == "unclear"
    assert at(country="GB") == "unclear"


def test_accents_and_case_do_not_matter(orders: ModuleType, proven: Any) -> None:
    """`MUNCHEN` is München."""
    done = replace(orders.scan(orders.ago(2), TrackingStatus.DELIVERED), location=Place(city="MUNCHEN"))
    subject = replace(
        proven, ship_to=Address(city="München", country="GB"), shipments=(replace(proven.shipments[0], scans=(done,)),)
    )
    assert pod_ok(subject, orders.NOW).clauses["place"] == "yes"


def test_valuable_order_needs_a_signature(orders: ModuleType, proven: Any) -> None:
    """From GBP 450 on; a signed scan is enough, another currency is unclear."""
    valuable = replace(proven, total=Money(Decimal(450), "GBP"))
    assert pod_ok(valuable, orders.NOW).verdict == "no"
    signed = replace(valuable, shipments=(replace(valuable.shipments[0], reason=Reason.SIGNED),))
    assert pod_ok(signed, orders.NOW).verdict == "yes"
    assert pod_ok(replace(proven, total=Money(Decimal(449), "GBP")), orders.NOW).verdict == "yes"
    assert pod_ok(replace(proven, total=Money(Decimal(9), "USD")), orders.NOW).clauses["signature"] == "unclear"


def test_late_number(orders: ModuleType, proven: Any) -> None:
    """A number first heard of after the last estimated day came too late; without any limit nobody knows."""
    late = replace(proven, estimated_delivery=orders.estimate(date(2026, 2, 10)))
    assert pod_ok(late, orders.NOW).clauses["tracking_in_time"] == "no"
    assert pod_ok(replace(proven, estimated_delivery=None), orders.NOW).clauses["tracking_in_time"] == "unclear"


def test_no_parcel_is_no_proof(orders: ModuleType) -> None:
    """Without a tracking number nothing is delivered."""
    assert pod_ok(orders.order(), orders.NOW).verdict == "no"


def test_every_parcel_must_pass(orders: ModuleType, proven: Any) -> None:
    """One of two parcels still moves: no proof yet."""
    rest = orders.moving(orders.ago(1), tracking_number="RB000000005GB")
    assert pod_ok(replace(proven, shipments=(*proven.shipments, rest)), orders.NOW).clauses["delivered"] == "no"


def test_zip_inside_the_number_tells_the_address(orders: ModuleType, proven: Any) -> None:
    """A USPS number with routing code names its destination."""
    parcel = replace(proven.shipments[0], tracking_number="420787459400111206206406260787", carrier="usps")
    to = Address(city="Leeds", postcode="78745-1234", country="US")
    subject = replace(proven, site="EBAY_US", ship_to=to, shipments=(parcel,))
    assert pod_ok(subject, orders.NOW).clauses["address"] == "yes"
    wrong = replace(subject, ship_to=Address(city="Leeds", postcode="10001", country="US"))
    assert pod_ok(wrong, orders.NOW).clauses["address"] == "no"


def test_unknown_carrier_or_site_is_unclear(orders: ModuleType, proven: Any) -> None:
    """What nobody listed is not refused."""
    other = replace(proven, shipments=(replace(proven.shipments[0], carrier="sagawa"),))
    assert pod_ok(other, orders.NOW).clauses["carrier_integrated"] == "unclear"
    assert pod_ok(replace(proven, site=None), orders.NOW).verdict == "unclear"
