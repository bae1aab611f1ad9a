"""What is known of a buyer across orders, in a real SQLite."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from agent.store import open_store
from agent.store.log import Entry, append
from agent.store.orders import due, one, save_judgement, with_history
from agent.vocabulary.events import AnyEvent, InrOpened, OrderSold

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
FIRST, SECOND, OTHER = "27-13930-98148", "02-15262-92402", "02-15262-92403"


def sold(order_id: str, buyer: str) -> OrderSold:
    return OrderSold(occurred_at=NOW, seen_at=NOW, source=f"mail:{order_id}", order_id=order_id, buyer=buyer)


def entry(event: AnyEvent) -> Entry:
    return Entry(id=f"{event.source} {event.type}", event=event)


def test_a_request_makes_the_buyers_other_orders_due() -> None:
    """A pattern is judged across orders, so a request with one is news for the others; other buyers' rest."""
    later = NOW + timedelta(hours=1)
    with open_store("sqlite://").begin() as connection:
        append(connection, [entry(sold(FIRST, "anna")), entry(sold(SECOND, "anna")), entry(sold(OTHER, "ben"))], NOW)
        for judged in due(connection, NOW):
            save_judgement(connection, type(judged)(order=judged.order, risks=(), decisions=(), next_due_at=None))
        assert due(connection, later) == []

        inr = InrOpened(occurred_at=later, seen_at=later, source="mail:inr", order_id=FIRST, request_id="5300001")
        append(connection, [entry(inr)], later)

        assert {judged.order.order_id for judged in due(connection, later)} == {FIRST, SECOND}
        quiet = one(connection, SECOND)
        assert quiet is not None
        history = with_history(connection, quiet.order).history
        assert history is not None
        assert history.orders == 2
        assert [(past.order_id, past.opened_at) for past in history.requests] == [(FIRST, later)]
