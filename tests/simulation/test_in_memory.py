"""The log and the outbox in memory tell what those of the store tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from agent.simulation.box import Box
from agent.simulation.ledger import Ledger
from agent.store import Store, open_store
from agent.store.log import Entry, append, order_log
from agent.store.orders import every, with_history
from agent.store.outbox import NewRow, State, change, put, renew, rows
from agent.store.tables import orders
from agent.vocabulary import events as ev
from agent.vocabulary.events import AnyEvent
from agent.vocabulary.status import TrackingStatus
from agent.vocabulary.values import Address, Item
from tests.simulation.conftest import DAY, HOUR, NUMBERS, START, asks, claims, label, looked, scan, sold

SAME_BUYER = ev.OrderSold(
    occurred_at=START, order_id="27-77777-77777", buyer="lantern_0", items=(Item(title="Ship's lantern no. 0"),)
)
SAME_NUMBER = ev.LabelBought(
    occurred_at=START + DAY,
    order_id="27-77777-77777",
    tracking_number=NUMBERS[0],
    carrier="dhl-paket-de",
    ship_to=Address(city="Toledo", postcode="43604", country="US"),
)
BY_TITLE = ev.BuyerMessage(occurred_at=START + 3 * DAY, items=(Item(title="Ship's lantern no. 0"),), text="Hello?")
BY_ITEM = ev.InrOpened(
    occurred_at=START + 9 * DAY, item_id="276418800000", buyer="lantern_0", request_id="5100099999", site="EBAY_US"
)
BY_REQUEST = ev.InrEscalated(occurred_at=START + 12 * DAY, request_id="5100099999")
CLOSED = ev.CaseClosed(occurred_at=START + 14 * DAY, request_id="5100002345")
TOLD: tuple[AnyEvent, ...] = (
    *(sold(index, START) for index in range(2)),
    *(label(index, START + DAY) for index in range(2)),
    *(scan(index, START + 3 * DAY) for index in range(2)),
    looked(0, START + 4 * DAY),
    scan(0, START + 5 * DAY, TrackingStatus.DELIVERED),
    asks(0, START + 6 * DAY),
    claims(0, START + 8 * DAY),
    *(SAME_BUYER, SAME_NUMBER, BY_TITLE, BY_ITEM, BY_REQUEST, CLOSED),
)
ENTRIES = tuple(Entry(id=f"event {index}", event=event) for index, event in enumerate(TOLD))


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    opened = open_store("sqlite://")
    yield opened
    opened.close()


@given(st.permutations(ENTRIES), st.integers(1, 5))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_log_is_matched_and_folded_alike(told: Sequence[Entry], size: int) -> None:
    """In any order of arrival, some at a time: the same orders with the same logs, due at the same times."""
    kept, ledger = open_store("sqlite://"), Ledger({})
    try:
        for index in range(0, len(told), size):
            now = START + index * HOUR
            ledger.append(told[index : index + size], now)
            with kept.begin() as connection:
                append(connection, told[index : index + size], now)
                known = {one.order.order_id: one.order for one in every(connection)}
                due = {row.order_id: row.next_due_at for row in connection.execute(select(orders))}
                logs = {id_: order_log(connection, id_) for id_ in known}
                histories = {id_: with_history(connection, order) for id_, order in known.items()}
            assert ledger.orders == known
            assert ledger.due == due
            assert {id_: ledger.log(id_) for id_ in known} == logs
            assert {id_: ledger.with_history(order) for id_, order in known.items()} == histories
    finally:
        kept.close()


def row(number: int, state: State = "awaiting_approval", body: str = "Hello") -> NewRow:
    return NewRow(
        key=f"key {number}",
        order_id=f"order {number % 2}",
        buyer=None if number % 3 else "lantern",
        policy="stalled",
        risk="stalled_in_transit",
        episode="1",
        situation="late_proactive",
        language="en",
        state=state,
        recipient="x@members.ebay.com",
        subject="Your order",
        body=body,
        in_reply_to=None,
        message_id=f"<{number}@tidewater.example>",
    )


DEEDS = st.tuples(
    st.sampled_from(["put", "renew", "expired", "sent", "queued"]), st.integers(0, 3), st.sampled_from(["A", "B"])
)


@given(st.lists(DEEDS, max_size=20))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_outbox_changes_alike(store: Store, deeds: list[tuple[str, int, str]]) -> None:
    """Put, renewed, changed: every row has the same facts, and the guard is told of the same ones."""
    box = Box()
    with store.begin() as connection:
        for step, (deed, number, body) in enumerate(deeds):
            now = START + step * 9 * HOUR
            if deed == "put":
                put(connection, row(number, body=body), now)
                box.put(row(number, body=body), now)
            elif deed == "renew":
                renew(connection, row(number, body=body), now)
                box.renew(row(number, body=body), now)
            elif (known := box.rows.get(f"key {number}")) is not None:
                change(connection, known.id, deed, now, "why")  # type: ignore[arg-type]
                box.change(known, deed, now, "why")  # type: ignore[arg-type]
            found = rows(connection)
            assert list(box.rows.values()) == found
            since = now - timedelta(days=1)
            recent = {one.key for one in found if one.updated_at >= since or one.order_id == "order 1"}
            assert {one.key for one in box.past({"order 1"}, (), since)} == recent
        connection.rollback()
