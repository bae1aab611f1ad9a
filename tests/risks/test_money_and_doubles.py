"""Money that is held, unpaid, or asked for twice; returns that never come."""

from __future__ import annotations

from datetime import UTC, timedelta
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest

from agent.risks.assess import assess
from agent.vocabulary.values import Money


def test_held_money_is_a_line_with_its_cause(orders: ModuleType) -> None:
    """The open request explains it; without one the seller looks."""
    held = {"held_at": orders.ago(1), "held": Money(Decimal("31.50"), "GBP")}
    plain = orders.risks(orders.order(**held))["payment_hold"]
    assert (plain.severity, plain.deadline.act_by) == ("P3", None)
    assert "31.50 GBP" in plain.summary
    caused = orders.risks(orders.order(cases=(orders.request(orders.ago(1)),), **held))["payment_hold"]
    assert "because of the item-not-received request" in caused.summary
    assert not caused.superseded
    closed = orders.request(orders.ago(5), state="closed", closed_at=orders.ago(0.5), outcome="unknown")
    assert "released" in orders.risks(orders.order(cases=(closed,), **held))["payment_hold"].advice


def test_money_is_not_held_where_it_went_back(orders: ModuleType) -> None:
    """A refund or a cancellation ends it, and so does a month without news; of a sale that nobody saw it is none."""
    assert "payment_hold" not in orders.risks(orders.order(held_at=orders.ago(2), sold_at=None, paid_at=None))
    assert "payment_hold" not in orders.risks(orders.order(held_at=orders.ago(2), refunded_at=orders.ago(1)))
    gone = orders.cancel(orders.ago(2), state="cancelled", cancelled_at=orders.ago(1))
    assert "payment_hold" not in orders.risks(orders.order(held_at=orders.ago(2), cancellation=gone))
    assert "payment_hold" not in orders.risks(orders.order(held_at=orders.ago(31)))


def unpaid(orders: ModuleType, days: float, **facts: Any) -> Any:
    """An order that its mail called unpaid that long ago."""
    plain = {"paid_at": None, "ship_by": None, "sold_at": orders.ago(days), "unpaid_since": orders.ago(days)}
    return orders.order(**{**plain, **facts})


def test_an_unpaid_sale_may_be_cancelled_from_the_fourth_day(orders: ModuleType) -> None:
    """Until thirty days after the sale; before the fourth day it is only awaited."""
    risk = orders.risks(unpaid(orders, 5))["unpaid_item"]
    assert (risk.severity, risk.since) == ("P4", orders.ago(1))
    assert risk.deadline.nominal == orders.ago(5).astimezone(UTC) + timedelta(days=30)
    assert "unpaid_item" not in orders.risks(unpaid(orders, 3))
    assert assess(unpaid(orders, 3), orders.NOW).next_due_at == orders.ago(-1)
    assert "unpaid_item" not in orders.risks(unpaid(orders, 31))


@pytest.mark.parametrize("paid", ["paid_at", "reminded_at", "unknown", "scanned", "request"])
def test_what_shows_that_it_was_paid(orders: ModuleType, paid: str) -> None:
    """A payment, eBay's reminder to ship, a scanned parcel, a request; and a sale whose mail did not say."""
    facts: dict[str, Any] = {
        "paid_at": {"paid_at": orders.ago(1)},
        "reminded_at": {"reminded_at": orders.ago(1)},
        "unknown": {"unpaid_since": None},
        "scanned": {"shipments": (orders.moving(orders.ago(1)),)},
        "request": {"cases": (orders.request(orders.ago(1)),)},
    }[paid]
    assert "unpaid_item" not in orders.risks(unpaid(orders, 5, **facts))


def test_a_dispute_beside_a_refund_asks_for_the_money_twice(orders: ModuleType) -> None:
    """At once and most urgent, and it is never superseded."""
    dispute = orders.request(orders.ago(1), kind="payment_dispute", request_id="D1")
    risk = orders.risks(orders.order(cases=(dispute,), refunded_at=orders.ago(3)))["double_resolution"]
    assert (risk.severity, risk.deadline.act_by) == ("P1", orders.ago(1))
    assert not risk.superseded
    assert "double_resolution" not in orders.risks(orders.order(cases=(dispute,)))


def test_a_request_may_stay_open_a_while_after_its_refund(orders: ModuleType) -> None:
    """Two days for the mail that closes it; one that is opened after the refund is a second way at once."""
    case = orders.request(orders.ago(3))
    assert "double_resolution" not in orders.risks(orders.order(cases=(case,), refunded_at=orders.ago(1)))
    assert "double_resolution" in orders.risks(orders.order(cases=(case,), refunded_at=orders.ago(2.5)))
    assert "double_resolution" in orders.risks(orders.order(cases=(case,), refunded_at=orders.ago(3.5)))
    closed = orders.request(orders.ago(3), state="closed", closed_at=orders.ago(2), outcome="buyer")
    assert "double_resolution" not in orders.risks(orders.order(cases=(closed,), refunded_at=orders.ago(2.5)))


def test_a_return_beside_a_request(orders: ModuleType) -> None:
    """Who did not receive it cannot send it back; a dispute, which closes both, is no second way beside them."""
    both = (orders.request(orders.ago(3)), orders.request(orders.ago(1), kind="return", request_id="R", step="opened"))
    assert orders.risks(orders.order(cases=both))["double_resolution"].since == orders.ago(1)
    dispute = orders.request(orders.ago(1), kind="payment_dispute", request_id="D1")
    assert "double_resolution" not in orders.risks(orders.order(cases=(*both, dispute)))
    assert "double_resolution" not in orders.risks(orders.order(cases=(both[0], dispute)))
    assert "double_resolution" not in orders.risks(orders.order(cases=both[:1]))


def test_a_return_that_nobody_sends(orders: ModuleType) -> None:
    """Ten business days after it was accepted; a month later it is over, and a sent one is on its way."""

    def back(days: float, step: str) -> Any:
        case = orders.request(orders.ago(days + 1), kind="return", step=step, step_at=orders.ago(days))
        return orders.order(cases=(case,))

    risk = orders.risks(back(15, "approved"))["return_not_shipped"]
    assert (risk.severity, risk.deadline.act_by) == ("P4", None)
    assert risk.since == orders.ago(1)  # Wednesday, 18 February, and ten business days
    assert "return_not_shipped" in orders.risks(back(15, "label_provided"))
    assert "return_not_shipped" not in orders.risks(back(13, "approved"))
    assert assess(back(13, "approved"), orders.NOW).next_due_at == orders.ago(-1)
    assert "return_not_shipped" not in orders.risks(back(15, "shipped"))
    assert "return_not_shipped" not in orders.risks(back(50, "approved"))
