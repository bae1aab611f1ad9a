"""The append-only log, and the orders kept folded from it.

Which order an event belongs to depends only on what the log holds, never on the order of arrival: when an order gains
or loses a key (a tracking number, a request number …), every event that looks for that key is matched again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Row, bindparam, delete, func, insert, select, update

from agent.codec import event_from_json, event_to_json, order_from_json, order_to_json
from agent.orders.fold import Logged, fold
from agent.orders.matcher import Ambiguous, Key, Known, Match, keys_of_event, keys_of_order, match
from agent.orders.order import Case, Order
from agent.orders.shared import elsewhere
from agent.store.bulk import read_by, write
from agent.store.tables import event_keys, events, mails, order_keys, orders, parcels
from agent.vocabulary.events import AnyEvent

_TIED = (events.c.id, events.c.payload, events.c.order_id, events.c.evidence, events.c.candidates)
NUMBERS = ("tracking", "onward")
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
    fresh = _unknown(connection, {entry.id: entry for entry in entries})
    rows = [
        {
            "id": entry.id,
            "type": entry.event.type,
            "source": entry.event.source,
            "mail_id": entry.mail_id,
            "seen_at": entry.event.seen_at or now,
            "payload": event_to_json(entry.event),
        }
        for entry in fresh
    ]
    keys = [
        {"event_id": entry.id, "kind": key.kind, "value": key.value}
        for entry in fresh
        for key in dict.fromkeys(keys_of_event(entry.event))
    ]
    write(connection, insert(events), rows)
    write(connection, insert(event_keys), keys)
    return _settle(connection, {entry.id for entry in fresh}, now)


def _unknown(connection: Connection, entries: dict[str, Entry]) -> list[Entry]:
    known = {row.id for row in read_by(connection, select(events.c.id), events.c.id, entries)}
    return [entry for id_, entry in entries.items() if id_ not in known]


def _settle(connection: Connection, dirty: set[str], now: datetime) -> frozenset[str]:
    touched: set[str] = set()
    told: dict[str, AnyEvent] = {}
    numbers: dict[str, bool] = {}
    for _ in range(MAX_ROUNDS):
        if not dirty:
            return frozenset(touched | _know_of_each_other(connection, numbers, now))
        changed = _match_again(connection, dirty, told)
        dirty = _refold(connection, changed, now, told, numbers)
        touched |= changed
    raise RuntimeError(f"matching does not settle: {sorted(dirty)[:5]}")


def _match_again(connection: Connection, dirty: set[str], told: dict[str, AnyEvent]) -> set[str]:
    """Tie each event anew; the orders that lost or gained one of them."""
    rows = read_by(connection, select(*_TIED), events.c.id, dirty)
    for row in rows:
        if row.id not in told:
            told[row.id] = event_from_json(row.payload)
    book = StoreBook(connection, {key for row in rows for key in keys_of_event(told[row.id])})
    changed: set[str] = set()
    ties = []
    for row in rows:
        found = match(told[row.id], book)
        order_id = found.order_id if isinstance(found, Match) else None
        candidates = " ".join(found.order_ids) if isinstance(found, Ambiguous) else None
        evidence = found.evidence.value if found else None
        if (row.order_id, row.evidence, row.candidates) != (order_id, evidence, candidates):
            changed |= {id_ for id_ in (row.order_id, order_id) if id_}
            ties.append({"of": row.id, "order_id": order_id, "evidence": evidence, "candidates": candidates})
    write(connection, update(events).where(events.c.id == bindparam("of")), ties)
    return changed


def _refold(
    connection: Connection,
    order_ids: Collection[str],
    now: datetime,
    told: Mapping[str, AnyEvent],
    numbers: dict[str, bool],
) -> set[str]:
    """Fold some orders anew; the events that look for a key that one of them gained or lost.

    Every tracking number that one of them names or named is added to `numbers`, with whether one lost it.
    """
    logs = order_logs(connection, order_ids, told)
    known = {
        row.order_id: order_from_json(row.folded)
        for row in read_by(connection, select(orders.c.order_id, orders.c.folded), orders.c.order_id, order_ids)
    }
    before: dict[str, set[Key]] = defaultdict(set)
    for row in read_by(connection, select(order_keys), order_keys.c.order_id, order_ids):
        before[row.order_id].add(Key(row.kind, row.value))
    folded = {order_id: fold(order_id, logs[order_id]) for order_id in sorted(order_ids) if logs[order_id]}
    changed: set[Key] = set()
    lost: list[tuple[str, Key]] = []
    gained: list[tuple[str, Key]] = []
    for order_id in sorted(order_ids):
        old, new = before[order_id], keys_of_order(logs[order_id])
        lost += [(order_id, key) for key in old - new]
        gained += [(order_id, key) for key in sorted(new - old, key=lambda key: (key.kind, key.value))]
        changed |= old ^ new
        for key in old | new:
            if key.kind in NUMBERS:
                numbers[key.value] = numbers.get(key.value, False) or key not in new
        was, now_is = known.get(order_id), folded.get(order_id)
        if was and now_is and (was.sold_at, was.buyer) != (now_is.sold_at, now_is.buyer):
            changed |= {key for key in new if key.kind in ("item", "title")}  # these look at date and buyer of the sale
    same = [order_keys.c[name] == bindparam(f"of_{name}") for name in ("order_id", "kind", "value")]
    gone = [{"of_order_id": order_id, "of_kind": key.kind, "of_value": key.value} for order_id, key in lost]
    write(connection, delete(order_keys).where(*same), gone)
    rows = [{"order_id": order_id, "kind": key.kind, "value": key.value} for order_id, key in gained]
    write(connection, insert(order_keys), rows)
    _save(connection, folded, known, now)
    empty = [{"of": order_id} for order_id in order_ids if order_id not in folded]
    for table in (orders, parcels):
        write(connection, delete(table).where(table.c.order_id == bindparam("of")), empty)
    return _looking_for(connection, changed)


def _know_of_each_other(connection: Connection, numbers: Mapping[str, bool], now: datetime) -> set[str]:
    """Fold anew the orders that share one of these numbers, or shared one that was lost; those that changed by it."""
    names = _names(connection, order_keys.c.value, numbers)
    sharing = {id_ for number, by in names.items() if len(by) > 1 or numbers[number] for id_ in by}
    if not sharing:
        return set()
    names = _names(connection, order_keys.c.value, _names(connection, order_keys.c.order_id, sharing))
    known = {
        row.order_id: order_from_json(row.folded)
        for row in read_by(
            connection,
            select(orders.c.order_id, orders.c.folded),
            orders.c.order_id,
            {id_ for by in names.values() for id_ in by},
        )
    }
    logs = order_logs(connection, sharing)
    folded = {id_: fold(id_, logs[id_], elsewhere(known[id_], names, known)) for id_ in sorted(sharing)}
    changed = {id_: order for id_, order in folded.items() if order != known[id_]}
    _save(connection, changed, known, now)
    return set(changed)


def _names(connection: Connection, column: Column[Any], values: Collection[str]) -> dict[str, dict[str, bool]]:
    """Number → order → whether the order itself names it."""
    found: dict[str, dict[str, bool]] = defaultdict(dict)
    query = select(order_keys).where(order_keys.c.kind.in_(NUMBERS))
    for row in read_by(connection, query, column, values):
        found[row.value][row.order_id] = found[row.value].get(row.order_id, False) or row.kind == "tracking"
    return found


def _looking_for(connection: Connection, keys: Iterable[Key]) -> set[str]:
    values: dict[str, set[str]] = defaultdict(set)
    for key in keys:
        values[key.kind].add(key.value)
    found: set[str] = set()
    for kind, wanted in values.items():
        query = select(event_keys.c.event_id).where(event_keys.c.kind == kind)
        found |= {row.event_id for row in read_by(connection, query, event_keys.c.value, wanted)}
    return found


def _save(connection: Connection, folded: Mapping[str, Order], known: Mapping[str, Order], now: datetime) -> None:
    new: list[dict[str, Any]] = []
    old: list[dict[str, Any]] = []
    for order_id, order in folded.items():
        values = {"buyer": order.buyer, "folded": order_to_json(order), "changed_at": now, "next_due_at": now}
        if order_id in known:
            old.append({"of": order_id, **values})
        else:
            new.append({"order_id": order_id, "risks": "[]", "decisions": "[]", **values})
    write(connection, insert(orders), new)
    write(connection, update(orders).where(orders.c.order_id == bindparam("of")), old)
    _save_parcels(connection, folded, known, now)
    # A request is news for the buyer's other orders too: a pattern is judged across them.
    asking = {order.buyer for id_, order in folded.items() if order.buyer and _cases(order) != _cases(known.get(id_))}
    same_buyer = update(orders).where(orders.c.buyer == bindparam("of")).values(next_due_at=now)
    write(connection, same_buyer, [{"of": buyer} for buyer in sorted(asking)])


def _cases(order: Order | None) -> tuple[Case, ...]:
    return order.cases if order else ()


def _save_parcels(
    connection: Connection, folded: Mapping[str, Order], known: Mapping[str, Order], now: datetime
) -> None:
    kept: dict[str, dict[str, Row[Any]]] = defaultdict(dict)
    for row in read_by(connection, select(parcels), parcels.c.order_id, folded):
        kept[row.order_id][row.tracking_number] = row
    new: list[dict[str, Any]] = []
    news: list[dict[str, Any]] = []
    gone: list[dict[str, Any]] = []
    for order_id, order in folded.items():
        before = known.get(order_id)
        carriers = {number: owner for parcel in order.shipments for number, owner in parcel.carriers.items()}
        for number, carrier in carriers.items():
            if number not in kept[order_id]:
                new.append({"order_id": order_id, "tracking_number": number, "carrier": carrier, "next_look_at": now})
                continue
            row = kept[order_id][number]
            if row.carrier != carrier or _watched(order, number) != _watched(before, number):
                at = min(row.next_look_at or now, now)  # news: when to look next is thought about anew
                news.append({"of_order": order_id, "of_number": number, "carrier": carrier, "next_look_at": at})
        gone += [{"of_order": order_id, "of_number": number} for number in kept[order_id] if number not in carriers]
    same = (parcels.c.order_id == bindparam("of_order"), parcels.c.tracking_number == bindparam("of_number"))
    write(connection, insert(parcels), new)
    write(connection, update(parcels).where(*same), news)
    write(connection, delete(parcels).where(*same), gone)


def _watched(order: Order | None, number: str) -> Any:
    """What of an order says when to look at a parcel."""
    if order is None:
        return None
    parcel = next((one for one in order.shipments if number in one.numbers), None)
    terms = (order.site, order.ship_by, order.estimated_delivery, order.cases, order.cancellation, order.refunded_at)
    return parcel, terms


def fold_again(connection: Connection, now: datetime) -> int:
    """Match and fold everything anew; the number of orders."""
    _settle(connection, set(connection.scalars(select(events.c.id))), now)
    numbers: dict[str, bool] = {}
    _refold(connection, connection.scalars(select(orders.c.order_id)).all(), now, {}, numbers)
    _know_of_each_other(connection, numbers, now)
    return connection.scalar(select(func.count()).select_from(orders)) or 0


def order_log(connection: Connection, order_id: str) -> list[Logged]:
    """The events tied to an order, in the order of arrival."""
    return order_logs(connection, [order_id])[order_id]


def order_logs(
    connection: Connection, order_ids: Collection[str], told: Mapping[str, AnyEvent] | None = None
) -> dict[str, list[Logged]]:
    """The events tied to each of some orders, in the order of arrival; of `told` those that were decoded before."""
    decoded = told or {}
    logs: dict[str, list[Logged]] = {order_id: [] for order_id in order_ids}
    query = select(*_TIED, mails.c.message_id).outerjoin(mails, mails.c.id == events.c.mail_id).order_by(events.c.seq)
    for row in read_by(connection, query, events.c.order_id, order_ids):
        event = decoded.get(row.id) or event_from_json(row.payload)
        logs[row.order_id].append(Logged(id=row.id, event=event, evidence=row.evidence, message_id=row.message_id))
    return logs


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
    """The matcher's view of the store, as far as some keys go."""

    def __init__(self, connection: Connection, keys: Iterable[Key]) -> None:
        values: dict[str, set[str]] = defaultdict(set)
        for key in keys:
            values[key.kind].add(key.value)
        self._found: dict[Key, list[Known]] = defaultdict(list)
        query = select(order_keys, orders.c.folded).join(orders, orders.c.order_id == order_keys.c.order_id)
        known: dict[str, Known] = {}
        for kind, wanted in values.items():
            for row in read_by(connection, query.where(order_keys.c.kind == kind), order_keys.c.value, wanted):
                if row.order_id not in known:
                    known[row.order_id] = known_of(order_from_json(row.folded))
                self._found[Key(row.kind, row.value)].append(known[row.order_id])

    def find(self, key: Key) -> Sequence[Known]:
        return self._found.get(key, ())


def known_of(order: Order) -> Known:
    """What the matcher looks at."""
    titles = tuple(item.title for item in order.items if item.title)
    return Known(order.order_id, order.sold_at, titles, order.buyer)
