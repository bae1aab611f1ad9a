"""What a closed request, case or dispute leaves behind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

import pytest

from agent.orders.order import Case, Order
from agent.risks.assess import assess


def decided(orders: ModuleType, outcome: str | None, days: float = 1, **facts: Any) -> Case:
    """A case that eBay was asked to decide, closed that many days ago."""
    plain = {"state": "closed", "escalated_at": orders.ago(days + 2), "closed_at": orders.ago(days), "outcome": outcome}
    return orders.request(orders.ago(days + 6), **{**plain, **facts})  # type: ignore[no-any-return]


def month_after(at: datetime) -> datetime:
    """Thirty times 24 hours later, whatever the clocks do meanwhile."""
    return at.astimezone(UTC) + timedelta(days=30)


def test_a_lost_case_may_be_appealed_for_thirty_days(orders: ModuleType) -> None:
    """The deadline is thirty days from the closing, six hours earlier by our count."""
    risk = orders.risks(orders.order(cases=(decided(orders, "buyer"),)))["case_lost_appealable"]
    assert risk.severity == "P2"
    assert risk.deadline.nominal == month_after(orders.ago(1))
    assert risk.deadline.act_by == month_after(orders.ago(1)) - timedelta(hours=6)
    assert "only with something new" in risk.advice


def test_an_appeal_names_a_delivery_that_counts(orders: ModuleType) -> None:
    """What was delivered before the case closed is worth an appeal; what came after is not."""
    case = decided(orders, "buyer", 2)
    before = orders.risks(orders.order(cases=(case,), shipments=(orders.delivered(orders.ago(3)),)))
    after = orders.risks(orders.order(cases=(case,), shipments=(orders.delivered(orders.ago(1)),)))
    assert "with the delivery of 2 March" in before["case_lost_appealable"].advice
    assert "only with something new" in after["case_lost_appealable"].advice
    assert "New since" in after["case_lost_appealable"].summary


@pytest.mark.parametrize(
    "facts",
    [
        {"outcome": "seller"},
        {"outcome": "withdrawn"},
        {"outcome": None},
        {"escalated_at": None},  # closed for the buyer because the seller refunded
        {"closed_at": None},
        {"kind": "payment_dispute"},
        {"state": "open", "closed_at": None},
    ],
)
def test_no_appeal_without_a_decision_of_ebay_against_the_seller(orders: ModuleType, facts: dict[str, Any]) -> None:
    """Won, withdrawn, undecided, settled by the seller, or the bank's decision: nothing to appeal."""
    case = decided(orders, facts.pop("outcome", "buyer"), **facts)
    assert "case_lost_appealable" not in orders.risks(orders.order(cases=(case,)))


def test_no_appeal_after_its_time_or_after_the_sellers_own_refund(orders: ModuleType) -> None:
    """Thirty days later it is over; a refund before eBay stepped in was the seller's choice."""
    assert "case_lost_appealable" not in orders.risks(orders.order(cases=(decided(orders, "buyer", 31),)))
    refunded = orders.order(cases=(decided(orders, "buyer"),), refunded_at=orders.ago(5))
    assert "case_lost_appealable" not in orders.risks(refunded)


def test_what_was_left_unanswered_ebay_decides_unasked(orders: ModuleType) -> None:
    """Closed for the buyer after the time to answer, and not refunded in time: that was eBay's decision too."""
    case = decided(orders, "buyer", escalated_at=None, respond_by=orders.ago(4).date())
    assert "case_lost_appealable" in orders.risks(orders.order(cases=(case,)))
    assert "case_lost_appealable" in orders.risks(orders.order(cases=(case,), refunded_at=orders.ago(1)))
    assert "case_lost_appealable" not in orders.risks(orders.order(cases=(case,), refunded_at=orders.ago(5)))
    early = decided(orders, "buyer", 4.5, escalated_at=None, respond_by=orders.ago(2).date())
    assert "case_lost_appealable" not in orders.risks(orders.order(cases=(early,)))


def test_a_won_case_is_news_for_three_days(orders: ModuleType) -> None:
    """Then the order is quiet again, and due until then."""
    fresh = orders.order(cases=(decided(orders, "seller", 2),))
    assert orders.risks(fresh)["case_won"].severity == "P4"
    assert assess(fresh, orders.NOW).next_due_at == orders.ago(-1)
    assert orders.risks(orders.order(cases=(decided(orders, "seller", 4),))) == {}


def test_a_request_that_the_delivery_closed(orders: ModuleType) -> None:
    """Closed without a decision, after the parcel was delivered; not where it never was, nor where eBay decided."""
    closed = orders.request(orders.ago(5), state="closed", closed_at=orders.ago(1), outcome="unknown")
    found = orders.risks(orders.order(cases=(closed,), shipments=(orders.delivered(orders.ago(2)),)))
    assert found["inr_closed_delivered"].severity == "P4"
    assert orders.risks(orders.order(cases=(closed,), shipments=(orders.moving(orders.ago(2)),))) == {}
    decided_case = orders.order(cases=(decided(orders, "buyer"),), shipments=(orders.delivered(orders.ago(2)),))
    assert "inr_closed_delivered" not in orders.risks(decided_case)
    old = orders.request(orders.ago(9), state="closed", closed_at=orders.ago(4), outcome="unknown")
    assert orders.risks(orders.order(cases=(old,), shipments=(orders.delivered(orders.ago(5)),))) == {}


def test_a_lost_dispute_may_be_brought_to_ebay(orders: ModuleType) -> None:
    """Thirty calendar days; a dispute that was won is good news instead."""
    lost = decided(orders, "buyer", kind="payment_dispute", escalated_at=None)
    risk = orders.risks(orders.order(cases=(lost,)))["dispute_lost_appealable"]
    assert (risk.severity, risk.deadline.nominal) == ("P3", month_after(orders.ago(1)))
    won = decided(orders, "seller", kind="payment_dispute", escalated_at=None)
    assert set(orders.risks(orders.order(cases=(won,)))) == {"case_won"}
    late = decided(orders, "buyer", 31, kind="payment_dispute", escalated_at=None)
    assert orders.risks(orders.order(cases=(late,))) == {}


def test_due_soon_is_the_last_day_of_an_unanswered_request(orders: ModuleType) -> None:
    """From a day before the earliest date on, until a human says it is handled or eBay steps in."""
    opened = orders.ago(2.1)  # Tuesday morning: due on Friday morning
    risk = orders.risks(orders.order(cases=(orders.request(opened),)))["inr_due_soon"]
    assert (risk.severity, risk.since) == ("P1", opened + timedelta(days=2))
    assert risk.deadline.conservative == opened + timedelta(days=3)
    assert "is due by 6 March" in risk.summary
    early = orders.order(cases=(orders.request(orders.ago(1.9)),))
    assert "inr_due_soon" not in orders.risks(early)
    assert assess(early, orders.NOW).next_due_at == orders.ago(-0.1)


def test_due_soon_is_silent_once_somebody_saw_to_it(orders: ModuleType) -> None:
    """A word about the request, eBay's decision, a hold: none leaves an answer to give."""
    opened = orders.ago(2.5)
    spoken = orders.order(cases=(orders.request(opened),), human=(orders.handled(orders.ago(1), "inr_opened"),))
    held = orders.order(cases=(orders.request(opened, state="on_hold"),))
    case = orders.order(cases=(orders.request(opened, state="escalated", escalated_at=orders.ago(0.5)),))
    for subject in (spoken, held, case):
        assert "inr_due_soon" not in orders.risks(subject)
    over = orders.order(cases=(orders.request(orders.ago(6)),))
    assert "was due by" in orders.risks(over)["inr_due_soon"].summary


def order_with(orders: ModuleType, *names: str) -> Order:
    """An order with processes of these kinds running."""
    cases = {
        "dispute": orders.request(orders.ago(1), kind="payment_dispute", request_id="D"),
        "lost": decided(orders, "buyer", 1, request_id="L"),
        "case": orders.request(orders.ago(4), state="escalated", escalated_at=orders.ago(1), request_id="C"),
        "request": orders.request(orders.ago(1), request_id="R"),
    }
    facts: dict[str, Any] = {"cases": tuple(case for name, case in cases.items() if name in names)}
    if "cancellation" in names:
        facts["cancellation"] = orders.cancel(orders.ago(1))
    if "tracking" in names:
        facts["shipments"] = (orders.moving(orders.ago(9)),)
    return orders.order(**facts)  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("names", "lead", "below"),
    [
        (("dispute", "lost"), "payment_dispute", "case_lost_appealable"),
        (("dispute", "case", "request"), "payment_dispute", "inr_escalated"),
        (("case", "request"), "inr_escalated", "inr_opened"),
        (("case", "cancellation"), "inr_escalated", "cancel_before_ship"),
        (("request", "cancellation"), "inr_opened", "cancel_before_ship"),
        (("cancellation", "tracking"), "cancel_after_ship", "stalled_in_transit"),
        (("request", "tracking"), "inr_opened", "stalled_in_transit"),
    ],
)
def test_one_process_is_acted_on(orders: ModuleType, names: tuple[str, ...], lead: str, below: str) -> None:
    """Dispute over case over request over cancellation over tracking; what is below stays listed, superseded."""
    found = assess(order_with(orders, *names), orders.NOW).risks
    assert found[0].id == lead
    assert {risk.id: risk.superseded for risk in found}[below]


def test_a_chance_to_appeal_hides_no_request(orders: ModuleType) -> None:
    """No mail tells that an appeal runs, so what wants an answer is not superseded by the mere chance."""
    found = orders.risks(order_with(orders, "lost", "request"))
    assert not found["inr_opened"].superseded
    assert not found["case_lost_appealable"].superseded
