"""What trying policies costs: a shop's half year lived through again, beside judging its orders alone once a day.

python -m bench.simulating [orders]
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from agent.policies.guard import Caps
from agent.policies.policy import shipped
from agent.risks.assess import assess
from agent.risks.timers import Timers
from agent.simulation.history import History, Known
from agent.simulation.ledger import Ledger
from agent.simulation.replay import replay
from agent.steps.rules import Rules
from agent.store.log import Entry
from agent.vocabulary import events as ev
from agent.vocabulary.events import AnyEvent
from agent.vocabulary.status import LookOutcome, Mode, TrackingStatus
from agent.vocabulary.values import Item, Money, Window

START = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
DAYS = 180
DAY = timedelta(days=1)
DAYS_JUDGED = 10
"""About as often as an order is judged when policies are tried."""


def main(orders: int = 300) -> None:
    entries = shop(orders)
    rules = Rules(
        mode=Mode.OBSERVE,
        shop="Tidewater",
        sender="olive@tidewater.example",
        policies=shipped(),
        caps=Caps(),
        timers=Timers(),
    )
    until = START + DAYS * DAY
    replay(History(entries=entries[:50], began=START), rules, since=START, until=START + DAY)  # reads the templates
    start = time.process_time()
    done = replay(History(entries=entries, began=START), rules, since=START, until=until)
    tried = (time.process_time() - start) / orders
    ledger = Ledger({})
    ledger.append([known.entry for known in entries], until)
    start = time.process_time()
    for order in ledger.orders.values():
        for days in range(DAYS_JUDGED):
            assess(order, order.sold_at + days * DAY if order.sold_at else until)
    judged = (time.process_time() - start) / orders
    print(f"{orders} orders, {len(entries)} entries, {DAYS} days, {len(done.deeds)} actions")
    print(f"judge an order daily, {DAYS_JUDGED} days (peer)  {1 / judged:8.0f} orders a second")
    print(f"try the policies on its life      {1 / tried:8.0f} orders a second   {tried / judged:5.2f} × the peer")


def shop(orders: int) -> tuple[Known, ...]:
    """Orders spread over the half year: sold, sent, looked at daily until they arrive; one in twenty never does."""
    chance = random.Random(1)
    found: list[Known] = []
    for index in range(orders):
        sold = START + chance.uniform(0, DAYS - 5) * DAY
        for place, (at, event) in enumerate(life(index, sold, chance)):
            found.append(Known(at=at, entry=Entry(id=f"{index} {place}", event=event)))
    return tuple(sorted(found, key=lambda one: one.at))


def life(index: int, sold: datetime, chance: random.Random) -> Iterator[tuple[datetime, AnyEvent]]:
    number, order_id = f"0034{index:015}", f"27-{index:05}-50218"
    yield (
        sold,
        ev.OrderSold(
            occurred_at=sold,
            order_id=order_id,
            site="EBAY_DE",
            buyer=f"buyer_{index}",
            items=(Item(title="Brass lantern", item_id=f"2764{index:08}", quantity=1),),
            total=Money(Decimal(30), "EUR"),
            paid=True,
            estimated_delivery=Window((sold + 4 * DAY).date(), (sold + 6 * DAY).date()),
        ),
    )
    at = sold + DAY
    yield at, ev.LabelBought(occurred_at=at, order_id=order_id, tracking_number=number, carrier="dhl-paket-de")
    days, lost = chance.randint(2, 5), chance.random() < 0.05
    for day in range(1, 15 if lost else days + 1):
        at = sold + (1 + day) * DAY
        arrived = not lost and day == days
        status = TrackingStatus.DELIVERED if arrived else TrackingStatus.IN_TRANSIT
        if not lost or day == 1:
            yield (
                at,
                ev.TrackingUpdate(
                    occurred_at=at, tracking_number=number, carrier="dhl-paket-de", status=status, source="look:1"
                ),
            )
        look = ev.ParcelLooked(
            occurred_at=at, tracking_number=number, carrier="dhl-paket-de", outcome=LookOutcome.READ, status=status
        )
        yield at, look
    if lost and chance.random() < 0.5:
        at = sold + 16 * DAY
        yield at, ev.InrOpened(occurred_at=at, order_id=order_id, request_id=f"5{index:09}", site="EBAY_DE")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
