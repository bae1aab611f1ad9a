"""How an order follows from what mails say, in whatever order they came."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import permutations

import pytest

from agent.orders.fold import Logged, fold
from agent.orders.items import merged
from agent.orders.order import Order
from agent.vocabulary import events as ev
from agent.vocabulary.events import AnyEvent
from agent.vocabulary.status import TrackingStatus
from agent.vocabulary.values import Item, Money

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
FIRST, SECOND = "9400111206040724873645", "9400111206038259031791"


def told(*events: AnyEvent) -> Order:
    """The order after these events, an hour apart; asserted to be the same however they arrived."""
    log = []
    for hours, event in enumerate(events):
        at = event.occurred_at or START + timedelta(hours=hours)
        log.append(Logged(id=f"e{hours}", event=replace(event, occurred_at=at, seen_at=at, source=f"mail:{hours}")))
    orders = [fold("02-15111-27350", arrived) for arrived in permutations(log)]
    assert all(order == orders[0] for order in orders)
    return orders[0]


def money(value: str, currency: str = "USD") -> Money:
    return Money(Decimal(value), currency)


def test_a_payment_alone_tells_what_was_sold() -> None:
    """The sale's own mail never came: the payment's names the item."""
    lamp = Item(title="Brass lamp", item_id="315500120934")
    assert told(ev.OrderPaid(items=(lamp,))).items == (lamp,)


def test_a_reminder_fills_what_no_sale_told() -> None:
    """A reminder of an order from before we watched names date and item, and no day of sale."""
    lamp = Item(title="Brass lamp")
    order = told(ev.ShipReminder(ship_by=date(2026, 11, 4), items=(lamp,)))
    assert (order.ship_by, order.items, order.reminded_at) == (date(2026, 11, 4), (lamp,), START)
    assert order.sold_at is None


def test_a_writer_does_not_become_the_buyer() -> None:
    """Another member's message stays that member's; where nothing else tells the buyer, the writer is taken for it."""
    message = ev.BuyerMessage(text="Where is it?", intent="where_is_it", language="en", buyer="loud_writer")
    order = told(ev.OrderSold(buyer="quiet_reader", items=(Item(title="Brass lamp"),)), message)
    assert (order.buyer, order.messages[0].buyer) == ("quiet_reader", "loud_writer")
    assert told(message).buyer == "loud_writer"


@pytest.mark.parametrize("event", [ev.Other(), ev.FeedbackLeft()])
def test_a_mention_says_nothing_of_the_order(event: AnyEvent) -> None:
    """A mail that merely names an order leaves all its facts absent."""
    order = told(event)
    assert order == Order(order_id="02-15111-27350")


def test_sold_and_paid_is_one_sale() -> None:
    """Two mails of one sale: a title cut short and a missing price take nothing away."""
    whole = Item(title="Brass lamp with a green shade", item_id="315500120934", price=money("64"))
    order = told(ev.OrderSold(items=(whole,)), ev.OrderSold(items=(Item(title="Brass lamp with…"),), paid=True))
    assert order.items == (whole,)
    assert order.paid_at == START + timedelta(hours=1)


def test_two_sale_mails_of_one_order_add_up() -> None:
    """One mail for each item of a combined order: both items are the order's."""
    lamp, shade = Item(title="Lamp", item_id="315500120934"), Item(title="Shade", item_id="315500120935")
    assert merged((lamp,), (shade,)) == (lamp, shade)
    assert merged((lamp, shade), (lamp,)) == (lamp, shade)
    assert merged((lamp, shade), (Item(title="Two things"),)) == (lamp, shade)


@pytest.mark.parametrize(
    ("amounts", "whole"),
    [(["20"], False), (["20", "20"], False), (["20", "55"], True), (["70"], True), ([None], True)],
)
def test_a_refund_of_a_part_is_none(amounts: list[str | None], whole: bool) -> None:
    """Only with about the whole price back is the buyer repaid; the same amount told twice is one refund."""
    refunds = [ev.RefundIssued(amount=money(amount) if amount else None) for amount in amounts]
    order = told(ev.OrderSold(total=money("75")), *refunds)
    assert (order.refunded_at is not None) is whole


def test_a_refund_in_another_currency_counts_as_whole() -> None:
    """What cannot be compared is not called a part."""
    assert told(ev.OrderSold(total=money("75")), ev.RefundIssued(amount=money("40", "GBP"))).refunded_at is not None


@pytest.mark.parametrize(
    "end",
    [ev.CaseClosed(request_id="5300001"), ev.RefundIssued(), ev.OrderCancelled(), ev.PaymentDisputeClosed()],
)
def test_what_was_hardly_read_ends_nothing(end: AnyEvent) -> None:
    """A closing read with little confidence may be another order's: the matter stays open for a human."""
    opened = (ev.InrOpened(request_id="5300001"), ev.PaymentDisputeOpened(request_id="5300002"))
    order = told(*opened, replace(end, confidence=0.6))
    assert [case.state for case in order.cases] == ["open", "open"]
    assert (order.refunded_at, order.cancellation) == (None, None)


def test_steps_of_a_return() -> None:
    """Each step replaces the one before with its date; a refund or an end closes the return."""
    opened = ev.ReturnOpened(request_id="5300001", respond_by=date(2026, 11, 5))
    sent = ev.ReturnUpdate(request_id="5300001", status="shipped")
    back = ev.ReturnUpdate(request_id="5300001", status="delivered_to_seller", respond_by=date(2026, 11, 12))
    done = ev.ReturnUpdate(request_id="5300001", status="refunded")
    assert [(c.step, c.respond_by, c.state) for c in told(opened, sent).cases] == [("shipped", None, "open")]
    assert told(opened, sent, back).cases[0].respond_by == date(2026, 11, 12)
    assert told(opened, sent, back, done).cases[0].state == "closed"
    assert told(opened, ev.ReturnUpdate(request_id="5300001", status="escalated")).cases[0].state == "escalated"
    held = ev.ReturnUpdate(request_id="5300001", status="on_hold")
    assert [told(opened, held).cases[0].state, told(opened, held, sent).cases[0].state] == ["on_hold", "open"]


def test_a_returned_item_delivered_is_no_delivery_of_the_sale() -> None:
    """What comes back to the seller says nothing about the parcel that went out."""
    order = told(
        ev.LabelBought(tracking_number=FIRST, carrier="usps"),
        ev.ReturnUpdate(request_id="5300001", status="delivered_to_seller"),
    )
    assert [parcel.status for parcel in order.shipments] == [TrackingStatus.UNKNOWN]


def test_a_closing_does_not_end_another_kind() -> None:
    """A closed case with a number of its own ends neither a return nor a dispute that happens to be open."""
    order = told(
        ev.ReturnOpened(request_id="5300001"),
        ev.PaymentDisputeOpened(request_id="5300002"),
        ev.CaseClosed(request_id="5300003", outcome="seller"),
    )
    assert [case.state for case in order.cases] == ["open", "open"]


def test_a_case_under_a_new_number_ends_its_request() -> None:
    """eBay gives an escalated request another number: closing that one closes it."""
    order = told(
        ev.InrOpened(request_id="5300001"), ev.InrEscalated(request_id="5400001"), ev.CaseClosed(outcome="buyer")
    )
    assert [(case.state, case.outcome) for case in order.cases] == [("closed", "buyer")]


def test_a_declined_cancellation_is_over_until_asked_again() -> None:
    """Declined, it waits for nobody; a new request is a new one; once cancelled it stays so."""
    asked = ev.CancellationRequested(request_id="5300001", respond_by=date(2026, 11, 5))
    declined = ev.Other(news="cancellation_declined")
    again = ev.CancellationRequested(request_id="5300002")

    over, anew = told(asked, declined).cancellation, told(asked, declined, again).cancellation
    assert over is not None
    assert over.state == "declined"
    assert anew is not None
    assert (anew.state, anew.request_id, anew.respond_by) == ("requested", "5300002", None)
    cancelled = told(asked, ev.OrderCancelled(), declined).cancellation
    assert cancelled is not None
    assert cancelled.state == "cancelled"
    assert told(declined).cancellation is None


def label(number: str) -> ev.LabelBought:
    return ev.LabelBought(tracking_number=number, carrier="usps")


def test_a_voided_label_is_no_parcel() -> None:
    """The number named goes; without one, the only unused label does, and of two none."""
    void = ev.Other(news="label_voided", tracking_number=FIRST)
    nameless = ev.Other(news="label_voided")
    assert [p.tracking_number for p in told(label(FIRST), label(SECOND), void).shipments] == [SECOND]
    assert told(label(FIRST), nameless).shipments == ()
    assert len(told(label(FIRST), label(SECOND), nameless).shipments) == 2
    assert [p.tracking_number for p in told(label(FIRST), nameless, label(SECOND)).shipments] == [SECOND]


def test_a_scanned_parcel_is_never_voided() -> None:
    """The carrier has it, whatever became of the label."""
    scan = ev.TrackingUpdate(tracking_number=FIRST, carrier="usps", status=TrackingStatus.IN_TRANSIT)
    void = ev.Other(news="label_voided", tracking_number=FIRST)
    assert [p.tracking_number for p in told(label(FIRST), scan, void).shipments] == [FIRST]


def test_label_and_tracking_added_are_one_parcel() -> None:
    """The label's mail and eBay's word that tracking was added name the same number."""
    assert len(told(label(FIRST), ev.LabelBought(tracking_number=FIRST)).shipments) == 1
