"""Personal data taken out of the store for good: whole orders, with every mail, page and reply about them.

A mail's row stays, empty, under its content identity: found again in the mailbox, it is not read in once more.
"""

from __future__ import annotations

import binascii
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, delete, func, select, text, update

from agent.codec import order_from_json
from agent.orders.order import Order
from agent.store import Store
from agent.store.log import order_log
from agent.store.tables import (
    alert_mails,
    alerts,
    digests,
    event_keys,
    events,
    evidence,
    looks,
    mails,
    order_keys,
    orders,
    outbox,
    parcels,
    remarks,
)
from agent.vocabulary.status import Authenticity, Unread
from agent.vocabulary.values import instant

Mentions = Callable[[str], bool]


@dataclass(frozen=True, kw_only=True)
class Purged:
    """How much was taken out."""

    orders: int = 0
    events: int = 0
    mails: int = 0
    replies: int = 0
    snapshots: int = 0


def of_buyer(connection: Connection, name: str) -> list[Order]:
    """Orders of a buyer, by eBay name or by the name on the parcel; upper and lower case are the same."""
    wanted = name.casefold()
    return [order for order in _all(connection) if wanted in {one.casefold() for one in _names(order)}]


def older_than(connection: Connection, cutoff: datetime) -> list[Order]:
    """Orders about which nothing was heard since then."""
    return [order for order in _all(connection) if _last_heard(connection, order) < cutoff]


def purge(
    connection: Connection,
    found: Iterable[Order],
    now: datetime,
    *,
    names: Iterable[str] = (),
    before: datetime | None = None,
) -> Purged:
    """Delete these orders with all that belongs to them, and mails without an order that name somebody or are older."""
    gone = list(found)
    ids = {order.order_id for order in gone}
    mentions = _mentions(names)
    strays = set(_strays(connection, before)) if before else set()
    event_ids, mail_ids = _events(connection, ids, strays, mentions)
    mail_ids |= strays | (set(_mails_naming(connection, mentions)) if mentions else set())
    _delete(connection, event_keys.c.event_id, event_ids)
    _delete(connection, events.c.id, event_ids)
    for id_ in mail_ids:
        connection.execute(update(mails).where(mails.c.id == id_).values(**_NOTHING, read_at=now))
    replies = _delete(connection, outbox.c.order_id, ids)
    _delete(connection, alerts.c.order_id, ids)
    for column in (parcels.c.order_id, order_keys.c.order_id, orders.c.order_id):
        _delete(connection, column, ids)
    numbers = {number for order in gone for parcel in order.shipments for number in parcel.numbers}
    numbers -= set(connection.scalars(select(parcels.c.tracking_number)))  # another order's as well
    _delete(connection, looks.c.tracking_number, numbers)
    snapshots = _delete(connection, evidence.c.tracking_number, numbers)
    # A digest is kept for sending it again, and names many; the guard's remarks come anew with every round.
    connection.execute(update(digests).where(digests.c.sent_at.is_not(None)).values(mail=b""))
    connection.execute(delete(digests).where(digests.c.sent_at.is_(None)))
    connection.execute(delete(alert_mails).where(alert_mails.c.sent_at.is_(None)))
    connection.execute(delete(remarks))
    return Purged(orders=len(ids), events=len(event_ids), mails=len(mail_ids), replies=replies, snapshots=snapshots)


def names_of(found: Iterable[Order]) -> set[str]:
    """Every name that the buyers of these orders go by."""
    return {name for order in found for name in _names(order)}


def forget_on_disk(store: Store) -> None:
    """What was deleted leaves the file as well, and its write-ahead log (SQLite; others look after themselves)."""
    if store.engine.dialect.name == "sqlite":
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM"))
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))


def _all(connection: Connection) -> Iterator[Order]:
    return (order_from_json(folded) for folded in connection.scalars(select(orders.c.folded)).all())


def _names(order: Order) -> set[str]:
    return {name for name in (order.buyer, order.ship_to.name if order.ship_to else None) if name}


def _last_heard(connection: Connection, order: Order) -> datetime:
    heard = (entry.event for entry in order_log(connection, order.order_id))
    return max(instant(at) for event in heard if (at := event.occurred_at or event.seen_at))


def _events(
    connection: Connection, ids: set[str], strays: set[str], mentions: Mentions | None
) -> tuple[set[str], set[str]]:
    """Events of the orders, and those without one that a stray mail told or that name somebody; with their mails."""
    rows = connection.execute(select(events.c.id, events.c.mail_id, events.c.order_id, events.c.payload)).all()
    hit = [
        row
        for row in rows
        if row.order_id in ids
        or (row.order_id is None and (row.mail_id in strays or (mentions is not None and mentions(row.payload))))
    ]
    return {row.id for row in hit}, {row.mail_id for row in hit if row.mail_id}


def _mails_naming(connection: Connection, mentions: Mentions) -> Iterator[str]:
    for row in connection.execute(select(mails.c.id, mails.c.subject, mails.c.raw)):
        raw = zlib.decompress(row.raw)
        plain = binascii.a2b_qp(raw).decode("utf-8", "replace")  # soft line breaks undone
        if mentions(f"{row.subject or ''}\n{plain}\n{raw.decode('utf-8', 'replace')}"):
            yield row.id


def _strays(connection: Connection, before: datetime) -> Iterator[str]:
    """Mails from before then whose events, if any, belong to no order that stays."""
    kept = set(connection.scalars(select(events.c.mail_id).where(events.c.order_id.is_not(None))))
    at = func.coalesce(mails.c.received_at, mails.c.date, mails.c.stored_at)
    old = connection.scalars(select(mails.c.id).where(at < before)).all()
    return (id_ for id_ in old if id_ not in kept)


def _mentions(names: Iterable[str]) -> Mentions | None:
    """Whether a text holds one of the names as a word of its own; None without a name."""
    words = [re.escape(name) for name in names if name.strip()]
    if not words:
        return None
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)
    return lambda written: pattern.search(written) is not None


def _delete(connection: Connection, column: Column[str], values: Iterable[str]) -> int:
    """Rows with one of the values, in portions that every database takes."""
    rest, count = sorted(values), 0
    while rest:
        count += connection.execute(delete(column.table).where(column.in_(rest[:500]))).rowcount
        rest = rest[500:]
    return count


_NOTHING = {
    "raw": zlib.compress(b""),
    "message_id": None,
    "sender": None,
    "subject": None,
    "authenticity": Authenticity.UNVERIFIED.value,
    "authenticity_reason": None,
    "claims": None,
    "trace": "[]",
    "unread": Unread.NOT_OURS.value,
    "events": 0,
}
"""What is left of a mail: its identity, its box and its times."""
