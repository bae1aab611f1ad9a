"""When a parcel is looked at next, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from agent.looking.due import NextLook, Pace, next_look, planned
from agent.looking.whereabouts import zone_of
from agent.orders.order import Case, HumanWord, LastLook, Order, Shipment
from agent.vocabulary.events import TrackingUpdate
from agent.vocabulary.status import LookOutcome, Reason, TrackingStatus
from agent.vocabulary.values import Address, Place, Window
from scrapers.manners import CarrierState, Visited

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=BERLIN)
NUMBER = "00340434292135100186"
S = TrackingStatus


def scan(at: datetime, status: TrackingStatus, country: str = "DE", source: str = "look:1") -> TrackingUpdate:
    return TrackingUpdate(
        occurred_at=at,
        seen_at=at,
        source=source,
        tracking_number=NUMBER,
        carrier="dhl-paket-de",
        status=status,
        location=Place(country=country),
    )


def parcel(status: TrackingStatus, at: datetime = MONDAY, **more: object) -> Shipment:
    facts: dict[str, object] = {
        "tracking_number": NUMBER,
        "carrier": "dhl-paket-de",
        "status": status,
        "known_since": at - timedelta(days=2),
        "first_scan_at": at - timedelta(days=1),
        "last_scan_at": at,
        "scans": (scan(at, status),),
        **more,
    }
    return Shipment(**facts)  # type: ignore[arg-type]


def order(shipment: Shipment, **more: object) -> Order:
    facts: dict[str, object] = {
        "order_id": "14-14050-31128",
        "site": "EBAY_DE",
        "ship_to": Address(country="DE", postcode="04109"),
        "sold_at": MONDAY - timedelta(days=4),
        "estimated_delivery": Window(date(2026, 11, 27), date(2026, 11, 30)),
        "shipments": (shipment,),
        **more,
    }
    return Order(**facts)  # type: ignore[arg-type]


def looks(shipment: Shipment, days: float, pace: Pace | None = None, **facts: object) -> list[datetime]:
    """The looks of some days in which nothing new is seen."""
    visits = [Visited(MONDAY, LookOutcome.READ, shipment.status)]
    end = MONDAY + timedelta(days=days)
    while True:
        coming = next_look(order(shipment, **facts), shipment, visits, visits[-1].at, pace or Pace())
        if coming is None or coming.at > end:
            return [seen.at for seen in visits[1:]]
        visits.append(Visited(coming.at, LookOutcome.READ, shipment.status))


def after_a_look(shipment: Shipment, **facts: object) -> NextLook:
    visits = [Visited(MONDAY, LookOutcome.READ, shipment.status)]
    coming = next_look(order(shipment, **facts), shipment, visits, MONDAY)
    assert coming is not None
    return coming


def test_out_for_delivery_is_looked_at_often_and_by_day() -> None:
    """Every few hours until the evening, and not at night."""
    seen = looks(parcel(S.OUT_FOR_DELIVERY), 0.9)

    assert len(seen) >= 3
    assert all(8 <= at.astimezone(BERLIN).hour <= 21 for at in seen)
    assert "out for delivery" in after_a_look(parcel(S.OUT_FOR_DELIVERY)).why


def test_between_two_countries_once_a_day() -> None:
    """A parcel over the sea has nothing to tell for weeks; in the buyer's country it has."""
    abroad: dict[str, Any] = {"ship_to": Address(country="US", postcode="97201"), "estimated_delivery": None}
    at_sea = parcel(S.IN_TRANSIT, reason=Reason.DEPARTED)
    landed = replace(at_sea, scans=(scan(MONDAY, S.IN_TRANSIT, "US"), *at_sea.scans))

    assert len(looks(at_sea, 2.9, **abroad)) <= 3
    assert len(looks(landed, 2.9, **abroad)) >= 6
    assert "between countries" in after_a_look(at_sea, **abroad).why


def test_the_day_it_is_expected_on_has_its_own_tempo() -> None:
    """Twice a day before, three times on the day that the carrier names; a span of days is no such day."""
    friday = Window(date(2026, 11, 27), date(2026, 11, 27))
    moving = parcel(S.IN_TRANSIT, MONDAY + timedelta(days=2))
    named = [at.date() for at in looks(replace(moving, estimated_delivery=friday), 4.5)]
    within_a_span = [at.date() for at in looks(moving, 4.5)]

    assert named.count(date(2026, 11, 24)) == 2
    assert named.count(date(2026, 11, 27)) == 3
    assert within_a_span.count(date(2026, 11, 27)) == 2


def test_customs_is_watched_closely_while_it_is_likely_to_say_something() -> None:
    """More looks on the first day there than later, all of them by day."""
    abroad: dict[str, Any] = {"ship_to": Address(country="US", postcode="97201"), "estimated_delivery": None}
    held = parcel(S.IN_TRANSIT, MONDAY, reason=Reason.CUSTOMS, scans=(scan(MONDAY, S.IN_TRANSIT, "DE"),))
    days = [at.date() for at in looks(held, 4, **abroad)]

    assert days.count(date(2026, 11, 24)) > days.count(date(2026, 11, 26)) >= 2


@pytest.mark.parametrize(
    ("last", "good", "said"),
    [
        (None, None, "not looked at yet, and no scan is known"),
        (LookOutcome.UNREACHABLE, None, "its page could not be read yet, and no scan is known"),
        (LookOutcome.BLOCKED, None, "its page could not be read yet, and no scan is known"),
        (LookOutcome.NOT_FOUND, MONDAY, "the carrier does not know the number yet"),
        (LookOutcome.READ, MONDAY, "the carrier has only the label"),
        (LookOutcome.UNREACHABLE, MONDAY, "the carrier has only the label"),
    ],
)
def test_only_a_page_that_was_read_shows_only_a_label(
    last: LookOutcome | None, good: datetime | None, said: str
) -> None:
    """A parcel without a scan is told as what is known of it."""
    look = LastLook(at=MONDAY, outcome=last) if last else None
    label = parcel(
        S.INFO_RECEIVED, MONDAY, first_scan_at=None, last_scan_at=None, last_look=look, last_good_look_at=good
    )

    assert after_a_look(label).why == said


def test_a_label_is_not_asked_about_on_a_sunday() -> None:
    """Nothing is handed over then; once a day otherwise."""
    label = parcel(S.INFO_RECEIVED, MONDAY, first_scan_at=None, last_scan_at=None)
    days = [at.astimezone(BERLIN).isoweekday() for at in looks(label, 10)]

    assert 7 not in days
    assert {1, 2, 3, 4, 5, 6} <= set(days)


def test_what_was_just_sent_back_is_not_awaited_yet() -> None:
    """A look on the first day, more when it may be home; at the seller's hours, wherever it is."""
    back = parcel(S.RETURNING, MONDAY)
    days = [at.date() for at in looks(back, 4)]

    assert days.count(date(2026, 11, 24)) < days.count(date(2026, 11, 26))
    assert zone_of(order(back), replace(back, scans=(scan(MONDAY, S.RETURNING, "JP"),))) == BERLIN


def test_an_open_request_makes_eager() -> None:
    """A request at eBay, and more so its last day."""
    request = Case(kind="inr", state="open", opened_at=MONDAY)
    urgent = replace(request, respond_by=date(2026, 11, 24))

    calm = looks(parcel(S.IN_TRANSIT), 1)
    assert len(looks(parcel(S.IN_TRANSIT), 1, cases=(request,))) > len(calm)
    assert "must be answered" in after_a_look(parcel(S.IN_TRANSIT), cases=(urgent,)).why


def test_what_a_mail_has_just_told_is_not_asked_at_once() -> None:
    """The mail counts as a look."""
    told = scan(MONDAY + timedelta(hours=10), S.IN_TRANSIT, source="mail:1")
    silent = parcel(S.IN_TRANSIT)
    with_mail = replace(silent, scans=(told, *silent.scans), last_scan_at=told.seen_at)

    assert after_a_look(with_mail).at > after_a_look(silent).at


def test_an_end_that_a_mail_told_is_confirmed_once() -> None:
    """One look for the proof, after the page had time to follow; none after a page that showed it."""
    told = scan(MONDAY, S.DELIVERED, source="mail:1")
    done = parcel(S.DELIVERED, delivered_at=MONDAY, scans=(told,))
    before = [Visited(MONDAY - timedelta(hours=20), LookOutcome.READ, S.IN_TRANSIT)]
    proof = Visited(MONDAY + timedelta(hours=5), LookOutcome.READ, S.DELIVERED)
    blind = [Visited(MONDAY + timedelta(hours=hour), LookOutcome.UNREACHABLE) for hour in (5, 9, 24)]

    first = next_look(order(done), done, before, MONDAY)
    assert first is not None
    assert first.at >= MONDAY + timedelta(hours=2)
    assert "proof" in first.why
    assert next_look(order(done), done, [*before, proof], proof.at) is None
    assert next_look(order(done), done, [*before, *blind[:1]], blind[0].at) is not None
    assert next_look(order(done), done, [*before, *blind], blind[-1].at) is None


def test_a_parcel_that_a_page_showed_delivered_is_left_alone() -> None:
    """Nothing more is to be learnt."""
    done = parcel(S.DELIVERED, delivered_at=MONDAY - timedelta(hours=1))

    assert next_look(order(done), done, [Visited(MONDAY, LookOutcome.READ, S.DELIVERED)], MONDAY) is None


def test_what_stands_still_is_read_before_its_silence_lapses() -> None:
    """A risk that rests on silence needs a page that was read within `fresh_look`: twelve hours."""
    still = parcel(S.IN_TRANSIT, MONDAY - timedelta(days=9), last_good_look_at=MONDAY)
    coming = after_a_look(still, estimated_delivery=None)

    assert coming.at - MONDAY <= timedelta(hours=11.5)


def test_silence_that_the_seller_has_seen_to_is_not_kept_fresh() -> None:
    """Nothing more will be done on its strength."""
    still = parcel(S.IN_TRANSIT, MONDAY - timedelta(days=9), last_good_look_at=MONDAY)
    seen_to = HumanWord(kind="handled", at=MONDAY, risk=None)

    assert "stands still" in after_a_look(still, estimated_delivery=None).why
    assert "stands still" not in after_a_look(still, estimated_delivery=None, human=(seen_to,)).why


def test_nobody_asks_about_a_parcel_forgotten_for_months() -> None:
    """Carriers drop their records too."""
    old = parcel(S.IN_TRANSIT, MONDAY - timedelta(days=130))

    assert next_look(order(old), old, [], MONDAY) is None


@pytest.mark.parametrize(("hours", "more"), [(3, True), (12, False)])
def test_the_configured_pause_scales_every_tempo(hours: int, more: bool) -> None:
    """Half the pause, more looks; twice the pause, fewer."""
    usual = len(looks(parcel(S.IN_TRANSIT), 3))
    scaled = len(looks(parcel(S.IN_TRANSIT), 3, Pace(every=timedelta(hours=hours))))

    assert (scaled > usual) is more
    assert scaled != usual


def test_manners_come_before_wishes() -> None:
    """A carrier that refused is left alone, and the reason is what is told."""
    out = parcel(S.OUT_FOR_DELIVERY)
    rests = CarrierState(blocked_until=MONDAY + timedelta(days=1), blocked_why="captcha")
    coming = planned(order(out), out, [Visited(MONDAY, LookOutcome.BLOCKED)], rests, MONDAY, Pace())

    assert coming == NextLook(at=MONDAY + timedelta(days=1), why="the carrier refused (captcha) and is left alone")


def test_parcels_of_one_tempo_do_not_ask_at_the_same_minute() -> None:
    """Their numbers spread them."""
    times = set()
    for turn in range(20):
        one = replace(parcel(S.IN_TRANSIT), tracking_number=f"{NUMBER}{turn}")
        times.add(after_a_look(one).at.astimezone(UTC))

    assert len(times) > 10
