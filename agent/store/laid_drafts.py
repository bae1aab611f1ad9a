"""Which drafts lie in the seller's own Drafts folder, each as it was when it was put there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from agent.store.outbox import OutboxRow, find
from agent.store.tables import laid_drafts


@dataclass(frozen=True, kw_only=True)
class LaidDraft:
    """A draft in the folder, with the row of the outbox that it is of; a row that was purged is None."""

    message_id: str
    row: OutboxRow | None
    at: datetime
    missing_since: datetime | None = None
    """When it was first found to lie there no more."""


def laid(connection: Connection) -> list[LaidDraft]:
    """All of them, in the order in which they were put there."""
    query = select(laid_drafts).order_by(laid_drafts.c.at, laid_drafts.c.message_id)
    return [
        LaidDraft(
            message_id=one.message_id, row=find(connection, one.outbox_id), at=one.at, missing_since=one.missing_since
        )
        for one in connection.execute(query).all()
    ]


def lay(connection: Connection, drafts: Mapping[str, int], now: datetime) -> None:
    values = [{"message_id": message_id, "outbox_id": id_, "at": now} for message_id, id_ in drafts.items()]
    if values:
        connection.execute(insert(laid_drafts), values)


def miss(connection: Connection, message_id: str, since: datetime | None) -> None:
    """Keep since when it lies there no more; None where it is there again."""
    same = laid_drafts.c.message_id == message_id
    connection.execute(update(laid_drafts).where(same).values(missing_since=since))


def take_up(connection: Connection, message_ids: Iterable[str]) -> None:
    connection.execute(delete(laid_drafts).where(laid_drafts.c.message_id.in_(list(message_ids))))
