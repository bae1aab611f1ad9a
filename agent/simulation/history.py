"""The log with the time at which each of its entries was known to the shop."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, func, select

from agent.codec import event_from_json
from agent.store.log import Entry
from agent.store.tables import events, mails


@dataclass(frozen=True, kw_only=True)
class Known:
    """One entry of the log, and since when it was known."""

    at: datetime
    entry: Entry
    message_id: str | None = None
    """Of the mail that told it: an answer is threaded by it."""


@dataclass(frozen=True, kw_only=True)
class History:
    """A shop's log in the order in which it became known."""

    entries: tuple[Known, ...] = ()
    began: datetime | None = None
    """When orderwatch first read the shop's mail; None where the log is empty."""
    backfilled: int = 0
    """Entries of mails that came before that: known from their arrival on, when no carrier's page was looked at yet."""


def history(connection: Connection) -> History:
    """What the store's log held when.

    What came while we watched was known when we saw it. A mail that came before orderwatch first ran was read late for
    that reason alone: it counts from its own arrival on.
    """
    began = connection.scalar(select(func.min(events.c.seen_at)))
    query = (
        select(
            events.c.id, events.c.payload, events.c.seen_at, events.c.mail_id, mails.c.received_at, mails.c.message_id
        )
        .outerjoin(mails, mails.c.id == events.c.mail_id)
        .order_by(events.c.seq)
    )
    found: list[Known] = []
    backfilled = 0
    for row in connection.execute(query):
        event, at = event_from_json(row.payload), row.seen_at
        if row.received_at is not None and row.received_at < began:
            at, backfilled = row.received_at, backfilled + 1
            event = replace(event, seen_at=at)
        entry = Entry(id=row.id, event=event, mail_id=row.mail_id)
        found.append(Known(at=at, entry=entry, message_id=row.message_id))
    found.sort(key=lambda known: known.at)  # stable: what was known at once stays in the order of the log
    return History(entries=tuple(found), began=began, backfilled=backfilled)
