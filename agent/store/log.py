"""The append-only log, and the orders kept folded from it.

Which order an event belongs to depends only on what the log holds, never on the order of arrival: when an order gains
or loses a key (a tracking number, a request number …), every event that looks for that key is matched again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from agent.codec import event_from_json, event_to_json, order_from_json, order_to_json
from agent.orders.fold import Logged, fold
from agent.orders.matcher import Ambiguous, Key, Known, Match, keys_of_event, keys_of_order, match
from agent.orders.order import Order
from agent.store.tables import event_keys, events, mails, order_keys, orders, parcels
from agent.vocabulary.events import AnyEvent

MAX_ROUNDS = 50
"""Matching settles in two or three rounds; more would mean keys that chase each other."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A stamped event to be logged. `id` is its identity: the same id is logged once."""

    id: str
    event: AnyEvent
    mail_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Unmatched:
    """An event that no order could be found for, or several."""

    event: AnyEvent
    candidates: tuple[str, ...]


def append(connection: Connection, entries: Sequence[Entry], now: datetime) -> frozenset[str]:
    """Log what is new of `entries` and fold the orders it touches, whose ids are returned; they are due at once."""
    fresh = list(_unknown(connection, {entry.id: entry for entry in entries}))
    for entry in fresh:
        row = {
            "id": entry.id,
            "type": entry.event.type,
            "source": entry.event.source,
            "mail_id": entry.mail_id,
            "seen_at": entry.event.seen_at or now,
            "payload": event_to_json(entry.event),
        }
        connection.execute(insert(events).values(row))
        for key in dict.fromkeys(keys_of_event(entry.event)):
            connection.execute(insert(event_keys).values(event_id=entry.id, kind=key.kind, value=key.value))
    return _settle(connection, {entry.id for entry in fresh}, now)


def _unknown(connection: Connection, entries: dict[str, Entry]) -> Iterator[Entry]:
    known = set(connection.scalars(select(events.c.id).where(events.c.id.in_(entries))))
    return (entry for id_, entry in entries.items() if id_ not in known)


def _settle(connection: Connection, dirty: set[str], now: datetime) -> frozenset[str]:
    touched: set[str] = set()
    book = StoreBook(connection)
    for _ in range(MAX_ROUNDS):
        if not dirty:
            return frozenset(touched)
        changed = _match_again(connection, dirty, book)
        dirty = {event_id for order_id in sorted(changed) for event_id in _refold(connection, order_id, now)}
        touched |= changed
    raise RuntimeError(f"matching does not settle: {sorted(dirty)[:5]}")


def _match_again(connection: Connection, dirty: set[str], book: StoreBook) -> set[str]:
    """Tie each event anew; the orders that lost, gained or hold one of them."""
    changed: set[str] = set()
    rows = connection.execute(select(events).where(events.c.id.in_(dirty)).order_by(events.c.id)).all()
    for row in rows:
        found = match(event_from_json(row.payload), book)
        order_id = found.order_id if isinstance(found, Match) else None
        candidates = " ".join(found.order_ids) if isinstance(found, Ambiguous) else None
        evidence = found.evidence.value if found else None
        changed |= {id_ for id_ in (row.order_id, order_id) if id_}
        tied = {"order_id": order_id, "evidence": evidence, "candidates": candidates}
        connection.execute(update(events).where(events.c.id == row.id).values(tied))
    return changed


def _refold(connection: Connection, order_id: str, now: datetime) -> set[str]:
    """Fold one order anew; the events that look for a key it gained or lost."""
    log = order_log(connection, order_id)
    before = {
        Key(row.kind, row.value)
        for row in connection.execute(select(order_keys).where(order_keys.c.order_id == order_id))
    }
    after = keys_of_order(log)
    connection.execute(delete(order_keys).where(order_keys.c.order_id == order_id))
    for key in sorted(after, key=lambda k: (k.kind, k.value)):
        connection.execute(insert(order_keys).values(order_id=order_id, kind=key.kind, value=key.value))
    known = load_order(connection, order_id)
    if log:
        order = fold(order_id, log)
        _save(connection, order, known, now)
        if known and known.sold_at != order.sold_at:
            before -= {key for key in after if key.kind in ("item", "title")}  # these also look at the date of sale
    else:
        for table in (orders, parcels):
            connection.execute(delete(table).where(table.c.order_id == order_id))
    return _looking_for(connection, before ^ after)


def _looking_for(connection: Connection, keys: Iterable[Key]) -> set[str]:
    wanted = [and_(event_keys.c.kind == key.kind, event_keys.c.value == key.value) for key in keys]
    return set(connection.scalars(select(event_keys.c.event_id).where(or_(*wanted)))) if wanted else set()


def _save(connection: Connection, order: Order, known: Order | None, now: datetime) -> None:
    values = {"buyer": order.buyer, "folded": order_to_json(order), "changed_at": now, "next_due_at": now}
    if connection.execute(update(orders).where(orders.c.order_id == order.order_id).values(values)).rowcount == 0:
        connection.execute(insert(orders).values(order_id=order.order_id, risks="[]", decisions="[]", **values))
    kept = {
        row.tracking_number: row
        for row in connection.execute(select(parcels).where(parcels.c.order_id == order.order_id))
    }
    ended = {shipment.tracking_number for shipment in known.shipments if shipment.ended} if known else set()
    for shipment in order.shipments:
        same = {"order_id": order.order_id, "tracking_number": shipment.tracking_number}
        if shipment.tracking_number in kept:
            where = and_(parcels.c.order_id == order.order_id, parcels.c.tracking_number == shipment.tracking_number)
            undone = shipment.tracking_number in ended and not shipment.ended
            if undone or kept[shipment.tracking_number].carrier != shipment.carrier:  # news, or somebody new to ask
                connection.execute(update(parcels).where(where).values(carrier=shipment.carrier, next_look_at=now))
        else:
            connection.execute(insert(parcels).values(**same, carrier=shipment.carrier, next_look_at=now))
    gone = set(kept) - {shipment.tracking_number for shipment in order.shipments}
    connection.execute(delete(parcels).where(parcels.c.order_id == order.order_id, parcels.c.tracking_number.in_(gone)))


def fold_again(connection: Connection, now: datetime) -> int:
    """Match and fold everything anew; the number of orders."""
    _settle(connection, set(connection.scalars(select(events.c.id))), now)
    for order_id in connection.scalars(select(orders.c.order_id)).all():
        _refold(connection, order_id, now)
    return connection.scalar(select(func.count()).select_from(orders)) or 0


def order_log(connection: Connection, order_id: str) -> list[Logged]:
    """The events tied to an order, in the order of arrival."""
    rows = connection.execute(
        select(events, mails.c.message_id)
        .outerjoin(mails, mails.c.id == events.c.mail_id)
        .where(events.c.order_id == order_id)
        .order_by(events.c.seq)
    )
    return [
        Logged(
            id=row.id,
            event=event_from_json(row.payload),
            evidence=row.evidence,
            message_id=row.message_id,
        )
        for row in rows
    ]


def load_order(connection: Connection, order_id: str) -> Order | None:
    text = connection.scalar(select(orders.c.folded).where(orders.c.order_id == order_id))
    return order_from_json(text) if text else None


def unmatched(connection: Connection) -> list[Unmatched]:
    """Events that no single order was found for, oldest first."""
    rows = connection.execute(
        select(events.c.payload, events.c.candidates).where(events.c.order_id.is_(None)).order_by(events.c.seq)
    )
    return [
        Unmatched(event=event_from_json(row.payload), candidates=tuple((row.candidates or "").split())) for row in rows
    ]


class StoreBook:
    """The matcher's view of the store."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def find(self, key: Key) -> Iterator[Known]:
        rows = self.connection.execute(
            select(orders.c.folded)
            .join(order_keys, order_keys.c.order_id == orders.c.order_id)
            .where(order_keys.c.kind == key.kind, order_keys.c.value == key.value)
        )
        for row in rows:
            order = order_from_json(row.folded)
            titles = tuple(item.title for item in order.items if item.title)
            yield Known(order.order_id, order.sold_at, titles)
