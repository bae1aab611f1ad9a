"""Storms: many parcels of one carrier or lane that stopped together. Quiet times have none."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from agent.orders.order import Case, Order, Shipment
from agent.risks.storms import Figures, Incident, storms
from agent.vocabulary.events import TrackingUpdate
from agent.vocabulary.status import TrackingStatus
from agent.vocabulary.values import Address, Place, Window
from tests.risks.orders import NOW, ago, order, parcel

DAY = timedelta(days=1)


def sent(
    index: int,
    silent_for: float,
    *,
    carrier: str = "royal-mail",
    to: str = "GB",
    city: str = "Langley",
    read: float = 0.1,
    **facts: Any,
) -> Order:
    """An order whose parcel was scanned on its way until so many days ago, its page read `read` days ago."""
    last = ago(silent_for)
    number = f"PB{index:09}GB"
    rows = tuple(
        TrackingUpdate(
            occurred_at=at,
            status=TrackingStatus.IN_TRANSIT,
            tracking_number=number,
            location=Place(city=town),
            source="look:1",
        )
        for at, town in ((last, city), (last - DAY, "Bristol"))
    )
    shipment = parcel(
        tracking_number=number,
        carrier=carrier,
        status=TrackingStatus.IN_TRANSIT,
        first_scan_at=last - DAY,
        last_scan_at=last,
        scans=rows,
        last_good_look_at=ago(read),
    )
    return order(
        order_id=f"12-34567-{index:05}",
        ship_to=Address(city="Leeds", postcode="LS1 4AP", region="West Yorkshire", country=to),
        shipments=(shipment,),
        **facts,
    )


def changed(one: Order, **facts: Any) -> Order:
    return replace(one, shipments=(replace(one.shipments[0], **facts),))


def delivered(index: int, days_ago: float, carrier: str = "royal-mail") -> Order:
    at = ago(days_ago)
    return changed(sent(index, days_ago, carrier=carrier), status=TrackingStatus.DELIVERED, delivered_at=at)


STOPPED = [sent(index, 6 + index * 0.2) for index in range(6)]
MOVING = [sent(10 + index, 0.5, city="Leeds") for index in range(4)]


def test_parcels_that_stopped_together_are_one_incident() -> None:
    """Six of ten: one incident with its orders, its place, and since when."""
    (found,) = storms([*STOPPED, *MOVING], NOW)

    assert found.carrier == "royal-mail"
    assert found.place == "Langley"
    assert found.order_ids == tuple(sorted((one.order_id for one in STOPPED), reverse=True))
    assert found.since == ago(7)
    assert found.under_way == 10


def test_fewer_than_five_are_single_cases() -> None:
    """Four silent parcels are four cases, however many that is of all."""
    assert storms(STOPPED[:4], NOW) == ()


def test_most_of_the_carriers_parcels_move() -> None:
    """Six of sixteen are less than two in five: the carrier works."""
    moving = [sent(10 + index, 0.5, city="Leeds") for index in range(10)]
    elsewhere = [changed(one, scans=()) for one in STOPPED]

    assert storms([*elsewhere, *moving], NOW) == ()


def test_a_place_where_parcels_stop_is_found_in_a_carrier_that_works() -> None:
    """Six of sixteen, but of those that came through Langley all."""
    moving = [changed(sent(10 + index, 0.5), scans=()) for index in range(10)]

    (found,) = storms([*STOPPED, *moving], NOW)

    assert (found.place, found.under_way) == ("Langley", 6)


def test_a_place_that_parcels_still_leave_is_open() -> None:
    """Those that came through Langley and went on count against a storm there."""
    through = [
        changed(
            one,
            scans=(replace(one.shipments[0].scans[0], location=Place(city="Leeds")), STOPPED[0].shipments[0].scans[0]),
        )
        for one in (sent(10 + index, 0.5) for index in range(12))
    ]

    assert storms([*STOPPED, *through], NOW) == ()


def test_what_was_not_read_lately_is_no_silence() -> None:
    """Pages that could not be read say nothing about any parcel."""
    assert storms([sent(index, 6, read=3) for index in range(8)], NOW) == ()


def test_parcels_lost_over_weeks_are_no_storm() -> None:
    """Five that stopped a week apart from each other did not stop together."""
    assert storms([sent(index, 5 + 5 * index) for index in range(5)], NOW) == ()


def test_a_lane_abroad_is_named() -> None:
    """The carrier works at home; what goes to Germany stands still."""
    abroad = [changed(sent(index, 14 + index * 0.1, to="DE"), scans=()) for index in range(5)]
    home = [changed(sent(20 + index, 0.5), scans=()) for index in range(20)]

    (found,) = storms([*abroad, *home], NOW)

    assert (found.carrier, found.origin, found.destination) == ("royal-mail", "GB", "DE")


def test_an_incident_ends_when_the_parcels_move() -> None:
    """A new scan of most of them, and there is none."""
    again = [changed(one, last_scan_at=ago(0.2)) for one in STOPPED]

    assert storms([*again[:4], *STOPPED[4:], *MOVING], NOW) == ()


def test_deliveries_since_show_that_the_carrier_works() -> None:
    """Ten that arrived after the others stopped are the carrier's too."""
    arrived = [changed(delivered(30 + index, 1), scans=()) for index in range(10)]
    nowhere = [changed(one, scans=()) for one in STOPPED]

    assert storms([*nowhere, *arrived], NOW) == ()


def test_a_carrier_that_is_always_silent_for_a_week_has_no_storm() -> None:
    """Its delivered parcels had as long a silence: that is how it prints."""

    def scans(first: float, last: float) -> tuple[TrackingUpdate, ...]:
        return tuple(TrackingUpdate(occurred_at=ago(at), status=TrackingStatus.IN_TRANSIT) for at in (last, first))

    arrived = [changed(delivered(40 + index, 20), scans=scans(27, 20)) for index in range(6)]

    assert storms([*STOPPED, *arrived], NOW) == ()
    assert len(storms(STOPPED, NOW)) == 1


def test_a_long_weekend_is_no_storm() -> None:
    """From Maundy Thursday to Easter Monday nothing is scanned: that is four days, and no business day."""
    monday = datetime(2026, 4, 6, 20, 0, tzinfo=NOW.tzinfo)
    thursday = datetime(2026, 4, 2, 15, 0, tzinfo=NOW.tzinfo)
    still = [
        changed(sent(index, 0), last_scan_at=thursday, first_scan_at=thursday - DAY, last_good_look_at=monday)
        for index in range(8)
    ]

    assert storms(still, monday) == ()


def test_late_parcels_stop_sooner() -> None:
    """Two and a half silent days after the promised one are enough, where four would be needed before it."""
    estimate = Window(date(2026, 3, 1), date(2026, 3, 2))
    late = [sent(index, 2.5, estimated_delivery=estimate) for index in range(5)]

    assert len(storms(late, NOW)) == 1
    assert storms([sent(index, 2.5) for index in range(5)], NOW) == ()


def test_what_ebays_protection_asks_is_counted() -> None:
    """A request before the first scan, or a number that eBay was never given, is not covered."""
    asked = replace(STOPPED[0], cases=(Case(kind="inr", state="open", opened_at=ago(20)),))
    unknown = changed(STOPPED[1], uploaded_at=None)

    (found,) = storms([asked, unknown, *STOPPED[2:]], NOW)

    assert found.covered == 4


def test_refunded_orders_are_out_of_it() -> None:
    """What can cost nothing more is no part of an incident."""
    assert storms([replace(one, refunded_at=ago(1)) for one in STOPPED], NOW) == ()


@pytest.mark.parametrize("seed", range(8))
def test_quiet_times_have_no_storm(seed: int) -> None:
    """Random shops over sixty days, carriers quick and slow, three parcels in a hundred lost: not one incident."""
    assert incidents_of(quiet_shop(random.Random(seed))) == []


def test_a_storm_in_a_random_shop_is_found_and_ends() -> None:
    """One carrier stands still from day 30 to day 40: found within a week, over when it moves."""
    found = incidents_of(quiet_shop(random.Random(3), storm=("dpd", 30, 41)))

    days = [day for day, one in found if one.carrier == "dpd"]
    assert days
    assert 33 <= days[0] <= 37
    assert days[-1] <= 42
    assert len(days) == len(found)


Way = Sequence[tuple[float, str]]
BEGAN = datetime(2026, 3, 2, 8, 0, tzinfo=NOW.tzinfo)
CARRIERS = {"royal-mail": (1.0, 4), "dpd": (0.7, 4), "evri": (1.3, 5)}


def quiet_shop(
    chance: random.Random, storm: tuple[str, float, float] | None = None
) -> list[tuple[str, str, Way, bool]]:
    """Number, carrier, scans as (day, town) and whether it arrives, of parcels handed over on sixty days."""
    parcels: list[tuple[str, str, Way, bool]] = []
    for index in range(240):
        carrier = chance.choice(sorted(CARRIERS))
        pace, hops = CARRIERS[carrier]
        at, lost = chance.uniform(0, 60), chance.random() < 0.03
        way: list[tuple[float, str]] = []
        for hop in range(chance.randint(2, hops)):
            way.append((at, chance.choice(["Langley", "Bristol", "Leeds", "Dover"])))
            at += chance.expovariate(1 / pace)
            if storm is not None and carrier == storm[0] and storm[1] <= at < storm[2]:
                at = storm[2] + chance.uniform(0, 0.5)
            if lost and hop == 1:
                break
        parcels.append((f"PB{index:09}GB", carrier, way, not lost))
    return parcels


def incidents_of(parcels: Sequence[tuple[str, str, Way, bool]]) -> list[tuple[int, Incident]]:
    """Each day's incidents, every page read on every day."""
    found = []
    for day in range(5, 60):
        now = BEGAN + day * DAY
        found += [(day, one) for one in storms([one for one in (as_of(p, day) for p in parcels) if one], now)]
    return found


def as_of(told: tuple[str, str, Way, bool], day: float) -> Order | None:
    number, carrier, way, arrives = told
    seen = [(BEGAN + at * DAY, town) for at, town in way if at <= day]
    if not seen:
        return None
    there = arrives and len(seen) == len(way)
    last = seen[-1][0]
    shipment: Shipment = parcel(
        tracking_number=number,
        carrier=carrier,
        status=TrackingStatus.DELIVERED if there else TrackingStatus.IN_TRANSIT,
        first_scan_at=seen[0][0],
        last_scan_at=last,
        delivered_at=last if there else None,
        last_good_look_at=BEGAN + day * DAY,
        scans=tuple(
            TrackingUpdate(occurred_at=at, status=TrackingStatus.IN_TRANSIT, location=Place(city=town))
            for at, town in reversed(seen)
        ),
    )
    return order(order_id=f"12-{number}", shipments=(shipment,))


def test_the_figures_are_data() -> None:
    """A seller of few parcels may ask for fewer."""
    assert storms(STOPPED[:3], NOW) == ()
    assert len(storms(STOPPED[:3], NOW, figures=Figures(parcels=3))) == 1
