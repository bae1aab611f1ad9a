"""Mails as they came: whole, compressed, before the mailbox's cursor moves."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from agent.store.tables import mailboxes, mails, seen
from agent.vocabulary.status import Authenticity, Unread
from mail.raw import RawMail


@dataclass(frozen=True, kw_only=True)
class StoredMail:
    """A mail that waits to be read."""

    id: str
    mailbox: str
    raw: bytes
    too_big: bool
    received_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class MailVerdict:
    """What reading a mail gave, as far as the store keeps it beside its events."""

    message_id: str | None
    sender: str | None
    subject: str | None
    date: datetime | None
    authenticity: Authenticity
    authenticity_reason: str
    claims: str | None
    reader: str | None
    unread: Unread | None
    trace: tuple[str, ...]
    events: int


def is_seen(connection: Connection, mailbox: str, id_: str) -> bool:
    where = (seen.c.mailbox == mailbox) & (seen.c.id == id_)
    return connection.scalar(select(func.count()).select_from(seen).where(where)) != 0


def keep_mail(connection: Connection, id_: str, mail: RawMail, now: datetime) -> bool:
    """Store a mail once under its content identity, whatever route it takes; True where it is new."""
    new = connection.scalar(select(mails.c.id).where(mails.c.id == id_)) is None
    if new:
        row = {
            "id": id_,
            "mailbox": mail.mailbox,
            "raw": zlib.compress(mail.raw),
            "too_big": mail.too_big,
            "received_at": mail.received_at,
            "stored_at": now,
        }
        connection.execute(insert(mails).values(row))
    remember(connection, mail.mailbox, mail.id, id_)
    return new


def remember(connection: Connection, mailbox: str, mailbox_id: str, mail_id: str | None = None) -> None:
    """Note an id as seen; of a mail that is none of ours nothing else is kept."""
    if not is_seen(connection, mailbox, mailbox_id):
        connection.execute(insert(seen).values(mailbox=mailbox, id=mailbox_id, mail_id=mail_id))


def waiting(connection: Connection, limit: int = 100) -> list[StoredMail]:
    """Stored mails that nobody read yet, oldest first."""
    rows = connection.execute(
        select(mails).where(mails.c.read_at.is_(None)).order_by(mails.c.stored_at, mails.c.id).limit(limit)
    )
    return [_stored(row) for row in rows]


def _stored(row: Row[Any]) -> StoredMail:
    return StoredMail(
        id=row.id,
        mailbox=row.mailbox,
        raw=zlib.decompress(row.raw),
        too_big=row.too_big,
        received_at=row.received_at,
    )


def record_verdict(connection: Connection, id_: str, verdict: MailVerdict, now: datetime) -> None:
    values = {
        "read_at": now,
        "message_id": verdict.message_id,
        "sender": verdict.sender,
        "subject": verdict.subject,
        "date": verdict.date,
        "authenticity": verdict.authenticity.value,
        "authenticity_reason": verdict.authenticity_reason,
        "claims": verdict.claims,
        "reader": verdict.reader,
        "unread": verdict.unread.value if verdict.unread else None,
        "trace": json.dumps(verdict.trace, ensure_ascii=False),
        "events": verdict.events,
    }
    connection.execute(update(mails).where(mails.c.id == id_).values(values))


@dataclass(frozen=True, kw_only=True)
class MailboxState:
    """How a mailbox does, as of its last round."""

    name: str
    cursor: str | None = None
    last_read_at: datetime | None = None
    failing_since: datetime | None = None
    error: str | None = None
    note: str | None = None


def mailbox_state(connection: Connection, name: str) -> MailboxState:
    row = connection.execute(select(mailboxes).where(mailboxes.c.name == name)).one_or_none()
    return MailboxState(**row._mapping) if row else MailboxState(name=name)


def save_mailbox(connection: Connection, state: MailboxState) -> None:
    values = {
        "cursor": state.cursor,
        "last_read_at": state.last_read_at,
        "failing_since": state.failing_since,
        "error": state.error,
        "note": state.note,
    }
    if connection.execute(update(mailboxes).where(mailboxes.c.name == state.name).values(values)).rowcount == 0:
        connection.execute(insert(mailboxes).values(name=state.name, **values))
