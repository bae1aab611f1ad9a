"""The buyer wants to cancel."""

from __future__ import annotations

from datetime import date, timedelta
from types import ModuleType

from agent.risks.assess import assess
from agent.vocabulary.status import TrackingStatus


def test_nothing_shipped(orders: ModuleType) -> None:
    """No parcel is known: do not ship, answer within three calendar days."""
    asked = orders.ago(1)
    risk = orders.risks(orders.order(cancellation=orders.cancel(asked)))["cancel_before_ship"]
    assert risk.severity == "P1"
    assert risk.deadline.nominal == asked + timedelta(days=3)
    assert risk.deadline.act_by == asked + timedelta(days=3) - timedelta(hours=6)
    assert "Do not ship" in risk.advice
    assert risk.because == ("mail:cancel",)


def test_label_without_a_scan_is_a_race(orders: ModuleType) -> None:
    """The label exists: stop the parcel before it is handed over; and the sentence tells when nobody looked."""
    subject = orders.order(cancellation=orders.cancel(orders.ago(1)), shipments=(orders.parcel(),))
    risk = orders.risks(subject)["cancel_before_ship"]
    assert risk.advice.startswith("Stop the parcel")
    assert "not read lately" not in risk.summary
    blind = orders.unseen(orders.parcel(), since=orders.ago(hours=20))
    unsure = orders.order(cancellation=orders.cancel(orders.ago(1)), shipments=(blind,))
    assert "not read lately" in orders.risks(unsure)["cancel_before_ship"].summary


def test_handed_over_before_the_request(orders: ModuleType) -> None:
    """The carrier has it: decline with date and number."""
    subject = orders.order(cancellation=orders.cancel(orders.ago(1)), shipments=(orders.moving(orders.ago(2)),))
    found = orders.risks(subject)
    assert set(found) == {"cancel_after_ship"}
    assert found["cancel_after_ship"].severity == "P1"
    assert "handed over on 20 February" in found["cancel_after_ship"].summary


def test_handed_over_after_the_request(orders: ModuleType) -> None:
    """The race was lost: it is shipped now, and the sentence says in which order things happened."""
    gone = orders.moving(orders.ago(1), first_scan_at=orders.ago(1))
    subject = orders.order(cancellation=orders.cancel(orders.ago(2)), shipments=(gone,))
    assert "after the request" in orders.risks(subject)["cancel_after_ship"].summary


def test_printed_answer_date_counts(orders: ModuleType) -> None:
    """eBay's own earlier date beats three days."""
    asked = orders.cancel(orders.ago(1), respond_by=date(2026, 3, 6))
    deadline = orders.risks(orders.order(cancellation=asked))["cancel_before_ship"].deadline
    assert deadline.act_by == orders.NOW.replace(day=6, hour=17, minute=59, second=59)


def test_cancelled_or_lapsed_request_raises_nothing(orders: ModuleType) -> None:
    """Once cancelled, or so old that nobody could cancel any more, there is nothing to answer."""
    done = orders.cancel(orders.ago(3), state="cancelled", cancelled_at=orders.ago(2))
    assert orders.risks(orders.order(cancellation=done)) == {}
    assert orders.risks(orders.order(cancellation=orders.cancel(orders.ago(40)))) == {}


def test_scan_after_the_cancellation(orders: ModuleType) -> None:
    """Cancelled, and then the parcel leaves: goods without payment. One that returns is none."""
    done = orders.cancel(orders.ago(3), state="cancelled", cancelled_at=orders.ago(2))
    gone = orders.moving(orders.ago(1), first_scan_at=orders.ago(1))
    found = orders.risks(orders.order(cancellation=done, shipments=(gone,)))
    assert set(found) == {"shipped_after_cancel"}
    back = orders.moving(orders.ago(1), first_scan_at=orders.ago(1), status=TrackingStatus.RETURNING)
    assert orders.risks(orders.order(cancellation=done, shipments=(back,))) == {}


def test_a_label_makes_it_a_race(orders: ModuleType) -> None:
    """A label without a scan: half a day less than for the answer, told with the clock of label and look."""
    asked = orders.ago(1)
    label = orders.parcel(known_since=orders.ago(hours=22))
    risk = orders.risks(orders.order(cancellation=orders.cancel(asked), shipments=(label,)))["cancel_race"]
    assert risk.severity == "P1"
    assert risk.deadline.nominal == asked + timedelta(days=3)
    assert risk.deadline.act_by == asked + timedelta(days=3) - timedelta(hours=12)
    assert "Label printed 4 March 14:00 GMT, no scan at the last look 5 March 11:00 GMT." in risk.summary
    assert risk.because == ("mail:cancel", "look:1")


def test_no_race_without_a_label_or_after_a_scan(orders: ModuleType) -> None:
    """With nothing to stop, and with a parcel that has left, there is none."""
    asked = orders.cancel(orders.ago(1))
    assert "cancel_race" not in orders.risks(orders.order(cancellation=asked))
    gone = orders.order(cancellation=asked, shipments=(orders.moving(orders.ago(2)),))
    assert "cancel_race" not in orders.risks(gone)


def test_the_race_leads(orders: ModuleType) -> None:
    """It is due before the answer, so it stands first."""
    subject = orders.order(cancellation=orders.cancel(orders.ago(1)), shipments=(orders.parcel(),))
    assert list(orders.risks(subject))[:2] == ["cancel_race", "cancel_before_ship"]


def test_an_unanswered_request_expires(orders: ModuleType) -> None:
    """After the days to answer it is no race and no urgent answer any more, but something to look after."""
    subject = orders.order(cancellation=orders.cancel(orders.ago(4)), shipments=(orders.parcel(),))
    found = orders.risks(subject)
    assert found["cancel_expired"].severity == "P2"
    assert found["cancel_expired"].since == orders.ago(1)
    assert "ended on 4 March" in found["cancel_expired"].summary
    assert not found.keys() & {"cancel_race", "cancel_before_ship", "cancel_after_ship"}
    in_time = orders.order(cancellation=orders.cancel(orders.ago(2.9)), shipments=(orders.parcel(),))
    assert "cancel_expired" not in orders.risks(in_time)


def test_a_later_printed_date_keeps_it_open(orders: ModuleType) -> None:
    """As long as eBay's own date runs, the request is no expired one."""
    asked = orders.cancel(orders.ago(4), respond_by=date(2026, 3, 6))
    assert "cancel_before_ship" in orders.risks(orders.order(cancellation=asked))


def test_the_end_of_the_time_to_answer_is_judged_when_it_comes(orders: ModuleType) -> None:
    """Nothing need happen for it: the order is due again at that instant."""
    asked = orders.ago(2)
    subject = orders.order(cancellation=orders.cancel(asked), paid_at=None, ship_by=None)
    assert assess(subject, orders.NOW).next_due_at == asked + timedelta(days=3)
