"""Mailboxes to the log: store what could be ours, whole, then read it.

Two commits a mail: it is a row before the cursor moves, and its events, its orders and what the reader said of it are
one transaction. A stop between the two loses nothing: what is stored and not read is read by the next round.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from sqlalchemy.exc import SQLAlchemyError

from agent.store import Store
from agent.store.log import Entry, append
from agent.store.mails import (
    MailboxState,
    MailVerdict,
    StoredMail,
    is_seen,
    keep_mail,
    mailbox_state,
    record_verdict,
    remember,
    save_mailbox,
    waiting,
)
from agent.vocabulary.events import AnyEvent, Event
from agent.vocabulary.status import Authenticity, Unread
from agent.vocabulary.values import Moment
from mail.message import parse_headers
from mail.raw import Batch, Refused, Source, Transient
from mail.reader import Reading

ReadMail = Callable[[bytes, str | None], Reading]


@dataclass(frozen=True, kw_only=True)
class Inbox:
    """A mailbox and what the seller configured of it."""

    source: Source
    receiver: str | None
    site: str | None
    """The shop's home site, where a mail does not tell its own."""


@dataclass(frozen=True, kw_only=True)
class Ingested:
    """Counts of one round."""

    mails: int = 0
    """Mails stored that were not known."""
    read: int = 0
    events: int = 0
    unread: int = 0
    hostile: int = 0
    down: tuple[str, ...] = ()
    """Names of mailboxes that could not be read."""


def ingest(store: Store, inboxes: tuple[Inbox, ...], read: ReadMail, now: datetime) -> Ingested:
    """Fetch from every mailbox, then read what waits."""
    results = [_fetch(store, inbox.source, now) for inbox in inboxes]
    receivers = {inbox.source.name: inbox for inbox in inboxes}
    done = Ingested(
        mails=sum(count for count in results if count is not None),
        down=tuple(inbox.source.name for inbox, count in zip(inboxes, results, strict=True) if count is None),
    )
    while batch := _waiting(store):
        for stored in batch:
            done = _add(done, _read_one(store, stored, receivers.get(stored.mailbox), read, now))
    return done


def _fetch(store: Store, source: Source, now: datetime) -> int | None:
    """Store what is new of one mailbox; None where it cannot be reached, which is recorded."""
    with store.begin() as connection:
        state = mailbox_state(connection, source.name)
    fresh = 0
    try:
        for batch in source.batches(state.cursor, lambda id_: _known(store, source.name, id_)):
            state = replace(state, cursor=batch.cursor or state.cursor, note=batch.note or state.note)
            fresh += _keep(store, source.name, batch, state, now)
    except (Transient, Refused) as error:
        state = replace(state, error=str(error), failing_since=state.failing_since or now)
    else:
        state = replace(state, error=None, failing_since=None, last_read_at=now)
    with store.begin() as connection:
        save_mailbox(connection, state)
    return None if state.error else fresh


def _known(store: Store, mailbox: str, id_: str) -> bool:
    with store.begin() as connection:
        return is_seen(connection, mailbox, id_)


def _keep(store: Store, mailbox: str, batch: Batch, state: MailboxState, now: datetime) -> int:
    fresh = 0
    with store.begin() as connection:
        for mail in batch.mails:
            fresh += keep_mail(connection, parse_headers(mail.raw).content_id, mail, now)
        for id_ in batch.others:
            remember(connection, mailbox, id_)
        save_mailbox(connection, state)
    return fresh


def _waiting(store: Store) -> list[StoredMail]:
    with store.begin() as connection:
        return waiting(connection)


def _read_one(store: Store, stored: StoredMail, inbox: Inbox | None, read: ReadMail, now: datetime) -> Reading:
    reading = read(stored.raw, inbox.receiver if inbox else None)
    if stored.too_big:
        reading = replace(reading, unread=Unread.TOO_BIG, events=())
    entries = [
        Entry(
            id=_event_id(stored.id, index),
            event=_stamped(event, stored, inbox.site if inbox else None, now),
            mail_id=stored.id,
        )
        # Only verified mail changes an order; of any other, the mail's row and its verdict are what is kept.
        for index, event in enumerate(reading.events if reading.authenticity is Authenticity.VERIFIED else ())
    ]
    verdict = MailVerdict(
        message_id=reading.message_id,
        sender=reading.sender,
        subject=reading.subject,
        date=reading.date,
        authenticity=reading.authenticity,
        authenticity_reason=reading.authenticity_reason,
        claims=reading.claims,
        reader=reading.reader,
        unread=reading.unread,
        trace=tuple(reading.trace),
        events=len(reading.events),
    )
    try:
        with store.begin() as connection:
            record_verdict(connection, stored.id, verdict, now)  # first: an answer is threaded by its Message-ID
            append(connection, entries, now)
    except SQLAlchemyError:
        raise
    except Exception as error:  # noqa: BLE001 -- one mail that breaks our folding must not stop all others
        said = f"could not be logged: {type(error).__name__}: {error}"
        reading = replace(reading, unread=Unread.UNREADABLE, events=())
        with store.begin() as connection:
            broken = replace(verdict, unread=Unread.UNREADABLE, events=0, trace=(*verdict.trace, said))
            record_verdict(connection, stored.id, broken, now)
    return reading


def _stamped(event: Event, stored: StoredMail, site: str | None, now: datetime) -> AnyEvent:
    known = cast(AnyEvent, event)  # readers make nothing else, and the log's codec checks it
    return replace(
        known,
        occurred_at=_not_later(event.occurred_at, stored.received_at),
        seen_at=now,
        source=f"mail:{stored.id[:16]}",
        site=known.site or (site if known.type in ("order_sold", "order_paid") else None),
    )


def _not_later(said: Moment | None, received: datetime | None) -> Moment | None:
    """A mail cannot tell of anything after it arrived: a clock that runs ahead must not move a deadline."""
    if received is None:
        return said
    if said is None:
        return received
    return received if isinstance(said, datetime) and said.tzinfo and said > received else said


def _event_id(mail_id: str, index: int) -> str:
    return hashlib.sha256(f"{mail_id} {index}".encode()).hexdigest()


def _add(done: Ingested, reading: Reading) -> Ingested:
    hostile = reading.authenticity is Authenticity.HOSTILE
    return replace(
        done,
        read=done.read + 1,
        events=done.events + len(reading.events),
        unread=done.unread + (reading.unread not in (None, Unread.NOT_OURS)),
        hostile=done.hostile + hostile,
    )
