"""Mails as they came: whole, compressed, before the mailbox's cursor moves."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from agent.store.bulk import read_by, write
from agent.store.tables import mailboxes, mails, seen
from agent.vocabulary.status import Authenticity, Unread
from mail.boxes.raw import RawMail

_LEVEL = 1  # half the time of the usual level, for a tenth more bytes


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


def seen_before(connection: Connection, mailbox: str, ids: Sequence[str]) -> frozenset[str]:
    """Which of these ids a mailbox showed before."""
    query = select(seen.c.id).where(seen.c.mailbox == mailbox)
    return frozenset(row.id for row in read_by(connection, query, seen.c.id, ids))


def keep_mails(connection: Connection, found: Mapping[str, RawMail], now: datetime) -> list[StoredMail]:
    """Store mails once under their content identity, whatever route they take; those that are new."""
    known = {row.id for row in read_by(connection, select(mails.c.id), mails.c.id, found)}
    new = {id_: mail for id_, mail in found.items() if id_ not in known}
    rows = [
        {
            "id": id_,
            "mailbox": mail.mailbox,
            "raw": zlib.compress(mail.raw, _LEVEL),
            "too_big": mail.too_big,
            "received_at": mail.received_at,
            "stored_at": now,
        }
        for id_, mail in new.items()
    ]
    write(connection, insert(mails), rows)
    return [
        StoredMail(id=id_, mailbox=mail.mailbox, raw=mail.raw, too_big=mail.too_big, received_at=mail.received_at)
        for id_, mail in new.items()
    ]


def remember(connection: Connection, mailbox: str, mail_ids: Mapping[str, str | None]) -> None:
    """Note a mailbox's ids as seen, with the mail each stands for; of one that is none of ours nothing else is kept."""
    known = seen_before(connection, mailbox, list(mail_ids))
    rows = [{"mailbox": mailbox, "id": id_, "mail_id": mail} for id_, mail in mail_ids.items() if id_ not in known]
    write(connection, insert(seen), rows)


def waiting(connection: Connection, limit: int = 5_000) -> list[str]:
    """Ids of stored mails that nobody read yet, oldest first."""
    unread = select(mails.c.id).where(mails.c.read_at.is_(None)).order_by(mails.c.stored_at, mails.c.id).limit(limit)
    return list(connection.scalars(unread))


def read_again(connection: Connection, since: datetime) -> int:
    """Let what no reader understood since then wait to be read once more; how many mails."""
    unread = mails.c.unread.in_((Unread.NO_READER.value, Unread.UNREADABLE.value))
    wanted = unread & (mails.c.stored_at > since) & mails.c.read_at.is_not(None)
    return connection.execute(update(mails).where(wanted).values(read_at=None)).rowcount


def load_mails(connection: Connection, ids: Sequence[str]) -> list[StoredMail]:
    """Mails as they were stored, in the order of their ids here."""
    wanted = select(mails.c.id, mails.c.mailbox, mails.c.raw, mails.c.too_big, mails.c.received_at)
    rows = {row.id: row for row in read_by(connection, wanted, mails.c.id, ids)}
    return [_stored(rows[id_]) for id_ in ids if id_ in rows]


def newest_of_ours(connection: Connection, mailbox: str, limit: int) -> list[str]:
    """Ids of a mailbox's newest mails that say to come from eBay or a carrier, newest first."""
    ours = (mails.c.mailbox == mailbox) & mails.c.claims.is_not(None)
    return list(connection.scalars(select(mails.c.id).where(ours).order_by(mails.c.stored_at.desc()).limit(limit)))


def _stored(row: Row[Any]) -> StoredMail:
    return StoredMail(
        id=row.id,
        mailbox=row.mailbox,
        raw=zlib.decompress(row.raw),
        too_big=row.too_big,
        received_at=row.received_at,
    )


def record_verdicts(connection: Connection, verdicts: Mapping[str, MailVerdict], now: datetime) -> None:
    """What reading gave, by the mails' ids."""
    rows = [
        {
            "of": id_,
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
        for id_, verdict in verdicts.items()
    ]
    write(connection, update(mails).where(mails.c.id == bindparam("of")), rows)


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
