"""Two sources that tell different things of one parcel: both are said, neither is believed."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest

from agent.orders.order import PageRead
from agent.policies.grounds import contested
from agent.risks.risk import Risk
from agent.vocabulary.events import TrackingUpdate
from agent.vocabulary.status import Reason, TrackingStatus
from agent.vocabulary.values import Address, Place

S = TrackingStatus
NUMBER = "RB123456785GB"


def row(at: Any, status: TrackingStatus, source: str, place: Place | None = None, **more: Any) -> TrackingUpdate:
    return TrackingUpdate(
        occurred_at=at, seen_at=at, status=status, tracking_number=NUMBER, location=place, source=source, **more
    )


def delivered(orders: ModuleType, place: Place | None, source: str = "look:1", **facts: Any) -> Any:
    at = orders.ago(2)
    return orders.delivered(at, scans=(row(at, S.DELIVERED, source, place),), **facts)


def found(orders: ModuleType, *parcels: Any, **facts: Any) -> dict[str, Risk]:
    risks: dict[str, Risk] = orders.risks(orders.order(shipments=parcels, **facts))
    return risks


def read(orders: ModuleType, hours_ago: float, status: TrackingStatus) -> PageRead:
    return PageRead(tracking_number=NUMBER, at=orders.ago(hours=hours_ago), status=status, source="look:2")


# ---- a mail and a page ------------------------------------------------------------------------------------------


def test_a_page_that_does_not_know_of_the_delivery_contradicts_the_mail(orders: ModuleType) -> None:
    """Both sides stand in the sentence, both sources in the because; no reply may rest on the parcel."""
    risk = found(orders, delivered(orders, None, "mail:1", last_read=read(orders, 20, S.IN_TRANSIT)))[
        "contradictory_tracking"
    ]

    assert risk.summary == (
        "Royal Mail's mail says that the Royal Mail parcel RB123456785GB was delivered on 3 March; "
        "the page of 4 March still says in transit."
    )
    assert (risk.severity, risk.because, risk.contests) == ("P2", ("mail:1", "look:2"), (NUMBER,))


@pytest.mark.parametrize(
    ("hours_ago", "status", "source"),
    [
        (40, S.IN_TRANSIT, "mail:1"),  # pages lag behind
        (20, S.DELIVERED, "mail:1"),
        (20, S.UNKNOWN, "mail:1"),  # words that nobody understood are no contradiction
        (20, S.IN_TRANSIT, "look:1"),  # the page itself has the row
    ],
)
def test_no_contradiction_is_made_up(orders: ModuleType, hours_ago: float, status: S, source: str) -> None:
    """Only a page that was read well after the mail, and that says something else."""
    assert "contradictory_tracking" not in found(
        orders, delivered(orders, None, source, last_read=read(orders, hours_ago, status))
    )


# ---- scanned again ----------------------------------------------------------------------------------------------


def again(orders: ModuleType, hours: float, source: str = "look:1", **facts: Any) -> Any:
    at = orders.ago(3)
    scans = (
        row(at + timedelta(hours=hours), S.IN_TRANSIT, "look:1", Place(city="Hull")),
        row(at, S.DELIVERED, source),
    )
    return orders.moving(at + timedelta(hours=hours), scans=scans, **facts)


def test_a_scan_after_the_delivery_is_told(orders: ModuleType) -> None:
    """With both days, and where it was."""
    risk = found(orders, again(orders, 30))["contradictory_tracking"]

    assert "was delivered on 2 March" in risk.summary
    assert "on 3 March it was scanned again in Hull (in transit)" in risk.summary
    assert risk.contests == (NUMBER,)


def test_clocks_of_mail_and_page_may_differ(orders: ModuleType) -> None:
    """Three hours between a mail's clock and a page's prove nothing; on one page they do."""
    assert "contradictory_tracking" not in found(orders, again(orders, 3, "mail:1"))
    assert "contradictory_tracking" in found(orders, again(orders, 3))


def test_a_return_contradicts_no_delivery(orders: ModuleType) -> None:
    """A parcel that the buyer sends back was delivered."""
    assert "contradictory_tracking" not in found(orders, again(orders, 30, status=S.RETURNING))


# ---- another place ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "place",
    [Place(city="Cardiff", postcode="CF10 1EP"), Place(postcode="CF10"), Place(city="Leeds", country="IE")],
)
def test_a_delivery_at_another_postcode_is_told(orders: ModuleType, place: Place) -> None:
    """P1, and nothing is sent that rests on it."""
    risk = found(orders, delivered(orders, place))["delivered_elsewhere"]

    assert (risk.severity, risk.contests) == ("P1", (NUMBER,))
    assert str(place) in risk.summary
    assert "LS1 4AP" in risk.summary


@pytest.mark.parametrize(
    "place",
    [
        None,
        Place(city="Leeds"),
        Place(city="LEEDS DO"),
        Place(city="Loughborough"),  # begins alike: perhaps another spelling
        Place(city="United Kingdom"),
        Place(postcode="LS1"),
        Place(postcode="LS27 9AB"),  # a neighbouring office
        Place(postcode="12345"),  # no British postcode: a code of the carrier's own
        Place(city="リーズ"),
    ],
)
def test_absent_beats_wrong(orders: ModuleType, place: Place | None) -> None:
    """What may be the same place is no other one."""
    assert "delivered_elsewhere" not in found(orders, delivered(orders, place))


def test_a_town_alone_is_worth_a_glance(orders: ModuleType) -> None:
    """It is shown, and contests nothing."""
    risk = found(orders, delivered(orders, Place(city="Cardiff")))["delivered_elsewhere"]

    assert (risk.severity, risk.contests) == ("P3", ())


def test_a_shop_lies_where_it_lies(orders: ModuleType) -> None:
    """What was collected was handed out at another address, as it should."""
    parcel = delivered(orders, Place(postcode="CF10 1EP"), reason=Reason.LOCKER)

    assert "delivered_elsewhere" not in found(orders, parcel)


def test_the_pages_destination_tells_before_the_delivery(orders: ModuleType) -> None:
    """Addressed to another postcode: time to stop it."""
    moving = orders.moving(orders.ago(1), destination=Place(city="Cardiff", postcode="CF10 1EP"))
    risk = found(orders, moving)["address_mismatch"]

    assert (risk.severity, risk.contests) == ("P1", (NUMBER,))
    assert "Cardiff, CF10 1EP" in risk.summary
    back = orders.moving(orders.ago(1), destination=Place(postcode="CF10 1EP"), status=S.RETURNING)
    assert "address_mismatch" not in found(orders, back)


@pytest.mark.parametrize(
    ("postcode", "country", "told"), [("97701", "US", True), ("78745-1234", "US", False), ("97701", "DE", False)]
)
def test_the_zip_in_the_number(orders: ModuleType, postcode: str, country: str, told: bool) -> None:
    """USPS's routing code against the order's ZIP; abroad it is a hub's."""
    parcel = orders.moving(orders.ago(1), tracking_number="420787459400111206206406260787", carrier="usps")
    risks = found(orders, parcel, ship_to=Address(city="Bend", postcode=postcode, country=country), site="EBAY_US")

    assert ("address_mismatch" in risks) is told


# ---- a number that cannot be right ------------------------------------------------------------------------------


def test_a_number_of_two_buyers_is_invalid(orders: ModuleType) -> None:
    """Both orders are named."""
    risk = found(orders, orders.parcel(shared_with=("02-15262-92402",)))["invalid_tracking"]

    assert "so does order 02-15262-92402" in risk.summary
    assert risk.contests == (NUMBER,)


def test_a_scan_before_the_sale_is_contested(orders: ModuleType) -> None:
    """What the carrier tells is another parcel's."""
    reused = orders.moving(orders.ago(1), first_scan_at=orders.ago(40))

    assert found(orders, reused)["invalid_tracking"].contests == (NUMBER,)


# ---- what may be sent -------------------------------------------------------------------------------------------


def test_what_is_contested_until_somebody_says_so(orders: ModuleType) -> None:
    """A reply about the parcel may not leave; a human's word ends that."""
    parcel = delivered(orders, Place(postcode="CF10 1EP"))
    case = orders.request(orders.ago(1))
    open_order = orders.order(shipments=(parcel,), cases=(case,))
    handled = orders.order(
        shipments=(parcel,), cases=(case,), human=(orders.handled(orders.ago(hours=1), "delivered_elsewhere"),)
    )
    for order, stands in ((open_order, True), (handled, False)):
        risks = orders.risks(order)
        why = contested(order, risks["delivered_not_received"], risks.values())
        assert (why is not None) is stands
