"""A shop's log in memory, matched and folded as `agent.store.log` does it: a replay appends thousands of times."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from agent.codec import order_from_json, order_to_json
from agent.orders.fold import Logged, fold
from agent.orders.history import history_of
from agent.orders.matcher import Key, Known, Match, keys_of_event, keys_of_order, match
from agent.orders.order import Order
from agent.orders.shared import elsewhere
from agent.store.log import MAX_ROUNDS, NUMBERS, Entry, known_of
from agent.vocabulary.events import AnyEvent


@dataclass(slots=True)
class _Told:
    """An entry with what it is tied to."""

    place: int
    event: AnyEvent
    message_id: str | None
    order_id: str | None = None
    evidence: str | None = None


class Ledger:
    """The orders as they stand, and when each is to be judged."""

    def __init__(self, message_ids: Mapping[str, str | None]) -> None:
        """`message_ids` by mail: an answer is threaded by them."""
        self.orders: dict[str, Order] = {}
        self.due: dict[str, datetime | None] = {}
        self._message_ids = message_ids
        self._told: dict[str, _Told] = {}
        self._tied: dict[str, set[str]] = defaultdict(set)
        self._seeking: dict[Key, set[str]] = defaultdict(set)
        self._keys: dict[str, frozenset[Key]] = {}
        self._holding: dict[Key, set[str]] = defaultdict(set)
        self._of_buyer: dict[str, set[str]] = defaultdict(set)

    def append(self, entries: Iterable[Entry], now: datetime) -> None:
        """Log what is new, and fold the orders that it touches; they are due at once."""
        fresh = {entry.id: entry for entry in entries if entry.id not in self._told}
        for entry in fresh.values():
            message_id = self._message_ids.get(entry.mail_id) if entry.mail_id else None
            self._told[entry.id] = _Told(place=len(self._told), event=entry.event, message_id=message_id)
            for key in keys_of_event(entry.event):
                self._seeking[key].add(entry.id)
        self._settle(set(fresh), now)

    def log(self, order_id: str) -> list[Logged]:
        """The events tied to an order, in the order of arrival."""
        told = sorted(((id_, self._told[id_]) for id_ in self._tied[order_id]), key=lambda one: one[1].place)
        return [
            Logged(id=id_, event=one.event, evidence=one.evidence or "", message_id=one.message_id) for id_, one in told
        ]

    def with_history(self, order: Order) -> Order:
        """The order with what is known of its buyer."""
        if not order.buyer:
            return order
        return replace(order, history=history_of(self.orders[id_] for id_ in sorted(self._of_buyer[order.buyer])))

    def find(self, key: Key) -> Iterator[Known]:
        """The matcher's view."""
        return (known_of(self.orders[id_]) for id_ in self._holding.get(key, ()) if id_ in self.orders)

    def _settle(self, dirty: set[str], now: datetime) -> None:
        numbers: dict[str, bool] = {}
        for _ in range(MAX_ROUNDS):
            if not dirty:
                self._know_of_each_other(numbers, now)
                return
            dirty = self._refold(self._match_again(dirty), numbers, now)
        raise RuntimeError(f"matching does not settle: {sorted(dirty)[:5]}")

    def _match_again(self, dirty: Collection[str]) -> set[str]:
        changed: set[str] = set()
        for id_ in dirty:
            one = self._told[id_]
            found = match(one.event, self)
            order_id = found.order_id if isinstance(found, Match) else None
            evidence = found.evidence.value if found else None
            if (one.order_id, one.evidence) == (order_id, evidence):
                continue
            for tied in (one.order_id, order_id):
                if tied is not None:
                    changed.add(tied)
                    self._tied[tied].discard(id_)
            if order_id is not None:
                self._tied[order_id].add(id_)
            one.order_id, one.evidence = order_id, evidence
        return changed

    def _refold(self, order_ids: Collection[str], numbers: dict[str, bool], now: datetime) -> set[str]:
        changed: set[Key] = set()
        folded: dict[str, Order] = {}
        for order_id in sorted(order_ids):
            log = self.log(order_id)
            old, new = self._keys.get(order_id, frozenset()), keys_of_order(log)
            self._keys[order_id] = new
            for key in old - new:
                self._holding[key].discard(order_id)
            for key in new - old:
                self._holding[key].add(order_id)
            changed |= old ^ new
            for key in old | new:
                if key.kind in NUMBERS:
                    numbers[key.value] = numbers.get(key.value, False) or key not in new
            was = self.orders.get(order_id)
            if not log:
                self._drop(order_id)
                continue
            folded[order_id] = fold(order_id, log)
            if was and (was.sold_at, was.buyer) != (folded[order_id].sold_at, folded[order_id].buyer):
                changed |= {key for key in new if key.kind in ("item", "title")}  # these look at date and buyer
        self._save(folded, now)
        return {id_ for key in changed for id_ in self._seeking.get(key, ())}

    def _know_of_each_other(self, numbers: Mapping[str, bool], now: datetime) -> None:
        """Fold anew the orders that share one of these numbers, or shared one that was lost."""
        names = self._names(numbers)
        sharing = {id_ for number, by in names.items() if len(by) > 1 or numbers[number] for id_ in by}
        if not sharing:
            return
        names = self._names({key.value for id_ in sharing for key in self._keys[id_] if key.kind in NUMBERS})
        folded = {
            id_: fold(id_, self.log(id_), elsewhere(self.orders[id_], names, self.orders)) for id_ in sorted(sharing)
        }
        self._save({id_: order for id_, order in folded.items() if order != self.orders[id_]}, now)

    def _names(self, numbers: Iterable[str]) -> dict[str, dict[str, bool]]:
        """Number → order → whether the order itself names it."""
        found: dict[str, dict[str, bool]] = {}
        for number in sorted(numbers):
            by: dict[str, bool] = {}
            for kind in NUMBERS:
                for order_id in self._holding.get(Key(kind, number), ()):
                    by[order_id] = by.get(order_id, False) or kind == "tracking"
            if by:
                found[number] = by
        return found

    def _save(self, folded: Mapping[str, Order], now: datetime) -> None:
        asking: set[str] = set()
        for order_id, order in folded.items():
            was = self.orders.get(order_id)
            if was is not None and was.buyer and was.buyer != order.buyer:
                self._of_buyer[was.buyer].discard(order_id)
            if order.buyer:
                self._of_buyer[order.buyer].add(order_id)
                if order.cases != (was.cases if was else ()):
                    asking.add(order.buyer)
            self.orders[order_id] = order_from_json(order_to_json(order))  # as a store gives it back, zones and all
            self.due[order_id] = now
        for buyer in asking:  # a request is news for the buyer's other orders too
            self.due |= dict.fromkeys(self._of_buyer[buyer], now)

    def _drop(self, order_id: str) -> None:
        was = self.orders.pop(order_id, None)
        self.due.pop(order_id, None)
        if was is not None and was.buyer:
            self._of_buyer[was.buyer].discard(order_id)
