"""Notices that a reply of ours did not get through: each is looked at once, and told of the order it belongs to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from agent.store import Store, outbox
from agent.store.approvals import settle, unanswered_mails
from agent.store.log import Entry, append
from agent.store.mails import StoredMail
from agent.vocabulary.events import ReplyBounced
from mail.bounces import BOUNCE, returned_ids


def bounce(store: Store, now: datetime) -> int:
    """Find whose replies came back; how many. A notice of nothing that we sent changes nothing."""
    with store.begin() as connection:
        waiting = unanswered_mails(connection, BOUNCE, now)
    found = 0
    for mail in waiting:
        with store.begin() as connection:
            entries = _entries(connection, mail, now)
            append(connection, entries, now)
            settle(connection, mail.id, now, taken=bool(entries), said=None)
        found += len(entries)
    return found


def _entries(connection: Connection, mail: StoredMail, now: datetime) -> list[Entry]:
    """One for each reply that left, or may have, and that the notice names."""
    named = outbox.by_message_id(connection, returned_ids(mail.raw))
    return [_logged(row, mail, now) for row in named if row.state in ("sent", "unknown")]


def _logged(row: outbox.OutboxRow, mail: StoredMail, now: datetime) -> Entry:
    event = ReplyBounced(
        occurred_at=mail.received_at or now,
        seen_at=now,
        source=f"mail:{mail.id[:16]}",
        order_id=row.order_id,
        outbox_id=str(row.id),
    )
    return Entry(id=f"bounce {row.key}", event=event, mail_id=mail.id)
