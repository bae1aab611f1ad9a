"""What bounds every plan, and what its figures rest on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest

from agent.orders.order import Order, Shipment, Trace
from agent.orders.refunds import Refund
from agent.plans.advise import plan_for
from agent.plans.band import band_of
from agent.plans.costs import OwnCosts
from agent.plans.history import Course, History, history_of
from agent.plans.intercept import intercept_of
from agent.plans.plan import Plan
from agent.risks.assess import assess
from agent.vocabulary.status import Reason, TrackingStatus
from agent.vocabulary.values import Address, Money


def plan(order: Order, o: ModuleType, **known: Any) -> Plan:
    found = plan_for(order, assess(order, o.NOW).risks, o.NOW, **known)
    assert found is not None
    return found


def american(o: ModuleType, total: str, **facts: Any) -> Order:
    order: Order = o.order(
        site="EBAY_US",
        total=Money(Decimal(total), "USD"),
        ship_to=Address(city="Salem", postcode="97301", country="US"),
        **facts,
    )
    return order


def usps(o: ModuleType, number: str = "9505512345678901234568", **facts: Any) -> Shipment:
    parcel: Shipment = o.moving(o.ago(1), tracking_number=number, carrier="usps", **facts)
    return parcel


def test_nothing_open_is_no_plan(orders: ModuleType) -> None:
    """A delivered order, and one whose risks are handled, need none."""
    done = orders.order(shipments=(orders.delivered(orders.ago(1)),))
    assert plan_for(done, assess(done, orders.NOW).risks, orders.NOW) is None
    handled = orders.order(cases=(orders.request(orders.ago(2)),), human=(orders.handled(orders.ago(1)),))
    assert plan_for(handled, assess(handled, orders.NOW).risks, orders.NOW) is None


@pytest.mark.parametrize("total", [15, 60, 200, 900])
def test_no_refund_beside_a_dispute(orders: ModuleType, total: int) -> None:
    """The dispute is acted on alone; nothing is refunded or sent again while it is open."""
    cases = (orders.request(orders.ago(3)), orders.request(orders.ago(1), kind="payment_dispute", request_id="7"))
    stalled = orders.moving(orders.ago(9))
    found = plan(orders.order(cases=cases, shipments=(stalled,), total=Money(Decimal(total), "GBP")), orders)
    assert found.situation == "dispute"
    assert not {step.kind for step in found.steps} & {"refund", "reship"}


def test_what_was_refunded_is_not_refunded_again(orders: ModuleType) -> None:
    """After a refund neither money nor goods go out once more."""
    order = orders.order(
        cases=(orders.request(orders.ago(1)),), shipments=(orders.moving(orders.ago(9)),), refunded_at=orders.ago(0.5)
    )
    assert not {step.kind for step in plan(order, orders).steps} & {"refund", "reship"}


@pytest.mark.parametrize(("wanted", "kind"), [("item", "reship"), ("refund", "refund"), (None, "refund")])
def test_what_the_buyer_wants_is_recommended(orders: ModuleType, wanted: Any, kind: str) -> None:
    """Still wanting the item means sending it again, and then no refund is offered beside it."""
    opened = orders.request(orders.ago(1), wants=wanted)
    found = plan(orders.order(cases=(opened,), shipments=(orders.moving(orders.ago(9)),)), orders)
    assert [step.kind for step in found.steps if step.recommended] == [kind]
    if wanted:
        assert not {"refund", "reship"} <= {step.kind for step in found.steps}


def test_costs_are_counted_where_they_are_known(orders: ModuleType) -> None:
    """Sending again costs goods and postage; unknown to both it says so, and a part paid back is taken off a refund."""
    refunds = (Refund(at=orders.ago(2), amount=Money(Decimal(10), "GBP"), source="mail:part"),)
    order = orders.order(
        cases=(orders.request(orders.ago(1)),), shipments=(orders.moving(orders.ago(9)),), refunds=refunds
    )
    blind = {line.label: line for line in plan(order, orders).arithmetic}
    assert blind["refund"].amount == Money(Decimal(20), "GBP")
    assert blind["send again"].amount is None
    assert blind["send again"].note.startswith("not known: what the goods and the postage cost you")
    told = OwnCosts(currency="GBP", postage=Decimal("3.50"), goods_share=Decimal(8) / 30)
    known = plan(order, orders, own=told)
    assert {line.label: line for line in known.arithmetic}["send again"].amount == Money(Decimal("11.50"), "GBP")
    assert next(step.cost for step in known.steps if step.kind == "reship") == Money(Decimal("11.50"), "GBP")


def test_an_open_enquiry_is_waited_for(orders: ModuleType) -> None:
    """Once the carrier searches, the plan waits for its answer instead of asking twice."""
    parcel = orders.moving(orders.ago(9))
    trace = Trace(
        carrier="royal-mail",
        tracking_number=parcel.tracking_number,
        opened_at=orders.ago(1),
        answer_by=orders.NOW + timedelta(days=6),
    )
    found = plan(orders.order(shipments=(parcel,), traces=(trace,)), orders)
    assert "trace" not in {step.kind for step in found.steps}
    assert any("due by 11 March" in step.text for step in found.steps)


def test_chance_is_told_from_the_shops_own_parcels(orders: ModuleType) -> None:
    """Settled parcels that were silent as long count, the order's own and those still under way do not."""
    came = orders.delivered(orders.ago(20), scans=(orders.scan(orders.ago(20)), orders.scan(orders.ago(34))))
    came = replace(came, first_scan_at=orders.ago(34))
    gone = orders.moving(orders.ago(90), first_scan_at=orders.ago(95))
    under_way = orders.moving(orders.ago(9))
    shop = [
        orders.order(order_id=f"0{number}-00000-00000", shipments=(parcel,))
        for number, parcel in enumerate((came, gone, under_way))
    ]
    history = history_of(shop, orders.NOW)
    assert len(history.courses) == 2
    chance = history.of_silent(9, "12-34567-89012")
    assert (chance.arrived, chance.of) == (1, 2)
    assert str(chance) == "1 of 2 parcels of yours that were this long without a scan still arrived"
    assert history.of_silent(9, "00-00000-00000").of == 1
    assert str(history.of_silent(200, "x")).startswith("not known")


def test_lateness_counts_from_the_last_estimated_day(orders: ModuleType) -> None:
    """A parcel that came five days late was three days late once, never eight."""
    came = orders.delivered(orders.ago(5))
    order = orders.order(shipments=(came,), estimated_delivery=orders.estimate(date(2026, 2, 23)))
    history = history_of([order], orders.NOW)
    assert history.of_late(3, "x").of == 1
    assert history.of_late(8, "x").of == 0
    assert History((Course(order_id="y", arrived=True, late=None, silent=None),)).of_late(1, "x").of == 0


@pytest.mark.parametrize(
    ("site", "total", "currency", "band"),
    [
        ("EBAY_GB", "20", "GBP", "S"),
        ("EBAY_GB", "20.01", "GBP", "M"),
        ("EBAY_GB", "100", "GBP", "M"),
        ("EBAY_GB", "449.99", "GBP", "L"),
        ("EBAY_GB", "450", "GBP", "XL"),
        ("EBAY_US", "450", "USD", "L"),
        ("EBAY_US", "750", "USD", "XL"),
        ("EBAY_US", "750", "GBP", "unknown"),
        (None, "10", "USD", "unknown"),
    ],
)
def test_bands(orders: ModuleType, site: str | None, total: str, currency: str, band: str) -> None:
    """In the currency of the order's own site; the signature threshold begins the last."""
    assert band_of(orders.order(site=site, total=Money(Decimal(total), currency))) == band


def test_an_intercept_pays_below_a_fifth_of_the_total(orders: ModuleType) -> None:
    """USPS: 19.45 dollars of 189 pay, of 60 they do not; and not for commercial labels, abroad or at the door."""
    parcel = usps(orders)
    assert intercept_of(american(orders, "189"), parcel, "in_transit").pays == "yes"
    assert intercept_of(american(orders, "60"), parcel, "in_transit").pays == "no"
    assert intercept_of(american(orders, "189"), parcel, "out_for_delivery").pays == "no"
    for number in ("9274899999123456789013", "420973019274899999123456789013"):
        excluded = intercept_of(american(orders, "189"), usps(orders, number), "in_transit")
        assert (excluded.pays, "92" in excluded.why) == ("no", True)
    abroad = replace(american(orders, "189"), ship_to=Address(city="Lyon", country="FR"))
    assert intercept_of(abroad, parcel, "in_transit").pays == "no"
    unpriced = replace(parcel, tracking_number="1Z999AA10123456784", carrier="ups")
    assert intercept_of(american(orders, "189"), unpriced, "in_transit").pays == "unknown"


def test_an_intercept_that_pays_is_a_step(orders: ModuleType) -> None:
    """It stands in the plan with its fee, and one that does not pay only in the arithmetic."""
    asked = orders.cancel(orders.ago(1))
    dear = plan(american(orders, "189", cancellation=asked, shipments=(usps(orders),)), orders)
    step = next(step for step in dear.steps if step.kind == "intercept")
    assert step.cost == Money(Decimal("19.45"), "USD")
    assert "Package Intercept" in step.text
    cheap = plan(american(orders, "60", cancellation=asked, shipments=(usps(orders),)), orders)
    assert "intercept" not in {step.kind for step in cheap.steps}
    assert "intercept" in {line.label for line in cheap.arithmetic}


def test_the_race_is_shown_with_its_clock(orders: ModuleType) -> None:
    """Stop the parcel twelve hours before the answer is due; label and last look stand with their times."""
    asked = orders.ago(hours=20)
    label = orders.parcel(known_since=orders.ago(hours=22), last_good_look_at=orders.ago(hours=2))
    found = plan(orders.order(cancellation=orders.cancel(asked), shipments=(label,)), orders)
    stop = found.steps[0]
    assert (stop.kind, stop.recommended) == ("stop_parcel", True)
    assert stop.by == asked + timedelta(days=3) - timedelta(hours=12)
    assert stop.why.startswith("Label printed 4 March 14:00 GMT, no scan at the last look 5 March 10:00 GMT.")


def test_a_consumer_may_still_return_it(orders: ModuleType) -> None:
    """In the EU and the UK the plan forbids to write that nothing can be cancelled; elsewhere it is silent."""
    asked = orders.cancel(orders.ago(1))
    british = plan(orders.order(cancellation=asked, shipments=(orders.moving(orders.ago(1)),)), orders)
    assert any("you can still return it" in sentence for sentence in british.because)
    there = plan(american(orders, "60", cancellation=asked, shipments=(usps(orders),)), orders)
    assert not any("you can still return it" in sentence for sentence in there.because)


def test_of_several_parcels_the_one_in_question_is_named(orders: ModuleType) -> None:
    """One arrived, one stands still: the plan speaks of the second by its number."""
    here = orders.delivered(orders.ago(5), tracking_number="RB987654329GB")
    stalled = orders.moving(orders.ago(9))
    order = orders.order(
        cases=(orders.request(orders.ago(1)),), shipments=(here, stalled), items=orders.order().items * 2
    )
    found = plan(order, orders)
    assert found.row == "stalled"
    assert any(stalled.tracking_number in step.text for step in found.steps)


def test_strangers_words_stay_words(orders: ModuleType) -> None:
    """Braces in a carrier's name or a town are printed, not evaluated."""
    odd = orders.moving(orders.ago(9), carrier="{total.__class__} {0}")
    found = plan(orders.order(shipments=(odd,)), orders)
    assert "{total.__class__} {0}" in found.summary


def test_every_status_of_a_cancelled_parcel_has_a_row(orders: ModuleType) -> None:
    """Wherever the parcel is, a cancellation that waits has a plan."""
    for status in TrackingStatus:
        for scanned in (None, orders.ago(1)):
            parcel = orders.parcel(status=status, first_scan_at=scanned, last_scan_at=scanned)
            assert plan(orders.order(cancellation=orders.cancel(orders.ago(1)), shipments=(parcel,)), orders).steps


@pytest.mark.parametrize(("days", "stops"), [(1, True), (15, False)])
def test_only_a_parcel_handed_over_these_days_is_fetched_back(orders: ModuleType, days: int, stops: bool) -> None:
    """Two weeks after its one scan nobody at the counter has it any more."""
    parcel = orders.moving(orders.ago(days), reason=Reason.ACCEPTED)
    asked = plan(orders.order(cancellation=orders.cancel(orders.ago(1)), shipments=(parcel,)), orders)
    assert ("stop_parcel" in [step.kind for step in asked.steps]) is stops
