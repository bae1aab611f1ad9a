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


# ---- why, and what can still be done ----------------------------------------------------------------------------


def details(order: Any, now: Any) -> dict[str, Any]:
    return {clause.name: clause for clause in pod_ok(order, now).details}


def test_every_clause_says_why(orders: ModuleType, proven: Any) -> None:
    """One sentence each, whatever the verdict; what is met needs no repair."""
    for order in (proven, orders.order(), replace(proven, ship_to=None, total=None, site=None)):
        found = pod_ok(order, orders.NOW)
        assert [clause.name for clause in found.details] == list(found.clauses)
        assert all(clause.why.endswith(".") for clause in found.details)
        assert not [clause for clause in found.details if clause.verdict == "yes" and clause.repair]


def test_the_number_can_be_uploaded_until_the_estimate_is_over(orders: ModuleType) -> None:
    """Or until a request must be answered, whichever comes first; afterwards it is too late and nothing is proposed."""
    order = orders.order(estimated_delivery=orders.estimate(date(2026, 3, 11)))
    clause = details(order, orders.NOW)["tracking_in_time"]
    assert (clause.verdict, clause.repair) == ("unclear", "Upload the tracking number to the order in eBay.")
    assert clause.until == orders.NOW.replace(day=11, hour=23, minute=59, second=59)

    asked = replace(order, cases=(orders.request(orders.ago(1)),))  # Wednesday: three business days end on Monday
    assert details(asked, orders.NOW)["tracking_in_time"].until == orders.NOW.replace(
        day=9, hour=23, minute=59, second=59
    )
    late = replace(order, estimated_delivery=orders.estimate(date(2026, 3, 4)))
    clause = details(late, orders.NOW)["tracking_in_time"]
    assert (clause.verdict, clause.repair, clause.until) == ("no", "", None)


def test_a_number_that_no_mail_of_ebay_names_is_unclear(orders: ModuleType, proven: Any) -> None:
    """A carrier's mail proves no upload."""
    told = replace(proven, shipments=(replace(proven.shipments[0], uploaded_at=None),))
    clause = details(told, orders.NOW)["tracking_in_time"]
    assert clause.verdict == "unclear"
    assert "upload what is missing" in clause.repair


def test_a_delivery_without_a_place_needs_the_carriers_proof(orders: ModuleType, proven: Any) -> None:
    """While a request is open, until it must be answered."""
    done = replace(orders.scan(orders.ago(2), TrackingStatus.DELIVERED), location=None)
    bare = replace(proven, shipments=(replace(proven.shipments[0], scans=(done,)),))
    assert details(bare, orders.NOW)["place"].until is None
    asked = replace(bare, cases=(orders.request(orders.ago(1)),))
    clause = details(asked, orders.NOW)["place"]
    assert clause.repair == "Ask the carrier for proof of delivery that names the place."
    assert clause.until == orders.NOW.replace(day=9, hour=23, minute=59, second=59)


def test_a_signature_can_be_arranged_before_the_hand_over(orders: ModuleType) -> None:
    """Not known yet is unclear; once it is on its way nothing can be arranged."""
    valuable = orders.order(
        total=Money(Decimal(450), "GBP"),
        ship_by=date(2026, 3, 6),
        shipments=(orders.parcel(known_since=orders.ago(1)),),
    )
    clause = details(valuable, orders.NOW)["signature"]
    assert (clause.verdict, clause.repair) == ("unclear", "Send it with a service that takes a signature.")
    assert clause.until == orders.NOW.replace(day=6, hour=23, minute=59, second=59)
    moving = replace(valuable, shipments=(orders.moving(orders.ago(1)),))
    assert (details(moving, orders.NOW)["signature"].verdict, details(moving, orders.NOW)["signature"].repair) == (
        "unclear",
        "",
    )


def test_a_programme_needs_no_signature_and_its_hub_is_right(orders: ModuleType, proven: Any) -> None:
    """Delivered to the hub that the order names, above the threshold."""
    hub = Address(name="Global Shipping Programme", city="Leeds", postcode="LS1 4AP", country="GB")
    order = replace(proven, total=Money(Decimal(900), "GBP"), ship_to=hub)
    assert pod_ok(order, orders.NOW).verdict == "yes"
    assert details(order, orders.NOW)["signature"].why == "Global Shipping Programme needs none."


def test_a_label_to_another_address_is_no_proof(orders: ModuleType, proven: Any) -> None:
    """Even where the town is the order's."""
    parcel = replace(proven.shipments[0], addressed_to=Address(city="Cardiff", postcode="CF10 1EP"))
    clause = details(replace(proven, shipments=(parcel,)), orders.NOW)["address"]
    assert (clause.verdict, clause.why) == (
        "no",
        "It is addressed to Cardiff, CF10 1EP, not to the order's address.",
    )


def test_the_most_urgent_repair_comes_first(orders: ModuleType) -> None:
    """Those with a date before those without."""
    order = orders.order(
        total=Money(Decimal(450), "GBP"),
        ship_by=date(2026, 3, 6),
        estimated_delivery=orders.estimate(date(2026, 3, 11)),
        shipments=(orders.parcel(known_since=orders.ago(1), uploaded_at=None),),
    )
    assert [clause.name for clause in pod_ok(order, orders.NOW).repairs] == [
        "signature",
        "tracking_in_time",
        "address",
    ]


def test_a_delivery_before_the_sale_proves_nothing(orders: ModuleType) -> None:
    """A number that was delivered before the order existed is another parcel's."""
    parcel = orders.delivered(orders.ago(30))
    sold = orders.order(sold_at=orders.ago(10), shipments=(parcel,))
    assert pod_ok(sold, orders.NOW).clauses["delivered"] == "no"
