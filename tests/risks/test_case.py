"""Requests, returns and disputes at eBay."""

from __future__ import annotations

from datetime import date, timedelta
from types import ModuleType
from typing import Any

import pytest

from agent.orders.order import Case, Order
from agent.risks.assess import assess


def test_open_request_is_urgent_until_three_business_days(orders: ModuleType) -> None:
    """A request opened on Tuesday wants its answer by Friday, six hours earlier by our count."""
    opened = orders.ago(2)
    risk = orders.risks(orders.order(cases=(orders.request(opened),)))["inr_opened"]
    assert risk.severity == "P1"
    assert risk.since == opened
    assert risk.episode == "5300001"
    assert risk.deadline.conservative == opened + timedelta(days=3)
    assert risk.deadline.act_by == opened + timedelta(days=3) - timedelta(hours=6)
    assert risk.because == ("mail:inr",)
    assert "3 March" in risk.summary


def test_closed_request_raises_nothing(orders: ModuleType) -> None:
    """A request that was closed is over, for whomever it ended."""
    closed = orders.request(orders.ago(9), state="closed", closed_at=orders.ago(5), outcome="seller")
    assert orders.risks(orders.order(cases=(closed,))) == {}


def test_printed_date_shows_where_it_differs(orders: ModuleType) -> None:
    """eBay prints an earlier day: it counts, and the sentence says so."""
    case = orders.request(orders.ago(2), respond_by=date(2026, 3, 5))
    risk = orders.risks(orders.order(cases=(case,)))["inr_opened"]
    assert risk.deadline.printed == date(2026, 3, 5)
    assert risk.deadline.act_by == orders.NOW.replace(hour=17, minute=59, second=59)
    assert "eBay prints 5 March" in risk.summary


def test_request_on_hold_is_less_urgent(orders: ModuleType) -> None:
    """eBay asked the buyer to wait: still open, not for today."""
    risk = orders.risks(orders.order(cases=(orders.request(orders.ago(2), state="on_hold"),)))["inr_opened"]
    assert risk.severity == "P2"
    assert "on hold" in risk.summary


def test_forgotten_request_is_only_watched(orders: ModuleType) -> None:
    """Idle for 21 business days it closes by itself; its closing mail may be missing."""
    subject = orders.order(cases=(orders.request(orders.ago(45)),))
    assert orders.risks(subject)["inr_opened"].severity == "P3"
    assert orders.risks(orders.order(cases=(orders.request(orders.ago(25)),)))["inr_opened"].severity == "P1"


def test_escalated_case_leads_over_its_request(orders: ModuleType) -> None:
    """eBay decides within two days; the request stays listed, superseded."""
    case = orders.request(orders.ago(5), state="escalated", escalated_at=orders.ago(1))
    found = assess(orders.order(cases=(case,)), orders.NOW).risks
    assert [(risk.id, risk.superseded) for risk in found] == [("inr_escalated", False), ("inr_opened", True)]
    assert found[0].deadline.nominal == orders.ago(1) + timedelta(days=2)


def test_answer_date_of_the_request_is_none_of_the_case(orders: ModuleType) -> None:
    """A date printed before eBay stepped in says nothing about eBay's decision."""
    case = orders.request(orders.ago(8), state="escalated", escalated_at=orders.ago(1), respond_by=date(2026, 3, 2))
    assert orders.risks(orders.order(cases=(case,)))["inr_escalated"].deadline.printed is None


def test_return_wants_an_answer(orders: ModuleType) -> None:
    """A return has three business days as well."""
    case = orders.request(orders.ago(2), kind="return")
    risk = orders.risks(orders.order(cases=(case,)))["return_opened"]
    assert risk.deadline.conservative == orders.ago(2) + timedelta(days=3)


def test_payment_dispute_supersedes_everything(orders: ModuleType) -> None:
    """A dispute has five calendar days, and nothing else of the order is acted on beside it."""
    dispute = orders.request(orders.ago(1), kind="payment_dispute", request_id="D1", origins=("mail:dispute",))
    subject = orders.order(
        cases=(orders.request(orders.ago(2)), dispute),
        cancellation=orders.cancel(orders.ago(1)),
        shipments=(orders.moving(orders.ago(9)),),
    )
    found = assess(subject, orders.NOW).risks
    assert found[0].id == "payment_dispute"
    assert found[0].deadline.nominal == orders.ago(1) + timedelta(days=5)
    assert {risk.id for risk in found if not risk.superseded} == {"payment_dispute"}
    assert {"inr_opened", "cancel_after_ship", "stalled_in_transit"} <= {risk.id for risk in found}


def test_request_supersedes_the_standstill(orders: ModuleType) -> None:
    """Once the buyer opened a request, the stalled parcel is only its reason."""
    subject = orders.order(cases=(orders.request(orders.ago(1)),), shipments=(orders.moving(orders.ago(9)),))
    found = orders.risks(subject)
    assert found["stalled_in_transit"].superseded
    assert not found["inr_opened"].superseded


def test_human_word_ends_the_episode_and_not_the_next(orders: ModuleType) -> None:
    """`handled` counts for what stood when it was said; a later request is shown again."""
    old, new = orders.request(orders.ago(4), request_id="1"), orders.request(orders.ago(1), request_id="2")
    subject = orders.order(cases=(old, new), human=(orders.handled(orders.ago(2), "inr_opened"),))
    assert [(risk.episode, risk.handled) for risk in assess(subject, orders.NOW).risks] == [("2", False), ("1", True)]


def test_handled_without_a_risk_means_all(orders: ModuleType) -> None:
    """A word about the order ends all that stands; a word about another risk ends nothing."""
    case = orders.request(orders.ago(2))
    assert orders.risks(orders.order(cases=(case,), human=(orders.handled(orders.ago(1)),)))["inr_opened"].handled
    other = orders.order(cases=(case,), human=(orders.handled(orders.ago(1), "stalled_in_transit"),))
    assert not orders.risks(other)["inr_opened"].handled


def test_old_return_or_dispute_is_only_watched(orders: ModuleType) -> None:
    """A month after its last date it must have ended, though no mail said so."""
    for kind, risk in (("return", "return_opened"), ("payment_dispute", "payment_dispute")):
        for days, severity in ((20, "P1"), (60, "P3")):
            subject = orders.order(cases=(orders.request(orders.ago(days), kind=kind),))
            assert orders.risks(subject)[risk].severity == severity


def back(orders: ModuleType, **facts: Any) -> Case:
    """A return that was opened nine days ago."""
    plain: dict[str, Any] = {"kind": "return", "opened_at": orders.ago(9), "step": "opened", "step_at": orders.ago(9)}
    return orders.request(orders.ago(9), **{**plain, **facts})  # type: ignore[no-any-return]


@pytest.mark.parametrize("step", ["approved", "label_provided", "shipped", "declined"])
def test_an_answered_return_asks_nothing(orders: ModuleType, step: str) -> None:
    """Until the item is back it is the buyer's and the carrier's turn."""
    case = back(orders, step=step, step_at=orders.ago(3))
    assert orders.risks(orders.order(cases=(case,))) == {}


def test_a_returned_item_wants_its_refund_in_two_business_days(orders: ModuleType) -> None:
    """Counted from the day it came back, not from the opening of the return."""
    case = back(orders, step="delivered_to_seller", step_at=orders.ago(1))
    risk = orders.risks(orders.order(cases=(case,)))["return_delivered_refund_due"]
    assert (risk.severity, risk.since) == ("P1", orders.ago(1))
    assert risk.deadline.conservative == orders.ago(-1)
    assert orders.risks(orders.order(cases=(case,), refunded_at=orders.ago(0.5))) == {}


def test_a_return_that_ebay_decides_stays_urgent(orders: ModuleType) -> None:
    """However far it had got: eBay was asked to step in."""
    case = back(orders, state="escalated", escalated_at=orders.ago(1), step="escalated", step_at=orders.ago(1))
    risk = orders.risks(orders.order(cases=(case,)))["return_opened"]
    assert risk.severity == "P1"
    assert "step in on a return" in risk.summary


def test_a_return_known_by_an_update_only_has_no_day_of_opening(orders: ModuleType) -> None:
    """The sentence says what eBay wrote, not when the buyer opened it."""
    risk = orders.risks(orders.order(cases=(back(orders, step=None, step_at=None),)))["return_opened"]
    assert "opened a return" not in risk.summary


def test_an_order_from_before_we_watched_is_not_called_unshipped(orders: ModuleType) -> None:
    """Nothing is known of the sale: neither summary nor advice says that nothing was sent."""
    unknown = Order(order_id="12-34567-89012", cases=(orders.request(orders.ago(1)),))
    assert orders.risks(unknown)["inr_opened"].advice.startswith("Add the tracking number")
    asked = Order(order_id="12-34567-89012", cancellation=orders.cancel(orders.ago(1)))
    assert "nothing was shipped" not in orders.risks(asked)["cancel_before_ship"].summary
