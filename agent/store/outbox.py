"""Replies on their way: a row first, keyed, and never two for one key.

`awaiting_approval`, `queued` → `sending` → `sent`, `failed`, `unknown`; `rejected`, `expired`; `observed`: what observe
mode would have written. A row found in `sending` at start was cut off: its outcome is `unknown` and it goes to the
seller, never out again by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, func, insert, or_, select, update

from agent.store.tables import outbox

State = Literal[
    "awaiting_approval", "queued", "sending", "sent", "failed", "unknown", "rejected", "expired", "observed"
]
WAITING: tuple[State, ...] = ("awaiting_approval", "queued", "observed")
NEVER_LEFT: tuple[State, ...] = ("observed", "expired")
"""Nothing came of these: when the same is wanted again, the row is taken over."""


STALE = timedelta(days=2)
"""A reply asks for an answer within two days: one that has waited as long is written anew."""


class NotWaiting(Exception):
    """A draft that cannot be changed any more; the message says why."""


@dataclass(frozen=True, kw_only=True)
class NewRow:
    """A reply that is wanted. `recipient` is empty where the buyer cannot be written to by mail; `reason` says why."""

    key: str
    order_id: str
    buyer: str | None
    policy: str
    risk: str
    episode: str
    situation: str
    language: str
    state: State
    recipient: str
    subject: str
    body: str
    in_reply_to: str | None
    message_id: str
    reason: str | None = None
    not_before: datetime | None = None
    """Until when a queued reply waits, for quiet hours."""


@dataclass(frozen=True, kw_only=True)
class OutboxRow(NewRow):
    """A reply as it lies in the outbox."""

    id: int
    created_at: datetime
    updated_at: datetime
    edited: bool = False
    """A human's words."""

    @property
    def stale_at(self) -> datetime | None:
        """When the days that a waiting text names are too old; None of what a human wrote, or what leaves."""
        waits = self.state in ("awaiting_approval", "observed") and not self.edited
        return self.updated_at + STALE if waits else None


def put(connection: Connection, row: NewRow, now: datetime) -> bool:
    """Add a row unless its key is there; one that came to nothing is taken over. True where something changed."""
    known = connection.execute(select(outbox.c.id, outbox.c.state).where(outbox.c.key == row.key)).one_or_none()
    if known is None:
        connection.execute(insert(outbox).values(**asdict(row), created_at=now, updated_at=now))
        return True
    if known.state in NEVER_LEFT and row.state != known.state:
        connection.execute(update(outbox).where(outbox.c.id == known.id).values(**asdict(row), updated_at=now))
        return True
    return False


def rows(connection: Connection, states: Iterable[State] | None = None, order_id: str | None = None) -> list[OutboxRow]:
    """Rows in the order in which they were made."""
    query = select(outbox).order_by(outbox.c.id)
    if states is not None:
        query = query.where(outbox.c.state.in_(list(states)))
    if order_id is not None:
        query = query.where(outbox.c.order_id == order_id)
    return [OutboxRow(**row._mapping) for row in connection.execute(query)]


def rows_of_buyers(connection: Connection, buyers: Collection[str]) -> list[OutboxRow]:
    """Every row to these buyers, for the limits of policies."""
    whom = or_(outbox.c.buyer.in_(buyers), outbox.c.recipient.in_(buyers))
    return [OutboxRow(**row._mapping) for row in connection.execute(select(outbox).where(whom).order_by(outbox.c.id))]


def rows_since(connection: Connection, since: datetime) -> list[OutboxRow]:
    """Rows that changed since then, for the caps."""
    query = select(outbox).where(outbox.c.updated_at >= since).order_by(outbox.c.id)
    return [OutboxRow(**row._mapping) for row in connection.execute(query)]


def find(connection: Connection, id_: int) -> OutboxRow | None:
    row = connection.execute(select(outbox).where(outbox.c.id == id_)).one_or_none()
    return OutboxRow(**row._mapping) if row else None


def by_message_id(connection: Connection, message_ids: Collection[str]) -> list[OutboxRow]:
    """The rows that left, or would have, under these Message-IDs."""
    query = select(outbox).where(outbox.c.message_id.in_(list(message_ids))).order_by(outbox.c.id)
    return [OutboxRow(**row._mapping) for row in connection.execute(query)]


def change(connection: Connection, id_: int, state: State, now: datetime, reason: str | None = None) -> None:
    values = {"state": state, "updated_at": now, "reason": reason}
    connection.execute(update(outbox).where(outbox.c.id == id_).values(values))


def decide(connection: Connection, id_: int, state: State, now: datetime) -> OutboxRow:
    """A human's word on a waiting draft; raises NotWaiting."""
    row = find(connection, id_)
    if row is None:
        raise NotWaiting(f"there is no draft {id_}: `orderwatch drafts` lists them")
    if row.state != "awaiting_approval":
        why = f" ({row.reason})" if row.reason else ""
        raise NotWaiting(f"draft {id_} is {row.state.replace('_', ' ')}{why}: nothing waits for your word")
    change(connection, id_, state, now)
    return row


def rewrite(connection: Connection, id_: int, body: str, now: datetime) -> None:
    """A human's text for a draft that still waits; raises NotWaiting."""
    row = find(connection, id_)
    if row is None or row.state != "awaiting_approval":
        raise NotWaiting(f"draft {id_} does not wait: `orderwatch drafts` lists those that do")
    connection.execute(update(outbox).where(outbox.c.id == id_).values(body=body, updated_at=now, edited=True))


def renew(connection: Connection, row: NewRow, now: datetime) -> bool:
    """Write a text anew that has waited too long; True where it says something else now."""
    known = next((one for one in rows(connection, WAITING, row.order_id) if one.key == row.key), None)
    if known is None or known.stale_at is None or known.stale_at > now:
        return False
    values = {"subject": row.subject, "body": row.body, "recipient": row.recipient, "in_reply_to": row.in_reply_to}
    connection.execute(update(outbox).where(outbox.c.id == known.id).values(**values, updated_at=now))
    return known.body != row.body


def recover(connection: Connection, now: datetime) -> list[OutboxRow]:
    """Rows that a crash left in `sending` become `unknown`; they are returned."""
    cut_off = rows(connection, ["sending"])
    for row in cut_off:
        change(connection, row.id, "unknown", now, "stopped while sending: it may have left, or not")
    return cut_off


def counts(connection: Connection) -> dict[str, int]:
    """State → number of rows."""
    query = select(outbox.c.state, func.count().label("n")).group_by(outbox.c.state)
    return {row.state: row.n for row in connection.execute(query)}
