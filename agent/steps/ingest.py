"""Mailboxes to the log: store what could be ours, whole, then read it.

Each mail is in two commits: it is a row before the cursor moves, and its events, its orders and what the reader said of
it are one transaction. A stop between the two loses nothing: what is stored and not read is read by the next round.
Many mails share a commit; where one of them breaks it, each gets its own.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import cast

from sqlalchemy.exc import SQLAlchemyError

from agent.store import Store
from agent.store.log import Entry, append
from agent.store.mails import (
    MailboxState,
    MailVerdict,
    StoredMail,
    keep_mails,
    load_mails,
    mailbox_state,
    record_verdicts,
    remember,
    save_mailbox,
    seen_before,
    waiting,
)
from agent.vocabulary.events import AnyEvent, BuyerMessage, Event
from agent.vocabulary.status import Authenticity, Unread
from agent.vocabulary.values import Moment
from mail.automatic import not_for
from mail.boxes.raw import Batch, RawMail, Refused, Source, Transient
from mail.genuine.trust import Trusted
from mail.parsing.message import content_identity
from mail.reader import Reading

ReadMails = Callable[[Iterable[tuple[bytes, Trusted]]], Iterator[Reading]]
"""What each mail says, in their order."""

_LOADED = 50  # mails out of the store at a time
_SETTLED = 200  # mails whose events are logged in one commit


@dataclass(frozen=True, kw_only=True)
class Inbox:
    """A mailbox and what the seller configured of it."""

    source: Source
    receiver: Trusted
    """Whose word about a mail's sender is believed."""
    site: str | None
    """The shop's home site, where a mail does not tell its own."""
    own: frozenset[str] = frozenset()
    """The seller's addresses: a message that names none of them is not answered by itself; empty: none is asked for."""


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


def one_by_one(read: Callable[[bytes, Trusted], Reading]) -> ReadMails:
    """A reader of single mails as one of many."""
    return lambda mails: (read(raw, receiver) for raw, receiver in mails)


def ingest(store: Store, inboxes: tuple[Inbox, ...], read: ReadMails, now: datetime) -> Ingested:
    """Fetch from every mailbox and read what came, while more is fetched; then read what an earlier round left."""
    by_name = {inbox.source.name: inbox for inbox in inboxes}
    fetched = _Fetched()
    fresh = (mail for inbox in inboxes for mail in _fetch(store, inbox.source, fetched, now))
    done = _read_all(store, fresh, by_name, read, now, Ingested())
    while ids := _waiting(store):
        done = _read_all(store, _loaded(store, ids), by_name, read, now, done)
    return replace(done, mails=fetched.mails, down=tuple(fetched.down))


@dataclass
class _Fetched:
    """What fetching came to, apart from the mails."""

    mails: int = 0
    down: list[str] = field(default_factory=list)


def _fetch(store: Store, source: Source, fetched: _Fetched, now: datetime) -> Iterator[StoredMail]:
    """Store what is new of one mailbox, and hand it on; that it cannot be reached is recorded."""
    with store.begin() as connection:
        state = mailbox_state(connection, source.name)
    try:
        for batch in source.batches(state.cursor, lambda ids: _known(store, source.name, ids)):
            state = replace(state, cursor=batch.cursor or state.cursor, note=batch.note or state.note)
            kept = _keep(store, source.name, batch, state, now)
            fetched.mails += len(kept)
            yield from kept
    except (Transient, Refused) as error:
        state = replace(state, error=str(error), failing_since=state.failing_since or now)
        fetched.down.append(source.name)
    else:
        state = replace(state, error=None, failing_since=None, last_read_at=now)
    with store.begin() as connection:
        save_mailbox(connection, state)


def _known(store: Store, mailbox: str, ids: Sequence[str]) -> frozenset[str]:
    with store.begin() as connection:
        return seen_before(connection, mailbox, ids)


def _keep(store: Store, mailbox: str, batch: Batch, state: MailboxState, now: datetime) -> list[StoredMail]:
    """Store a batch and how far it goes; the mails that are new."""
    identities = {mail.id: content_identity(mail.raw) for mail in batch.mails}
    found: dict[str, RawMail] = {}
    for mail in batch.mails:
        found.setdefault(identities[mail.id], mail)
    with store.begin() as connection:
        new = keep_mails(connection, found, now)
        remember(connection, mailbox, {**identities, **dict.fromkeys(batch.others)})
        save_mailbox(connection, state)
    return new


def _waiting(store: Store) -> list[str]:
    with store.begin() as connection:
        return waiting(connection)


def _loaded(store: Store, ids: Sequence[str]) -> Iterator[StoredMail]:
    for start in range(0, len(ids), _LOADED):
        with store.begin() as connection:
            mails = load_mails(connection, ids[start : start + _LOADED])
        yield from mails


def _read_all(
    store: Store,
    mails: Iterator[StoredMail],
    inboxes: Mapping[str, Inbox],
    read: ReadMails,
    now: datetime,
    done: Ingested,
) -> Ingested:
    """Read some mails and log what they say; `done` with them counted."""
    found = _readings(mails, inboxes, read)
    while some := list(islice(found, _SETTLED)):
        done = _add(done, _settle(store, some, inboxes, now))
    return done


def _readings(
    mails: Iterator[StoredMail], inboxes: Mapping[str, Inbox], read: ReadMails
) -> Iterator[tuple[StoredMail, Reading]]:
    """Each mail, without its bytes, and what it says."""
    under_way: deque[StoredMail] = deque()

    def requests() -> Iterator[tuple[bytes, Trusted]]:
        for stored in mails:
            under_way.append(replace(stored, raw=b""))
            inbox = inboxes.get(stored.mailbox)
            yield stored.raw, inbox.receiver if inbox else None

    for reading in read(requests()):
        stored = under_way.popleft()
        yield stored, replace(reading, unread=Unread.TOO_BIG, events=()) if stored.too_big else reading


def _settle(
    store: Store, found: Sequence[tuple[StoredMail, Reading]], inboxes: Mapping[str, Inbox], now: datetime
) -> list[Reading]:
    """Log what some mails say in one commit; where one cannot be logged, it is unreadable and the others are not."""
    entries = [
        entry for stored, reading in found for entry in _entries(stored, reading, inboxes.get(stored.mailbox), now)
    ]
    verdicts = {stored.id: _verdict(reading) for stored, reading in found}
    try:
        with store.begin() as connection:
            record_verdicts(connection, verdicts, now)  # first: an answer is threaded by its Message-ID
            append(connection, entries, now)
    except SQLAlchemyError:
        raise
    except Exception as error:  # noqa: BLE001 -- one mail that breaks our folding must not stop all others
        if len(found) > 1:
            return [reading for one in found for reading in _settle(store, [one], inboxes, now)]
        stored, reading = found[0]
        said = f"could not be logged: {type(error).__name__}: {error}"
        broken = replace(reading, unread=Unread.UNREADABLE, events=(), trace=(*reading.trace, said))
        with store.begin() as connection:
            record_verdicts(connection, {stored.id: _verdict(broken)}, now)
        return [broken]
    return [reading for _, reading in found]


def _entries(stored: StoredMail, reading: Reading, inbox: Inbox | None, now: datetime) -> list[Entry]:
    """Only verified mail changes an order; of any other, the mail's row and its verdict are what is kept."""
    if reading.authenticity is not Authenticity.VERIFIED:
        return []
    site = inbox.site if inbox else None
    stranger = not_for(inbox.own, reading.recipients) if inbox else None
    return [
        Entry(id=_event_id(stored.id, index), event=_stamped(event, stored, site, stranger, now), mail_id=stored.id)
        for index, event in enumerate(reading.events)
    ]


def _verdict(reading: Reading) -> MailVerdict:
    return MailVerdict(
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


def _stamped(event: Event, stored: StoredMail, site: str | None, stranger: str | None, now: datetime) -> AnyEvent:
    known = cast(AnyEvent, event)  # readers make nothing else, and the log's codec checks it
    if isinstance(known, BuyerMessage) and stranger is not None:
        known = replace(known, automatic=known.automatic or stranger)
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


def _add(done: Ingested, readings: Sequence[Reading]) -> Ingested:
    return replace(
        done,
        read=done.read + len(readings),
        events=done.events + sum(len(reading.events) for reading in readings),
        unread=done.unread + sum(reading.unread not in (None, Unread.NOT_OURS) for reading in readings),
        hostile=done.hostile + sum(reading.authenticity is Authenticity.HOSTILE for reading in readings),
    )
