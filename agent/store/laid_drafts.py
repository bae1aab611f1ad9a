"""Which drafts lie in the seller's own Drafts folder, each as it was when it was put there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from agent.store.tables import laid_drafts


def laid(connection: Connection) -> dict[str, int]:
    """Message-ID → row of the outbox."""
    return {row.message_id: row.outbox_id for row in connection.execute(select(laid_drafts))}


def lay(connection: Connection, drafts: Mapping[str, int], now: datetime) -> None:
    values = [{"message_id": message_id, "outbox_id": id_, "at": now} for message_id, id_ in drafts.items()]
    if values:
        connection.execute(insert(laid_drafts), values)


def take_up(connection: Connection, message_ids: Iterable[str]) -> None:
    connection.execute(delete(laid_drafts).where(laid_drafts.c.message_id.in_(list(message_ids))))
