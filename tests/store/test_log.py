"""The log in a real SQLite: whatever the order of arrival, the same orders."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from agent.store import open_store
from agent.store.log import Entry, append, load_order, unmatched
from agent.store.tables import event_keys, events, order_keys, orders, parcels
from agent.vocabulary.events import (
    AnyEvent,
    BuyerMessage,
    CancellationRequested,
    CaseClosed,
    InrOpened,
    LabelBought,
    OrderSold,
    ParcelLooked,
    TrackingUpdate,
)
from agent.vocabulary.status import LookOutcome, TrackingStatus
from agent.vocabulary.values import Item, Money

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ONE, TWO = "27-13930-98148", "02-15262-92402"
NUMBER = "9400111206206406260787"


def sold(order_id: str, title: str, item_id: str, buyer: str, day: int) -> OrderSold:
    return OrderSold(
        occurred_at=datetime(2026, 11, day, 10, tzinfo=UTC),
        source=f"mail:sold {order_id}",
        order_id=order_id,
        buyer=buyer,
        items=(Item(title=title, item_id=item_id, price=Money(Decimal("51.00"), "USD")),),
        total=Money(Decimal("58.40"), "USD"),
        ship_by=date(2026, 11, day + 2),
    )


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


STORY: tuple[AnyEvent, ...] = (
    sold(ONE, "Brass ship's bell, 1950s", "204512345678", "harbour_fan", 2),
    sold(TWO, "Brass ship's bell, 1950s", "204512345678", "other_buyer", 5),
    LabelBought(
        occurred_at=at(3),
        source="mail:label",
        item_id="204512345678",
        buyer="harbour_fan",
        tracking_number=NUMBER,
        carrier="usps",
    ),
    TrackingUpdate(
        occurred_at=at(4), source="mail:scan", tracking_number=NUMBER, carrier="usps", status=TrackingStatus.IN_TRANSIT
    ),
    ParcelLooked(
        occurred_at=at(6),
        source="look:1",
        tracking_number=NUMBER,
        carrier="usps",
        outcome=LookOutcome.READ,
        status=TrackingStatus.IN_TRANSIT,
    ),
    InrOpened(
        occurred_at=at(12), source="mail:inr", request_id="5378488528", item_id="204512345678", buyer="harbour_fan"
    ),
    CaseClosed(occurred_at=at(14), source="mail:closed", request_id="5378488528", outcome="withdrawn"),
    BuyerMessage(
        occurred_at=at(11),
        source="mail:message",
        buyer="other_buyer",
        item_id="204512345678",
        intent="where_is_it",
        text="where is it?",
    ),
    CancellationRequested(occurred_at=at(6), source="mail:cancel", order_id=TWO, reason="ordered by mistake"),
    TrackingUpdate(
        occurred_at=at(15),
        source="mail:stranger",
        tracking_number="RB123456785GB",
        carrier="royal-mail",
        status=TrackingStatus.DELIVERED,
    ),
    BuyerMessage(occurred_at=at(13), source="mail:title", items=(Item(title="Brass ship's be..."),), text="hello"),
    BuyerMessage(
        occurred_at=at(13),
        source="mail:onlooker",
        buyer="bell-collector.99",
        item_id="204512345678",
        intent="where_is_it",
        text="Is another one on its way?",
    ),
    BuyerMessage(
        occurred_at=at(13),
        source="mail:by name",
        buyer="other_buyer",
        items=(Item(title="Brass ship's bell..."),),
        text="hello again",
    ),
)


def state_after(arrivals: Sequence[Sequence[AnyEvent]]) -> list[object]:
    """Everything the store knows in the end, but for the sequence of arrival."""
    store = open_store("sqlite://")
    for batch in arrivals:
        with store.begin() as connection:
            append(connection, [Entry(id=event.source, event=event) for event in batch], NOW)
    with store.begin() as connection:
        state: list[object] = []
        for table in (orders, order_keys, event_keys, parcels):
            state += sorted(tuple(str(value) for value in row) for row in connection.execute(select(table)))
        tied = select(events.c.id, events.c.order_id, events.c.evidence, events.c.candidates)
        state += sorted(tuple(str(value) for value in row) for row in connection.execute(tied))
    store.close()
    return state


@functools.cache
def usual_state() -> list[object]:
    return state_after([STORY])


@settings(max_examples=60, deadline=None)
@given(order=st.permutations(STORY), cuts=st.sets(st.integers(1, len(STORY) - 1), max_size=4))
def test_the_end_does_not_depend_on_the_order_of_arrival(order: list[AnyEvent], cuts: set[int]) -> None:
    """Any order of mails and looks, in any batches, folds to the same orders, ties and keys."""
    bounds = [0, *sorted(cuts), len(order)]
    batches = [order[start:end] for start, end in itertools.pairwise(bounds)]

    assert state_after(batches) == usual_state()


THIRD = "9400111206038259031791"
HANDED_OVER: tuple[AnyEvent, ...] = (
    sold(ONE, "Brass ship's bell, 1950s", "204512345678", "harbour_fan", 2),
    sold(TWO, "Mantel clock", "204512345679", "other_buyer", 2),
    LabelBought(occurred_at=at(3), source="mail:one", order_id=ONE, tracking_number=NUMBER, carrier="usps"),
    LabelBought(occurred_at=at(3), source="mail:two", order_id=TWO, tracking_number=THIRD, carrier="usps"),
    ParcelLooked(
        occurred_at=at(5),
        source="look:1",
        tracking_number=NUMBER,
        outcome=LookOutcome.READ,
        status=TrackingStatus.IN_TRANSIT,
        onward_number="RB123456785GB",
    ),
    TrackingUpdate(
        occurred_at=at(6), source="mail:3", tracking_number="RB123456785GB", onward_number=THIRD, carrier="royal-mail"
    ),
    TrackingUpdate(
        occurred_at=at(7), source="mail:4", tracking_number=THIRD, carrier="usps", status=TrackingStatus.DELIVERED
    ),
)


@functools.cache
def handed_over_state() -> list[object]:
    return state_after([HANDED_OVER])


@settings(max_examples=40, deadline=None)
@given(order=st.permutations(HANDED_OVER), cuts=st.sets(st.integers(1, len(HANDED_OVER) - 1), max_size=4))
def test_hand_overs_do_not_depend_on_the_order_of_arrival(order: list[AnyEvent], cuts: set[int]) -> None:
    """Which numbers are one parcel's, and which are another order's, follows from what is known, not from when."""
    bounds = [0, *sorted(cuts), len(order)]
    batches = [order[start:end] for start, end in itertools.pairwise(bounds)]

    assert state_after(batches) == handed_over_state()


def test_each_event_finds_its_order_by_the_strongest_evidence() -> None:
    """Order number, request number, tracking number, item and buyer; a title sold twice stays open."""
    store = open_store("sqlite://")
    with store.begin() as connection:
        append(connection, [Entry(id=event.source, event=event) for event in STORY], NOW)
        tied = {row.id: (row.order_id, row.evidence) for row in connection.execute(select(events))}
        loose = unmatched(connection)
    store.close()

    assert tied["mail:label"] == (ONE, "item_and_buyer")
    assert tied["mail:scan"] == (ONE, "tracking_number")
    assert tied["mail:closed"] == (ONE, "thread")
    assert tied["mail:message"] == (TWO, "item_and_buyer")
    assert tied["mail:cancel"] == (TWO, "order_number")
    assert tied["mail:by name"] == (TWO, "title_and_date")
    assert {one.event.source for one in loose} == {"mail:stranger", "mail:title", "mail:onlooker"}
    assert next(one.candidates for one in loose if one.event.source == "mail:title") == (TWO, ONE)


def test_the_same_event_is_logged_once() -> None:
    """An event that is told again touches nothing."""
    store = open_store("sqlite://")
    entry = Entry(id="x", event=STORY[0])
    with store.begin() as connection:
        first = append(connection, [entry, entry], NOW)
        again = append(connection, [entry], NOW + timedelta(days=1))
        order = load_order(connection, ONE)
    store.close()

    assert first == {ONE}
    assert again == frozenset()
    assert order is not None
    assert str(order.total) == "USD 58.40"


def test_a_carrier_mail_that_came_first_finds_its_order_later() -> None:
    """What nobody could place is placed as soon as a label ties its number to an order."""
    store = open_store("sqlite://")
    scan, label, sale = STORY[3], STORY[2], STORY[0]
    with store.begin() as connection:
        for event in (scan, label, sale):
            append(connection, [Entry(id=event.source, event=event)], NOW)
        order = load_order(connection, ONE)
        left = unmatched(connection)
    store.close()

    assert order is not None
    assert order.shipments[0].status is TrackingStatus.IN_TRANSIT
    assert left == []
