"""What a shop knows of a buyer, from the buyer's orders."""

from __future__ import annotations

from collections.abc import Iterable

from agent.orders.order import BuyerHistory, Order, PastRequest


def history_of(orders: Iterable[Order]) -> BuyerHistory:
    """How many orders one buyer placed, and every request, return and dispute of theirs."""
    known = list(orders)
    requests = [
        PastRequest(
            order_id=order.order_id,
            kind=case.kind,
            opened_at=case.opened_at,
            escalated=case.escalated_at is not None,
            closed_at=case.closed_at,
            outcome=case.outcome,
        )
        for order in known
        for case in order.cases
    ]
    return BuyerHistory(
        orders=len(known), requests=tuple(sorted(requests, key=lambda one: (one.opened_at, one.order_id)))
    )
