"""How cases end, what was not paid, what is held, what was left as feedback: as mails tell it, however they arrive."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import permutations

import pytest

from agent.orders.fold import Logged, fold
from agent.orders.order import Order
from agent.vocabulary import events as ev
from agent.vocabulary.events import AnyEvent
from agent.vocabulary.values import Money

START = datetime(2026, 11, 2, 9, tzinfo=UTC)


def told(*events: AnyEvent) -> Order:
    """The order after these events, an hour apart, whatever the order of their arrival."""
    log = []
    for hours, event in enumerate(events):
        at = START + timedelta(hours=hours)
        log.append(Logged(id=f"e{hours}", event=replace(event, occurred_at=at, seen_at=at, source=f"mail:{hours}")))
    orders = [fold("02-15111-27350", arrived) for arrived in permutations(log)]
    assert all(order == orders[0] for order in orders)
    return orders[0]


OPENED = ev.InrOpened(request_id="53")
FOR_BUYER = ev.CaseClosed(request_id="53", outcome="buyer")
FOR_SELLER = ev.CaseClosed(request_id="53", outcome="seller")
ENDED = ev.CaseClosed(request_id="53")


@pytest.mark.parametrize(
    ("ends", "outcome", "hours"),
    [
        ((FOR_BUYER,), "buyer", 1),
        ((FOR_BUYER, FOR_BUYER), "buyer", 1),
        ((FOR_BUYER, ENDED), "buyer", 1),
        ((ENDED, FOR_SELLER), "seller", 1),
        ((FOR_BUYER, FOR_SELLER), "seller", 2),
    ],
)
def test_a_repeated_end_moves_no_date(ends: tuple[AnyEvent, ...], outcome: str, hours: int) -> None:
    """The time to appeal runs from the first mail; a decision that turns is a new one."""
    (case,) = told(OPENED, *ends).cases
    assert (case.state, case.outcome, case.closed_at) == ("closed", outcome, START + timedelta(hours=hours))


def test_a_sale_is_unpaid_where_its_mail_says_so() -> None:
    """Until a payment is told, by its own mail or by the sale's again; silence about it says nothing."""
    assert told(ev.OrderSold(paid=False)).unpaid_since == START
    assert told(ev.OrderSold()).unpaid_since is None
    assert told(ev.OrderSold(paid=False), ev.OrderPaid()).unpaid_since is None
    assert told(ev.OrderSold(paid=False), ev.OrderSold(paid=True)).unpaid_since is None


def test_held_money_and_feedback_are_kept_with_their_days() -> None:
    """The last hold counts; feedback counts where its mail says how it rates."""
    held = Money(Decimal(30), "EUR")
    order = told(ev.FundsHeld(amount=held), ev.FeedbackLeft(), ev.FeedbackLeft(rating="neutral"))
    assert (order.held_at, order.held) == (START, held)
    assert [(left.rating, left.at, left.source) for left in order.feedback] == [
        ("neutral", START + timedelta(hours=2), "mail:2")
    ]
