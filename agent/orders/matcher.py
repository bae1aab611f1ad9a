"""Which order an event belongs to: the evidence ladder. Pure; `Book` is how it asks what is known.

The ladder, strongest rung first (patchwork's idea: trust threads before look-alikes):

1. `order_number`   the mail prints eBay's order number;
2. `thread`         it carries a request or case number that is tied to an order already;
3. `tracking_number` it is about a parcel that is tied to an order already, under the number that the order names, or
   under one that the parcel's carrier handed it over by;
4. `item_and_buyer` item number and buyer are those of exactly one order;
5. `title_and_date` the item (number, or title as far as it is printed) was sold once in the time before, and not to
   another member.

A request number that only a weaker rung tied is asked for right below that rung. So each rung rests on stronger ones
alone, no tie can keep itself alive, and the same log gives the same ties in whatever order it grew.

The first rung that finds anything decides. Two finds on one rung are `Ambiguous`, a normal result: a human maps it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from agent.orders.evidence import Evidence
from agent.orders.fold import Logged
from agent.orders.legs import ways
from agent.vocabulary.events import AnyEvent, LabelBought, ParcelLooked, TrackingUpdate
from agent.vocabulary.languages import fold as fold_text
from agent.vocabulary.values import instant

SOLD_BEFORE = timedelta(days=120)
"""How long after the sale a mail may still name its item: 30 days past any delivery estimate, and some."""
TITLE_KEY = 12
"""Titles are looked up by this many letters, then compared as far as both are printed; shorter cuts say nothing."""


@dataclass(frozen=True, slots=True)
class Key:
    """One thing by which an order can be found.

    `kind` is `request` (a number tied by an order number), `request_item`, `request_title` (tied by those rungs),
    `tracking`, `onward` (a number that a parcel goes on under), `item`, `item_buyer` or `title`.
    """

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Match:
    order_id: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Several orders fit equally well."""

    order_ids: tuple[str, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Known:
    """What the book tells about an order found by a key."""

    order_id: str
    sold_at: datetime | None = None
    titles: tuple[str, ...] = ()
    buyer: str | None = None


class Book(Protocol):
    """The orders known so far, found by key."""

    def find(self, key: Key) -> Iterable[Known]: ...


def match(event: AnyEvent, book: Book) -> Match | Ambiguous | None:
    """The order that an event belongs to, by the first rung of the ladder that finds any."""
    if event.order_id:
        return Match(event.order_id, Evidence.ORDER_NUMBER)
    for evidence, keys in _rungs(event):
        found = {known.order_id for key in keys for known in book.find(key) if _fits(event, known, evidence)}
        if len(found) == 1:
            return Match(found.pop(), evidence)
        if found:
            return Ambiguous(tuple(sorted(found)), evidence)
    return None


def keys_of_event(event: AnyEvent) -> tuple[Key, ...]:
    """Every key under which an event looks for its order: when one of them changes, it is matched again."""
    if event.order_id:
        return ()
    return tuple(key for _, keys in _rungs(event) for key in keys)


def keys_of_order(log: Iterable[Logged]) -> frozenset[Key]:
    """Every key under which an order can be found, of the events tied to it."""
    keys: set[Key] = set()
    item_ids: set[str] = set()
    buyers: set[str] = set()
    entries = list(log)
    for entry in entries:
        event, evidence = entry.event, entry.evidence
        if event.request_id and (kind := _REQUEST_TIED_BY.get(evidence)):
            keys.add(Key(kind, event.request_id))
        if isinstance(event, LabelBought) and event.tracking_number:
            keys.add(Key("tracking", event.tracking_number))
        if evidence != Evidence.ORDER_NUMBER:
            continue
        if isinstance(event, TrackingUpdate) and event.tracking_number:
            keys.add(Key("tracking", event.tracking_number))
        item_ids |= {item_id for item_id in (event.item_id, *(item.item_id for item in event.items)) if item_id}
        keys |= {title for item in event.items if (title := _title_key(item.title))}
        if event.buyer:
            buyers.add(event.buyer)
    keys |= set(_onward([entry.event for entry in entries], [key.value for key in keys if key.kind == "tracking"]))
    keys |= {Key("item", item_id) for item_id in item_ids}
    keys |= {_item_buyer(item_id, buyer) for item_id in item_ids for buyer in buyers}
    return frozenset(keys)


def _onward(told: Sequence[AnyEvent], own: Sequence[str]) -> Iterator[Key]:
    """The numbers that the order's own ones lead to: a chain from them, so that it ends where they do."""
    for way in ways(told, sorted(own)):
        for one in way.onward:
            yield Key("onward", one.number)


_REQUEST_TIED_BY: Mapping[str, str] = {
    Evidence.ORDER_NUMBER: "request",
    Evidence.ITEM_AND_BUYER: "request_item",
    Evidence.TITLE_AND_DATE: "request_title",
}


def _rungs(event: AnyEvent) -> Iterator[tuple[Evidence, tuple[Key, ...]]]:
    if isinstance(event, TrackingUpdate | ParcelLooked):
        # A carrier's mail names shops and goods in its own words: only its number ties it.
        yield Evidence.TRACKING_NUMBER, (Key("tracking", event.tracking_number),)
        yield Evidence.TRACKING_NUMBER, (Key("onward", event.tracking_number),)
        return
    item_ids = tuple(dict.fromkeys(i for i in (event.item_id, *(item.item_id for item in event.items)) if i))
    titles = tuple(key for key in (_title_key(item.title) for item in event.items) if key)
    request = event.request_id
    if request:
        yield Evidence.THREAD, (Key("request", request),)
    if event.buyer and item_ids:
        yield Evidence.ITEM_AND_BUYER, tuple(_item_buyer(item_id, event.buyer) for item_id in item_ids)
    if request:
        yield Evidence.THREAD, (Key("request_item", request),)
    if item_ids or titles:
        yield Evidence.TITLE_AND_DATE, tuple(Key("item", item_id) for item_id in item_ids) or titles
    if request:
        yield Evidence.THREAD, (Key("request_title", request),)


def _fits(event: AnyEvent, known: Known, evidence: Evidence) -> bool:
    if evidence is not Evidence.TITLE_AND_DATE:
        return True
    when = event.occurred_at or event.seen_at
    if when is not None and known.sold_at is not None:
        age = instant(when) - known.sold_at
        # A day's slack: printed dates have no clock, and the sale mail may be dated after the message.
        if not -timedelta(days=1) <= age <= SOLD_BEFORE:
            return False
    if _another_member(event.buyer, known.buyer):
        return False  # whoever asks about a listing has not bought what others bought from it
    printed = [title for item in event.items if not item.item_id and (title := _printed(item.title))]
    return not printed or any(_same_title(one, other) for one in printed for other in known.titles)


_MEMBER = re.compile(r"[a-z0-9][a-z0-9._-]{4,63}")
"""An eBay user name as mails print it: one word in small letters. People's names have capitals, masked ones stars."""


def _another_member(one: str | None, other: str | None) -> bool:
    """Whether both are eBay user names, and not the same; a user name and a person's name may be one buyer's."""
    if one is None or other is None or one == other:
        return False
    return _MEMBER.fullmatch(one) is not None and _MEMBER.fullmatch(other) is not None


def _printed(title: str | None) -> str:
    return fold_text(title or "").rstrip(".… ")


def _same_title(one: str, other: str) -> bool:
    whole = _printed(other)
    return whole.startswith(one) or one.startswith(whole)


def _title_key(title: str | None) -> Key | None:
    printed = _printed(title)
    return Key("title", printed[:TITLE_KEY]) if printed else None


def _item_buyer(item_id: str, buyer: str) -> Key:
    return Key("item_buyer", f"{item_id} {fold_text(buyer)}")
