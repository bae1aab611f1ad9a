"""Orders as they stand, and when each must be judged again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from agent.codec import decisions_from_json, decisions_to_json, order_from_json, risks_from_json, risks_to_json
from agent.orders.history import history_of
from agent.orders.order import Order
from agent.policies.decision import Decision
from agent.risks.risk import Risk
from agent.store.tables import orders, remarks


@dataclass(frozen=True, kw_only=True)
class Judged:
    """An order with the risks it had when it was last judged."""

    order: Order
    risks: tuple[Risk, ...]
    decisions: tuple[Decision, ...]
    next_due_at: datetime | None


def due(connection: Connection, now: datetime) -> list[Judged]:
    """Orders whose judgement may have changed, by id: what a tick costs."""
    rows = connection.execute(select(orders).where(orders.c.next_due_at <= now).order_by(orders.c.order_id))
    return [_judged(row) for row in rows]


def every(connection: Connection) -> Iterator[Judged]:
    """All orders by id."""
    for row in connection.execute(select(orders).order_by(orders.c.order_id)):
        yield _judged(row)


def one(connection: Connection, order_id: str) -> Judged | None:
    row = connection.execute(select(orders).where(orders.c.order_id == order_id)).one_or_none()
    return _judged(row) if row else None


def at_risk(connection: Connection) -> list[Judged]:
    """Orders that had any risk when last judged."""
    rows = connection.execute(select(orders).where(orders.c.risks != "[]").order_by(orders.c.order_id))
    return [_judged(row) for row in rows]


def _judged(row: Row[Any]) -> Judged:
    return Judged(
        order=order_from_json(row.folded),
        risks=risks_from_json(row.risks),
        decisions=decisions_from_json(row.decisions),
        next_due_at=row.next_due_at,
    )


def save_judgement(connection: Connection, judged: Judged) -> None:
    """Keep risks, decisions and when to judge again; the order itself belongs to the log."""
    values = {
        "risks": risks_to_json(judged.risks),
        "decisions": decisions_to_json(judged.decisions),
        "next_due_at": judged.next_due_at,
    }
    connection.execute(update(orders).where(orders.c.order_id == judged.order.order_id).values(values))


def judge_all_again(connection: Connection, now: datetime) -> None:
    """Make every order due, after the rules or policies changed."""
    connection.execute(update(orders).values(next_due_at=now))


def buyer_orders(connection: Connection, buyer: str) -> int:
    """How many orders this shop knows of a buyer."""
    return connection.scalar(select(func.count()).select_from(orders).where(orders.c.buyer == buyer)) or 0


def orders_of_buyer(connection: Connection, buyer: str) -> list[Order]:
    rows = connection.scalars(select(orders.c.folded).where(orders.c.buyer == buyer).order_by(orders.c.order_id))
    return [order_from_json(text) for text in rows]


def with_history(connection: Connection, order: Order) -> Order:
    """The order with what this shop knows of its buyer; no buyer, no history."""
    if not order.buyer:
        return order
    return replace(order, history=history_of(orders_of_buyer(connection, order.buyer)))


def replace_remarks(connection: Connection, texts: tuple[str, ...], now: datetime) -> None:
    """What the guard refused in the latest round; an empty tuple clears it."""
    connection.execute(remarks.delete())
    for text in dict.fromkeys(texts):
        connection.execute(insert(remarks).values(text=text, at=now))


def current_remarks(connection: Connection) -> tuple[str, ...]:
    return tuple(connection.scalars(select(remarks.c.text).order_by(remarks.c.text)))
