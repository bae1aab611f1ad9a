"""What the buyer says of an item that did not come."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType

from agent.risks.assess import assess


def test_delivered_with_open_request(orders: ModuleType) -> None:
    """Delivered, and the buyer opened a request: it leads, and the request itself stays beside it."""
    opened = orders.ago(2)
    subject = orders.order(cases=(orders.request(opened),), shipments=(orders.delivered(orders.ago(4)),))
    found = assess(subject, orders.NOW).risks
    assert [risk.id for risk in found] == ["delivered_not_received", "inr_opened", "inr_due_soon"]
    assert not any(risk.superseded for risk in found)
    assert found[0].severity == "P1"
    assert found[0].deadline.conservative == opened + timedelta(days=3)
    assert set(found[0].because) == {"mail:inr", "look:1", "look:scan"}
    assert "1 March in Leeds" in found[0].summary


def test_delivered_after_the_request_says_so(orders: ModuleType) -> None:
    """The parcel came after the buyer lost patience: the sentence does not accuse."""
    subject = orders.order(cases=(orders.request(orders.ago(2)),), shipments=(orders.delivered(orders.ago(1)),))
    risk = orders.risks(subject)["delivered_not_received"]
    assert "after the buyer opened" in risk.summary
    assert risk.since == orders.ago(1)


def test_delivered_and_a_message(orders: ModuleType) -> None:
    """A message alone has one business day."""
    subject = orders.order(messages=(orders.complaint(orders.ago(1)),), shipments=(orders.delivered(orders.ago(3)),))
    risk = orders.risks(subject)["delivered_not_received"]
    assert risk.severity == "P1"
    assert risk.deadline.conservative == orders.NOW
    assert "not_received_message" not in orders.risks(subject)


def test_answered_complaint_about_a_delivery_is_watched(orders: ModuleType) -> None:
    """Once answered, the buyer's next word is awaited; a new one is urgent again."""
    first, again = orders.complaint(orders.ago(3)), orders.complaint(orders.ago(1), source="mail:again")
    parcels = (orders.delivered(orders.ago(4)),)
    contacts = (orders.answer(orders.ago(2)),)
    watched = orders.order(messages=(first,), shipments=parcels, contacts=contacts)
    assert orders.risks(watched)["delivered_not_received"].severity == "P3"
    urgent = orders.order(messages=(first, again), shipments=parcels, contacts=contacts)
    assert orders.risks(urgent)["delivered_not_received"].episode == "mail:again"
    assert orders.risks(urgent)["delivered_not_received"].severity == "P1"


def test_complaint_before_the_delivery_is_settled_by_it(orders: ModuleType) -> None:
    """Written three days before the parcel came: nothing is wrong any more."""
    subject = orders.order(messages=(orders.complaint(orders.ago(5)),), shipments=(orders.delivered(orders.ago(2)),))
    assert orders.risks(subject) == {}


def test_where_is_it_is_no_complaint_about_a_delivery(orders: ModuleType) -> None:
    """Only the words "did not arrive" contradict a delivery scan."""
    asked = orders.complaint(orders.ago(1), intent="where_is_it")
    assert orders.risks(orders.order(messages=(asked,), shipments=(orders.delivered(orders.ago(3)),))) == {}


def test_one_of_two_parcels_delivered_contradicts_nothing(orders: ModuleType) -> None:
    """The buyer may speak of the other parcel."""
    rest = orders.moving(orders.ago(1), tracking_number="RB000000005GB")
    subject = orders.order(
        messages=(orders.complaint(orders.ago(1)),), shipments=(orders.delivered(orders.ago(3)), rest)
    )
    assert set(orders.risks(subject)) == {"not_received_message"}


def test_unused_label_does_not_hide_a_delivery(orders: ModuleType) -> None:
    """A replaced label of a one-piece order is not awaited."""
    unused = orders.parcel(tracking_number="RB000000005GB")
    subject = orders.order(
        messages=(orders.complaint(orders.ago(1)),), shipments=(unused, orders.delivered(orders.ago(3)))
    )
    assert set(orders.risks(subject)) == {"delivered_not_received"}


def test_message_waits_one_business_day(orders: ModuleType) -> None:
    """Not arrived, no request, parcel on its way: answer within a business day."""
    subject = orders.order(messages=(orders.complaint(orders.ago(1)),), shipments=(orders.moving(orders.ago(1)),))
    risk = orders.risks(subject)["not_received_message"]
    assert risk.severity == "P2"
    assert risk.deadline.conservative == orders.NOW
    assert risk.deadline.nominal is not None
    assert risk.deadline.nominal.date() == orders.NOW.date()
    assert risk.because[0] == "mail:complaint"


def test_where_is_it_about_a_parcel_under_way_waits_for_an_answer(orders: ModuleType) -> None:
    """A question is no accusation, but unanswered it becomes a request."""
    asked = orders.complaint(orders.ago(1), intent="where_is_it")
    subject = orders.order(messages=(asked,), shipments=(orders.moving(orders.ago(1)),))
    risk = orders.risks(subject)["not_received_message"]
    assert risk.summary.startswith("The buyer wrote on ")
    assert "to ask where the item is." in risk.summary


def test_where_is_it_about_an_unsent_order_waits_for_the_ship_by_date(orders: ModuleType) -> None:
    """Before that date nothing is late; after it, the buyer misses something."""
    asked = orders.complaint(orders.ago(1), intent="where_is_it")
    early = orders.order(messages=(asked,), shipments=(), ship_by=orders.ago(-2).date())
    late = orders.order(messages=(asked,), shipments=(), ship_by=orders.ago(4).date())
    assert "not_received_message" not in orders.risks(early)
    assert "not_received_message" in orders.risks(late)


def test_message_is_ended_by_answer_thanks_or_request(orders: ModuleType) -> None:
    """A sent answer, the buyer's thanks, a request or a refund each end the waiting."""
    told = orders.complaint(orders.ago(2))
    thanks = orders.complaint(orders.ago(1), intent="thanks", source="mail:thanks")
    for subject in (
        orders.order(messages=(told,), contacts=(orders.answer(orders.ago(1)),)),
        orders.order(messages=(told, thanks)),
        orders.order(messages=(told,), cases=(orders.request(orders.ago(1)),)),
        orders.order(messages=(told,), refunded_at=orders.ago(1)),
    ):
        assert "not_received_message" not in orders.risks(subject)


def test_uncertain_answer_is_none(orders: ModuleType) -> None:
    """A reply that failed, or whose sending nobody can tell, leaves the buyer waiting."""
    for state in ("failed", "unknown"):
        subject = orders.order(
            messages=(orders.complaint(orders.ago(2)),), contacts=(orders.answer(orders.ago(1), state),)
        )
        assert "not_received_message" in orders.risks(subject)


def test_doubtful_words_raise_nothing(orders: ModuleType) -> None:
    """Below the wanted confidence nobody knows what the buyer meant."""
    assert orders.risks(orders.order(messages=(orders.complaint(orders.ago(1), confidence=0.3),))) == {}


def test_episode_is_the_first_unanswered_message(orders: ModuleType) -> None:
    """Writing twice does not move the deadline."""
    first, second = orders.complaint(orders.ago(2), source="mail:1"), orders.complaint(orders.ago(1), source="mail:2")
    risk = orders.risks(orders.order(messages=(first, second)))["not_received_message"]
    assert (risk.episode, risk.since) == ("mail:1", orders.ago(2))
