"""A round's looks: several carriers at once, one after another within each, kept as they come."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from agent.looking.due import Pace
from agent.steps.look import LookPlan, coming_looks, look
from agent.store import Store, open_store
from agent.store.log import Entry, append, load_order
from agent.store.looks import due_parcels, looks_of
from agent.vocabulary.carriers import carriers
from agent.vocabulary.events import AnyEvent, LabelBought, OrderSold, TrackingUpdate
from agent.vocabulary.numbers import Context, asked_in_order
from agent.vocabulary.status import LookOutcome, TrackingStatus
from scrapers.look import Look, Onward, Scan, Tracked
from scrapers.manners import BUDGET

NOW = datetime(2026, 11, 24, 16, tzinfo=UTC)
USPS = ("9400111206206406260787", "9405500103204815559011", "9400136895232140250012")
DHL = ("00340434292135100186", "00340434292135100193", "00340434292135100209")
READ, NOT_FOUND, BLOCKED = LookOutcome.READ, LookOutcome.NOT_FOUND, LookOutcome.BLOCKED


@dataclass
class Scripted:
    """A looker that answers as it is told, and notes who was asked while whom."""

    answers: dict[str, Callable[[Look], Look]] = field(default_factory=dict)
    together: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)
    rendezvous: threading.Barrier | None = None
    _busy: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def look(self, number: str, carrier: str, postcode: str | None, now: datetime) -> Look:
        with self._lock:
            self._busy[carrier] += 1
            assert self._busy[carrier] == 1, "a carrier is asked for one parcel at a time"
            self.together = max(self.together, sum(self._busy.values()))
            self.asked.append((number, carrier))
        if self.rendezvous is not None:
            self.rendezvous.wait(timeout=20)
        with self._lock:
            self._busy[carrier] -= 1
        blank = Look(carrier=carrier, tracking_number=number, at=now, outcome=NOT_FOUND)
        return self.answers.get(number, lambda seen: seen)(blank)

    def close(self) -> None:
        """Nothing is held open."""


def moving(**more: object) -> Callable[[Look], Look]:
    def answer(seen: Look) -> Look:
        at = seen.at - timedelta(hours=9)
        scan = Scan(description="Departed", occurred_at=at, status=TrackingStatus.IN_TRANSIT)
        facts: dict[str, object] = {"status": TrackingStatus.IN_TRANSIT, "scans": (scan,), **more}
        tracked = Tracked(tracking_number=seen.tracking_number, carrier=seen.carrier, **facts)  # type: ignore[arg-type]
        return replace(seen, outcome=READ, tracked=tracked)

    return answer


@pytest.fixture
def store() -> Iterator[Store]:
    opened = open_store("sqlite://")
    yield opened
    opened.close()


def tell(store: Store, *events: AnyEvent, at: datetime) -> None:
    with store.begin() as connection:
        append(connection, [Entry(id=f"{at} {event}", event=event) for event in events], at)


def ship(store: Store, number: str, carrier: str | None, turn: int = 0) -> str:
    """An order whose label was made three days ago."""
    order_id, at = f"14-14050-3{turn:04}", NOW - timedelta(days=3)
    sold = OrderSold(order_id=order_id, occurred_at=at, seen_at=at, source="mail:a", site="EBAY_US")
    label = LabelBought(
        order_id=order_id, occurred_at=at, seen_at=at, source="mail:b", tracking_number=number, carrier=carrier
    )
    tell(store, sold, label, at=at)
    return order_id


def ship_all(store: Store) -> None:
    for turn, (number, carrier) in enumerate([(n, "usps") for n in USPS] + [(n, "dhl-paket-de") for n in DHL]):
        ship(store, number, carrier, turn)


def due(store: Store, now: datetime = NOW) -> set[str]:
    with store.begin() as connection:
        return {parcel.tracking_number for parcel in due_parcels(connection, now)}


def test_carriers_are_visited_side_by_side_and_each_one_in_turn(store: Store) -> None:
    """Two carriers at once; the parcels of one never at once."""
    ship_all(store)
    looker = Scripted(rendezvous=threading.Barrier(2))

    done = look(store, lambda: looker, LookPlan(), NOW)

    assert done.looks == 6
    assert looker.together == 2
    assert due(store) == set()


def test_a_round_begins_no_look_when_its_time_is_over(store: Store) -> None:
    """What is left is due in the next round, those that waited longest first."""
    ship_all(store)
    looker, times = Scripted(), iter([0.0, 0.0, 1.0, 500.0])

    first = look(store, lambda: looker, LookPlan(), NOW, clock=lambda: next(times, 500.0))
    left = due(store)
    second = look(store, lambda: looker, LookPlan(), NOW)

    assert 0 < first.looks < 6
    assert len(left) == 6 - first.looks
    assert {number for number, _ in looker.asked[first.looks :]} == left
    assert first.looks + second.looks == 6


def test_a_stop_sign_is_for_all_parcels_of_a_carrier(store: Store) -> None:
    """After a CAPTCHA the carrier is left alone for a day, the others are not."""
    ship_all(store)
    looker = Scripted({n: lambda seen: replace(seen, outcome=BLOCKED, outcome_reason="captcha") for n in USPS})

    look(store, lambda: looker, LookPlan(), NOW)
    look(store, lambda: looker, LookPlan(), NOW + timedelta(hours=3))

    assert [carrier for _, carrier in looker.asked].count("usps") == 1
    assert {number for number, carrier in looker.asked if carrier == "dhl-paket-de"} == set(DHL)


def test_a_carrier_has_a_budget_for_the_day(store: Store) -> None:
    """Two looks a day, whatever is due."""
    ship_all(store)
    looker = Scripted()
    plan = LookPlan(pace=Pace(budget=replace(BUDGET, a_day=2)))

    look(store, lambda: looker, plan, NOW)
    look(store, lambda: looker, plan, NOW + timedelta(minutes=5))
    assert [carrier for _, carrier in looker.asked].count("usps") == 2

    look(store, lambda: looker, plan, NOW + timedelta(hours=25))
    assert [carrier for _, carrier in looker.asked].count("usps") == 4


def test_news_in_a_mail_makes_the_next_look_be_thought_about_anew(store: Store) -> None:
    """The parcel was planned for tomorrow; then a mail says that it is out for delivery."""
    order_id = ship(store, USPS[0], "usps")
    looker = Scripted({USPS[0]: moving()})
    look(store, lambda: looker, LookPlan(), NOW)
    morning = NOW + timedelta(hours=21)
    out = TrackingUpdate(
        occurred_at=morning,
        seen_at=morning,
        source="mail:c",
        tracking_number=USPS[0],
        carrier="usps",
        status=TrackingStatus.OUT_FOR_DELIVERY,
    )
    tell(store, out, at=morning)
    look(store, lambda: looker, LookPlan(), morning)

    with store.begin() as connection:
        order = load_order(connection, order_id)
        assert order is not None
        coming = coming_looks(connection, order, LookPlan(), morning)
    carrier, planned = coming[USPS[0]]
    assert carrier == "usps"
    assert planned.why == "out for delivery"
    assert morning < planned.at < morning + timedelta(hours=6)


def test_a_handover_is_kept_and_the_next_carrier_asked(store: Store) -> None:
    """The page names the number under which the parcel goes on: that one is looked at too."""
    first = "LP00123456789012"
    order_id = ship(store, first, "dhl-paket-de")
    onward = Onward(tracking_number=USPS[0], carrier="usps")
    looker = Scripted({first: moving(onward=onward), USPS[0]: moving()})

    look(store, lambda: looker, LookPlan(), NOW)
    look(store, lambda: looker, LookPlan(), NOW + timedelta(hours=30))

    assert (USPS[0], "usps") in looker.asked
    with store.begin() as connection:
        order = load_order(connection, order_id)
    assert order is not None
    assert [leg.tracking_number for leg in order.shipments[0].legs] == [first, USPS[0]]


def test_whose_numbers_they_were_is_remembered(store: Store) -> None:
    """Where nobody named a carrier the likeliest is asked, then the next; of the next such number the right one."""
    numbers = ("15501234567890", "15501234567883")
    likely, right, *_ = asked_in_order(numbers[0], Context(country="US"), may_ask=lambda one: carriers()[one].looked)

    def known_to_one(seen: Look) -> Look:
        return moving()(seen) if seen.carrier == right else seen

    looker = Scripted(dict.fromkeys(numbers, known_to_one))

    ship(store, numbers[0], None, 1)
    for hour in (0, 2, 30):
        look(store, lambda: looker, LookPlan(), NOW + timedelta(hours=hour))
    assert looker.asked == [(numbers[0], likely), (numbers[0], right), (numbers[0], right)]

    ship(store, numbers[1], None, 2)
    look(store, lambda: looker, LookPlan(), NOW + timedelta(hours=31))
    assert looker.asked[3:] == [(numbers[1], right)]


def test_failed_looks_become_rarer(store: Store) -> None:
    """A week of rounds every ten minutes at a carrier that does not answer: a look a day in the end."""
    ship(store, USPS[0], "usps")
    looker = Scripted({USPS[0]: lambda seen: replace(seen, outcome=LookOutcome.UNREACHABLE)})
    for turn in range(7 * 24 * 2):
        look(store, lambda: looker, LookPlan(), NOW + turn * timedelta(minutes=30))

    with store.begin() as connection:
        times = [row.at for row in looks_of(connection, USPS[0])]
    assert len(times) <= 12
    assert all(later - earlier >= timedelta(hours=1) for earlier, later in pairwise(times))


def test_a_look_that_breaks_is_this_parcels_trouble_alone(store: Store) -> None:
    """It is kept as one that failed, says what broke, and the others are looked at in the same round."""

    def breaks(seen: Look) -> Look:
        raise ZeroDivisionError("a page like no other")

    for turn, number in enumerate(USPS):
        ship(store, number, "usps", turn)
    visitor = Scripted({USPS[0]: breaks, USPS[1]: moving(), USPS[2]: moving()})
    done = look(store, lambda: visitor, LookPlan(), NOW)

    assert dict(done.outcomes) == {"read": 2, "unreachable": 1}
    with store.begin() as connection:
        (kept,) = looks_of(connection, USPS[0])
    assert "ZeroDivisionError: a page like no other" in (kept.outcome_reason or "")


def test_a_next_carrier_is_asked_in_the_round_that_learned_of_it(store: Store) -> None:
    """So a second round at the same time finds nothing to do."""
    ship(store, DHL[0], "dhl-paket-de")
    visitor = Scripted({DHL[0]: moving(onward=Onward(tracking_number=USPS[0], carrier="usps")), USPS[0]: moving()})

    assert look(store, lambda: visitor, LookPlan(), NOW).looks == 2
    assert visitor.asked == [(DHL[0], "dhl-paket-de"), (USPS[0], "usps")]
    assert look(store, lambda: visitor, LookPlan(), NOW).looks == 0
