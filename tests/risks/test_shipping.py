"""Orders that eBay says wait to be shipped."""

from __future__ import annotations

from datetime import date, datetime
from types import ModuleType
from zoneinfo import ZoneInfo

from agent.orders.order import Order
from agent.risks.assess import assess
from agent.risks.business_hours import business_hours_before

LONDON = ZoneInfo("Europe/London")


def test_an_order_without_a_reminder_is_not_called_unshipped(orders: ModuleType) -> None:
    """Many parcels leave without a label that we hear of: eBay reminds of those that did not leave."""
    assert orders.risks(orders.order()) == {}


def test_a_date_that_passed_in_silence_is_asked_about(orders: ModuleType) -> None:
    """It does not vanish on the day it is late: watched for three days, as a question; a label or time ends it."""
    asked = orders.risks(orders.order(ship_by=date(2026, 3, 4)))["late_ship"]
    assert asked.severity == "P3"
    assert "no label or tracking number is known" in asked.summary
    assert asked.advice.startswith("If it has left")
    assert "late_ship" in orders.risks(orders.order(ship_by=date(2026, 3, 3)))
    assert orders.risks(orders.order(ship_by=date(2026, 3, 1))) == {}
    assert orders.risks(orders.order(ship_by=date(2026, 3, 4), paid_at=None)) == {}
    moving = orders.moving(orders.ago(1))
    assert "late_ship" not in orders.risks(orders.order(ship_by=date(2026, 3, 4), shipments=(moving,)))
    said = orders.order(ship_by=date(2026, 3, 4), human=(orders.handled(orders.ago(hours=14)),))
    assert orders.risks(said)["late_ship"].handled


def test_a_reminder_before_the_date_and_after(orders: ModuleType) -> None:
    """Near its date first, late once that day is over on the site's clock; both are one episode."""
    near = orders.risks(orders.order(reminded_at=orders.ago(1), ship_by=date(2026, 3, 5)))["handling_time_risk"]
    late = orders.risks(orders.order(reminded_at=orders.ago(1), ship_by=date(2026, 3, 4)))["late_ship"]
    assert near.severity == late.severity == "P2"
    assert near.deadline.act_by == orders.NOW.replace(hour=17, minute=59, second=59)
    assert "should have left by 4 March" in late.summary


def test_it_is_judged_again_when_the_date_is_over(orders: ModuleType) -> None:
    """A reminder turns late at the end of its day without any news."""
    order = orders.order(reminded_at=orders.ago(1), ship_by=date(2026, 3, 5))
    assert assess(order, orders.NOW).next_due_at == orders.NOW.replace(hour=23, minute=59, second=59)


def test_a_parcel_a_refund_or_time_ends_it(orders: ModuleType) -> None:
    """A label, the money back, or two weeks without another reminder."""
    facts = {"reminded_at": orders.ago(1), "ship_by": date(2026, 3, 4)}
    assert "late_ship" in orders.risks(orders.order(**facts))
    assert "late_ship" not in orders.risks(orders.order(**facts, shipments=(orders.moving(orders.ago(1)),)))
    assert orders.risks(orders.order(**facts, refunded_at=orders.ago(0.5))) == {}
    assert orders.risks(orders.order(reminded_at=orders.ago(20), ship_by=date(2026, 2, 18))) == {}


def test_a_reminder_without_a_date_only_reminds(orders: ModuleType) -> None:
    """No date is made up: it has no deadline and is never called late."""
    found = orders.risks(Order(order_id="12-34567-89012", reminded_at=orders.ago(5)))
    assert list(found) == ["handling_time_risk"]
    assert found["handling_time_risk"].deadline.act_by is None


def test_nobody_is_told_to_ship_what_the_buyer_wants_to_cancel(orders: ModuleType) -> None:
    """A declined request lets the order go on."""
    facts = {"reminded_at": orders.ago(1), "ship_by": date(2026, 3, 4)}
    asked = orders.order(**facts, cancellation=orders.cancel(orders.ago(0.5)))
    declined = orders.order(**facts, cancellation=orders.cancel(orders.ago(0.5), state="declined"))
    assert "late_ship" not in orders.risks(asked)
    assert "late_ship" in orders.risks(declined)


def test_an_unpaid_order_need_not_leave(orders: ModuleType) -> None:
    """Without the payment nobody is told to ship in time."""
    due = orders.order(ship_by=date(2026, 3, 5))
    assert orders.risks(due)["handling_time_risk"].severity == "P2"
    assert "handling_time_risk" not in orders.risks(orders.order(ship_by=date(2026, 3, 5), paid_at=None))


def test_a_label_near_its_date(orders: ModuleType) -> None:
    """On the day itself, its page read and without a scan; a scan ends it."""
    near = orders.risks(orders.order(ship_by=date(2026, 3, 5), shipments=(orders.parcel(),)))["handling_time_risk"]
    assert (near.severity, near.since) == ("P2", orders.NOW.replace(hour=9))
    assert near.summary == "No scan of the Royal Mail parcel RB123456785GB yet; it is to leave by 5 March."
    scanned = orders.order(ship_by=date(2026, 3, 5), shipments=(orders.moving(orders.ago(0.5)),))
    assert "handling_time_risk" not in orders.risks(scanned)


def test_working_hours_skip_nights_and_weekends() -> None:
    """Eight hours before Monday 09:30 are Friday, half an hour after the day began."""
    monday = datetime(2026, 3, 9, 9, 30, tzinfo=LONDON)
    assert business_hours_before(monday, 8, "EBAY_GB") == datetime(2026, 3, 6, 9, 30, tzinfo=LONDON)
    end = datetime(2026, 3, 5, 23, 59, 59, tzinfo=LONDON)
    assert business_hours_before(end, 8, "EBAY_GB") == datetime(2026, 3, 5, 9, tzinfo=LONDON)
