"""A small shop's logs, as values: two orders that are sold, sent, asked about and claimed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from agent.policies.guard import Caps
from agent.policies.policy import Policy, parse_policies
from agent.risks.timers import Timers
from agent.simulation.history import History, Known
from agent.steps.rules import Rules
from agent.store import Store, open_store
from agent.store.log import Entry
from agent.vocabulary import events as ev
from agent.vocabulary.data import parse_yaml
from agent.vocabulary.events import AnyEvent
from agent.vocabulary.status import LookOutcome, Mode, TrackingStatus
from agent.vocabulary.values import Address, Item, Money, Window

START = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NUMBERS = ("00340434161094027318", "00340434161094027325", "00340434161094027332")

POLICIES = """
- name: answers-questions
  when: [{risk: not_received_message}]
  then: [{reply: inr_in_transit}]
- name: stalled
  when: [{risk: stalled_in_transit}]
  then: [{flag: "It has stopped"}, {draft: late_proactive}]
- name: requests
  when: [{risk: inr_opened}]
  then: [{flag: "Answer it in eBay"}]
"""


def policies(text: str = POLICIES) -> tuple[Policy, ...]:
    found, problems = parse_policies(parse_yaml(text))
    assert problems == ()
    return found


def rules(text: str = POLICIES, mode: Mode = Mode.LIVE, armed: frozenset[str] | None = None) -> Rules:
    return Rules(
        mode=mode,
        shop="Tidewater",
        sender="olive@tidewater.example",
        policies=policies(text),
        caps=Caps(),
        timers=Timers(),
        armed=armed,
    )


def order_id(index: int) -> str:
    return f"27-1401{index}-5021{index}"


def sold(index: int, at: datetime) -> AnyEvent:
    return ev.OrderSold(
        occurred_at=at,
        order_id=order_id(index),
        site="EBAY_US",
        buyer=f"lantern_{index}",
        items=(Item(title=f"Ship's lantern no. {index}", item_id=f"27641880{index:04}", quantity=1),),
        total=Money(Decimal(40), "USD"),
        paid=True,
        ship_to=Address(name="Nora Finch", city="Duluth", region="MN", postcode="55802", country="US"),
        ship_by=(at + 2 * DAY).date(),
        estimated_delivery=Window((at + 5 * DAY).date(), (at + 8 * DAY).date()),
    )


def label(index: int, at: datetime) -> AnyEvent:
    return ev.LabelBought(
        occurred_at=at, order_id=order_id(index), tracking_number=NUMBERS[index], carrier="dhl-paket-de"
    )


def scan(index: int, at: datetime, status: TrackingStatus = TrackingStatus.IN_TRANSIT) -> AnyEvent:
    return ev.TrackingUpdate(
        occurred_at=at, tracking_number=NUMBERS[index], carrier="dhl-paket-de", status=status, source="look:scan"
    )


def looked(index: int, at: datetime, status: TrackingStatus = TrackingStatus.IN_TRANSIT) -> AnyEvent:
    return ev.ParcelLooked(
        occurred_at=at,
        tracking_number=NUMBERS[index],
        carrier="dhl-paket-de",
        outcome=LookOutcome.READ,
        status=status,
        source="look:page",
    )


def asks(index: int, at: datetime) -> AnyEvent:
    return ev.BuyerMessage(
        occurred_at=at,
        order_id=order_id(index),
        intent="not_received",
        language="en",
        text="Where is my lantern?",
        reference_id="[#a1b2c3d4#]",
        reply_to=f"{'ab12cd34ef' * 2}@members.ebay.com",
        subject="A question about your order",
        buyer=f"lantern_{index}",
    )


def claims(index: int, at: datetime) -> AnyEvent:
    return ev.InrOpened(occurred_at=at, order_id=order_id(index), request_id=f"51000{index}2345", site="EBAY_US")


def known(at: datetime, event: AnyEvent, name: str) -> Known:
    return Known(at=at, entry=Entry(id=name, event=event))


def a_month() -> tuple[tuple[datetime, AnyEvent], ...]:
    """Order 0 stands still from its fifth day on; its buyer asks on day 20 and claims on day 25. Order 1 arrives."""
    return (
        (START, sold(0, START)),
        (START + DAY, label(0, START + DAY)),
        (START + DAY, sold(1, START + DAY)),
        (START + 2 * DAY, label(1, START + 2 * DAY)),
        (START + 3 * DAY, scan(0, START + 3 * DAY)),
        (START + 3 * DAY, scan(1, START + 3 * DAY)),
        *((START + n * DAY, looked(0, START + n * DAY)) for n in range(3, 35)),
        (START + 6 * DAY, scan(1, START + 6 * DAY, TrackingStatus.DELIVERED)),
        (START + 6 * DAY, looked(1, START + 6 * DAY, TrackingStatus.DELIVERED)),
        (START + 20 * DAY, asks(0, START + 20 * DAY)),
        (START + 25 * DAY, claims(0, START + 25 * DAY)),
    )


def history_of(told: Sequence[tuple[datetime, AnyEvent]]) -> History:
    ordered = sorted(enumerate(told), key=lambda one: (one[1][0], one[0]))
    return History(entries=tuple(known(at, event, f"event {index}") for index, (at, event) in ordered), began=START)


@pytest.fixture
def store() -> Iterator[Store]:
    opened = open_store("sqlite://")
    yield opened
    opened.close()
