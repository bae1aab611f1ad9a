"""What a payment dispute leaves of the requests before it, and what is said of parcels that nobody has seen."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pytest

from agent.orders.order import Order
from agent.risks.standing import is_settled
from agent.vocabulary.events import TrackingUpdate
from agent.vocabulary.status import TrackingStatus
from agent.vocabulary.values import Address, Place


def disputed(o: ModuleType, outcome: str | None, **request: object) -> Order:
    """A request, then a dispute that is over."""
    over = o.request(
        o.ago(4), kind="payment_dispute", request_id="7", state="closed", closed_at=o.ago(1), outcome=outcome
    )
    found: Order = o.order(cases=(o.request(o.ago(5), **request), over), shipments=(o.moving(o.ago(9)),))
    return found


@pytest.mark.parametrize("outcome", ["seller", "unknown", "withdrawn", None, "buyer"])
def test_a_request_does_not_come_back_after_the_dispute(orders: ModuleType, outcome: str | None) -> None:
    """eBay closed it when the dispute opened; however that ended, the parcel's way costs nothing more."""
    order = disputed(orders, outcome)
    assert not {"inr_opened", "inr_due_soon", "stalled_in_transit"} & set(orders.risks(order))
    assert is_settled(order)


def test_a_request_that_ebay_tells_of_anew_is_open(orders: ModuleType) -> None:
    """A mail after the dispute's opening says that it waits for an answer."""
    found = orders.risks(disputed(orders, "seller", told_at=orders.ago(0.5)))
    assert found["inr_opened"].severity == "P1"


def test_while_the_dispute_runs_the_request_is_superseded(orders: ModuleType) -> None:
    """It stays listed, behind the dispute."""
    dispute = orders.request(orders.ago(1), kind="payment_dispute", request_id="7")
    found = orders.risks(orders.order(cases=(orders.request(orders.ago(2)), dispute)))
    assert found["inr_opened"].superseded
    assert not found["payment_dispute"].superseded


def test_the_dispute_ends_a_cancellation_and_a_complaint_too(orders: ModuleType) -> None:
    """What was asked before it is over with it; what is asked after it counts."""
    over = orders.request(orders.ago(2), kind="payment_dispute", state="closed", closed_at=orders.ago(1.5))
    before = orders.order(cases=(over,), cancellation=orders.cancel(orders.ago(2.5)))
    after = orders.order(cases=(over,), cancellation=orders.cancel(orders.ago(1)))
    assert "cancel_before_ship" not in orders.risks(before)
    assert "cancel_before_ship" in orders.risks(after)
    for at, told in ((3, False), (1, True)):
        wrote = orders.order(
            cases=(over,), messages=(orders.complaint(orders.ago(at)),), shipments=(orders.moving(orders.ago(0.5)),)
        )
        assert ("not_received_message" in orders.risks(wrote)) is told


def test_a_label_that_was_never_looked_at_is_looked_at_first(orders: ModuleType) -> None:
    """No scan is no fact before a look: neither told as one nor advised upon."""
    label = orders.parcel(last_look=None, last_good_look_at=None)
    request = {"cases": (orders.request(orders.ago(1)),)}
    unseen = orders.risks(orders.order(**request, shipments=(label,)))["inr_opened"]
    assert "was not looked at yet" in unseen.summary
    assert unseen.advice.startswith("Open Royal Mail's page")
    assert "Ship today" not in unseen.advice
    stale = replace(label, last_good_look_at=orders.ago(3))
    assert (
        "at the last look, on 2 March"
        in orders.risks(orders.order(**request, shipments=(stale,)))["inr_opened"].summary
    )
    read = orders.risks(orders.order(**request, shipments=(orders.parcel(),)))["inr_opened"]
    assert read.advice.startswith("Hand the parcel over today")


@pytest.mark.parametrize("place", [Place(city="Truro", postcode="TR1 2AA", country="GB"), Place(city="Truro")])
@pytest.mark.parametrize("written", [True, False])
def test_of_a_misdelivery_the_buyer_is_not_sent_searching(orders: ModuleType, place: Place, written: bool) -> None:
    """Another postcode, or only another town by the scan: the carrier is asked where, the buyer looks nowhere."""
    at = orders.ago(3)
    scan = TrackingUpdate(
        occurred_at=at,
        status=TrackingStatus.DELIVERED,
        tracking_number="RB123456785GB",
        location=place,
        source="look:scan",
    )
    told = {"messages": (orders.complaint(orders.ago(1)),)} if written else {"cases": (orders.request(orders.ago(1)),)}
    home = Address(city="Leeds", postcode="LS1 4AP", country="GB")
    order = orders.order(ship_to=home, shipments=(orders.delivered(at, scans=(scan,)),), **told)
    found = orders.risks(order)
    for risk in (found["delivered_not_received"], found.get("inr_opened")):
        if risk is not None:
            assert "look around" not in risk.advice
            assert "GPS" in risk.advice


def test_an_answered_complaint_is_waited_upon(orders: ModuleType) -> None:
    """What was written is not advised again."""
    order = orders.order(
        messages=(orders.complaint(orders.ago(1)),),
        shipments=(orders.delivered(orders.ago(3)),),
        contacts=(orders.answer(orders.ago(0.5)),),
    )
    assert orders.risks(order)["delivered_not_received"].advice.startswith("Wait for the buyer's answer")
