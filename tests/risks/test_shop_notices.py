"""What all orders together tell: rules that changed, and where the shop's figures go."""

from __future__ import annotations

from datetime import date
from types import ModuleType
from typing import Any

from agent.orders.history import history_of
from agent.orders.order import Order
from agent.risks.assess import assess
from agent.risks.drift import rule_drift
from agent.risks.metrics import metrics_warning
from agent.risks.risk import Notice


def drifts(orders: ModuleType, *subjects: Order) -> tuple[Notice, ...]:
    return rule_drift((one, assess(one, orders.NOW).risks) for one in subjects)


def test_another_printed_date_is_a_notice_of_its_rule(orders: ModuleType) -> None:
    """One for all orders alike, naming the figure and the file to mend; a date as computed is none."""
    case = orders.request(orders.ago(2), respond_by=date(2026, 3, 5))
    (notice,) = drifts(orders, orders.order(cases=(case,)), orders.order(order_id="2", cases=(case,)))
    assert (notice.id, notice.severity) == ("rule_drift", "P3")
    assert "5 March" in notice.text
    assert "6 March" in notice.text
    assert "1 more order alike" in notice.text
    assert "set inr_answer_business_days in rules/ebay_gb.yaml" in notice.text
    agreed = orders.request(orders.ago(2), respond_by=date(2026, 3, 6))
    assert drifts(orders, orders.order(cases=(agreed,))) == ()
    assert drifts(orders, orders.order(cases=(orders.request(orders.ago(2)),))) == ()


def test_no_drift_of_what_is_handled_or_no_rule(orders: ModuleType) -> None:
    """Once seen to it is no news; when eBay will decide is its own matter."""
    case = orders.request(orders.ago(2), respond_by=date(2026, 3, 5))
    assert drifts(orders, orders.order(cases=(case,), human=(orders.handled(orders.ago(1)),))) == ()
    decides = orders.request(orders.ago(9), state="escalated", escalated_at=orders.ago(1), respond_by=date(2026, 3, 20))
    assert all("inr_answer" in notice.text for notice in drifts(orders, orders.order(cases=(decides,))))


def sales(orders: ModuleType, count: int, days: float, *cases: Any) -> list[Order]:
    """That many orders of a day; the first ones have these cases."""
    return [
        orders.order(order_id=f"{days}-{index}", sold_at=orders.ago(days), cases=cases[index : index + 1])
        for index in range(count)
    ]


def lost(orders: ModuleType, days: float) -> Any:
    facts = {"state": "closed", "outcome": "buyer", "closed_at": orders.ago(days), "escalated_at": orders.ago(days + 1)}
    return orders.request(orders.ago(days + 4), **facts)


def warning(orders: ModuleType, sold: list[Order]) -> Notice | None:
    return metrics_warning(sold, orders.NOW, orders.LONDON, "EBAY_GB")


def test_lost_cases_near_the_limit(orders: ModuleType) -> None:
    """Two of a hundred are; one is not, nor two that the seller settled, nor any share of a few orders."""
    cases = (lost(orders, 60), lost(orders, 70))
    found = warning(orders, sales(orders, 100, 90, *cases))
    assert found is not None
    assert (found.id, found.severity) == ("metrics_warning", "P3")
    assert "2 of 100 orders" in found.text
    assert "20 March" in found.text
    assert warning(orders, sales(orders, 100, 90, cases[0])) is None
    settled = orders.request(orders.ago(80), state="closed", outcome="buyer", closed_at=orders.ago(60))
    assert warning(orders, sales(orders, 100, 90, settled, settled)) is None
    assert warning(orders, sales(orders, 40, 90, *cases)) is None
    assert warning(orders, sales(orders, 100, 400, *cases)) is None


def test_requests_that_grow(orders: ModuleType) -> None:
    """Three in a month on twenty sales, after one on eighty; as many as ever are no trend."""
    fresh = [orders.request(orders.ago(5), request_id=str(n)) for n in range(3)]
    old = orders.request(orders.ago(80))
    found = warning(orders, sales(orders, 20, 20, *fresh) + sales(orders, 80, 90, old))
    assert found is not None
    assert "3 item-not-received requests in 30 days on 20 sales, after 1 on the 80 sales before" in found.text
    assert warning(orders, sales(orders, 20, 20, *fresh[:2]) + sales(orders, 80, 90, old)) is None
    assert warning(orders, sales(orders, 20, 20, *fresh) + sales(orders, 80, 90, *[old] * 12)) is None


def test_history_tells_requests_of_all_orders_oldest_first(orders: ModuleType) -> None:
    """With how they ended."""
    first, second = sales(orders, 1, 90, lost(orders, 60)), sales(orders, 2, 20, orders.request(orders.ago(5)))
    history = history_of([*second, *first])
    assert history.orders == 3
    assert [(one.opened_at, one.outcome) for one in history.requests] == [
        (orders.ago(64), "buyer"),
        (orders.ago(5), None),
    ]
