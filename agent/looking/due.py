"""When a parcel is looked at next, and why: often where a look could change what is judged, rarely where it cannot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from agent.looking.tempo import USUAL, Tempo, slots
from agent.looking.whereabouts import at_customs, has_arrived_from_abroad, is_between_countries, zone_of
from agent.orders.order import Order, Shipment
from agent.orders.shipment import of_page, scanned_at
from agent.risks.assess import assess
from agent.risks.deadlines import is_plausible
from agent.risks.parcels import is_abroad, is_superfluous
from agent.risks.standing import is_cancelled, is_settled, open_cases
from agent.risks.timers import DEFAULT, Timers
from agent.vocabulary.marketplaces import marketplace
from agent.vocabulary.status import LookOutcome, TrackingStatus
from agent.vocabulary.values import end_of, instant
from scrapers.manners import BUDGET, Budget, CarrierState, Visited, soonest

FORGOTTEN_AFTER = timedelta(days=120)
"""A parcel that told nothing for so long is not looked at any more; carriers drop their own records about then."""
CONFIRMING_LOOKS = 3
"""How often it is tried to have an end confirmed that only a mail told; one page that says so is enough."""
CONTRADICTED_LOOKS = 14
"""How often where the page goes on saying something else: until it agrees, no reply may rest on the parcel."""
SENT_ALL_THE_SAME = timedelta(days=7)
"""How long after a cancellation its unscanned label is watched: a parcel that leaves then must be stopped."""
_UNTOLD = TrackingStatus.UNKNOWN
_DAY = timedelta(days=1)
_LAG = timedelta(hours=2)
"""A carrier's page may be this far behind its mail."""
_BEFORE_SILENCE_LAPSES = timedelta(minutes=30)
_SOON = timedelta(hours=36)
_UNDERWAY = frozenset({TrackingStatus.IN_TRANSIT, TrackingStatus.EXCEPTION, TrackingStatus.UNKNOWN})
_UNSCANNED = Tempo(why="the carrier has only the label", a_day=1, last=10.5)
_MOVING = Tempo(why="on its way", a_day=2, first=10.5, last=18)
_EXPECTED_TODAY = Tempo(why="expected today", a_day=3, first=10, last=18.5)
_EXPECTED_SOMETIME = replace(_MOVING, why="expected these days")
_OVERDUE = replace(_EXPECTED_TODAY, why="later than it was expected")
_LANDED = replace(_EXPECTED_TODAY, why="in the buyer's country: customs, then the door")
_AT_CUSTOMS = Tempo(why="at customs", a_day=4, first=9, last=18)
_LONG_AT_CUSTOMS = Tempo(why="at customs for days", a_day=3, first=10, last=18)
_STATUS = {
    TrackingStatus.INFO_RECEIVED: _UNSCANNED,
    TrackingStatus.OUT_FOR_DELIVERY: Tempo(why="out for delivery", a_day=4, first=12, last=19.5),
    TrackingStatus.DELIVERY_ATTEMPTED: Tempo(
        why="a delivery failed, the next try is near", a_day=3, first=11, last=20.5
    ),
    TrackingStatus.AVAILABLE_FOR_PICKUP: Tempo(why="waits to be picked up", a_day=2, first=12, last=18),
    TrackingStatus.EXCEPTION: Tempo(why="something is wrong with it", a_day=3, first=10, last=18.5),
    TrackingStatus.RETURNING: Tempo(why="on its way back", a_day=3, first=10, last=17.5),
    TrackingStatus.IN_TRANSIT: _MOVING,
}
"""Looks a day by what the parcel is about to do, at the usual `looking.every`.

The first one comes after the vans are loaded: from then on it is out for delivery, which has its own tempo.
"""


@dataclass(frozen=True, kw_only=True)
class Pace:
    """What the seller configured."""

    every: timedelta = USUAL
    hurried: bool = False
    """Whether a look is due whenever `every` is over, whatever the hour: where the clock is a test's own."""
    budget: Budget = BUDGET


@dataclass(frozen=True, kw_only=True)
class NextLook:
    at: datetime
    why: str


def planned(
    order: Order, parcel: Shipment, visits: Sequence[Visited], state: CarrierState, now: datetime, pace: Pace
) -> NextLook | None:
    """The next look as manners allow it; None where nothing more is to be learnt. `visits` in any order."""
    wished = next_look(order, parcel, visits, now, pace)
    if wished is None:
        return None
    allowed, why = soonest(visits, now, CarrierState() if pace.hurried else state, pace.budget)
    return NextLook(at=allowed, why=why) if allowed > wished.at and why else wished


def next_look(
    order: Order,
    parcel: Shipment,
    visits: Sequence[Visited],
    now: datetime,
    pace: Pace = Pace(),
    timers: Timers = DEFAULT,
) -> NextLook | None:
    """When a look could change what is judged of the order, and why then; None: never again without news."""
    if _is_forgotten(parcel, now) or _stayed_at_home(order, parcel, now):
        return None
    told = _last_told(parcel, visits)
    if told is None or (pace.hurried and not visits):
        return NextLook(at=told or now, why="never looked at")
    if parcel.ended:
        tries = [seen for seen in visits if parcel.delivered_at is None or seen.at > parcel.delivered_at]
        disagrees = bool(tries) and max(tries, key=lambda seen: seen.at).status not in (_UNTOLD, parcel.status)
        most = CONTRADICTED_LOOKS if disagrees else CONFIRMING_LOOKS
        if any(seen.status is parcel.status for seen in visits) or len(tries) >= most:
            return None
    if pace.hurried:
        tempo = _tempo(order, parcel, now)
        last = max(seen.at for seen in visits)
        return NextLook(at=last + pace.every * min(2.0, 3 / tempo.a_day), why=tempo.why)
    coming = _on_its_day(order, parcel, told, pace)
    lapses = _silence_lapses(order, parcel, now, timers)
    if lapses is not None and lapses < coming.at:
        return NextLook(at=lapses, why="it stands still, which counts only while its page was read lately")
    return coming


def _stayed_at_home(order: Order, parcel: Shipment, now: datetime) -> bool:
    """Whether a cancelled order's parcel was not sent, and will not be any more."""
    ended = order.cancellation.cancelled_at if is_cancelled(order) and order.cancellation else None
    return parcel.first_scan_at is None and ended is not None and now - ended > SENT_ALL_THE_SAME


def _on_its_day(order: Order, parcel: Shipment, told: datetime, pace: Pace) -> NextLook:
    """The first look that a day's own tempo gives: the day it is expected on is another one than the day before."""
    zone = zone_of(order, parcel)
    if parcel.ended:
        told += _LAG
    day = told.astimezone(zone).date()
    while True:
        noon = datetime.combine(day, time(12), tzinfo=zone)
        tempo = _tempo(order, parcel, max(noon, told))
        for at in slots(tempo, day, told, zone, parcel.tracking_number, pace.every):
            return NextLook(at=at, why=tempo.why)
        day += _DAY


def _tempo(order: Order, parcel: Shipment, at: datetime) -> Tempo:
    """The most eager of all reasons to look on that day."""
    return max(_tempos(order, parcel, at), key=lambda one: one.a_day)


def _tempos(order: Order, parcel: Shipment, at: datetime) -> Iterator[Tempo]:
    """Every reason to look, each with its own pace."""
    today = at.astimezone(zone_of(order, parcel)).date()
    if parcel.ended:
        yield Tempo(why=f"a mail says {parcel.status.value}: one look for the proof", a_day=3, last=20)
    elif is_cancelled(order) and not is_superfluous(parcel, order):
        yield Tempo(why="cancelled: it must not travel", a_day=1, last=14)
    elif is_settled(order) or is_superfluous(parcel, order):
        yield Tempo(why="settled; only for the proof", a_day=1 / 3)
    else:
        yield _underway(order, parcel, today, at)
        yield from _deadlines(order, parcel, today, at)


def _underway(order: Order, parcel: Shipment, today: date, now: datetime) -> Tempo:
    """What the parcel itself asks for."""
    tempo = _STATUS.get(parcel.status, _MOVING if parcel.scans else _UNSCANNED)
    silent = now - parcel.last_scan_at if parcel.last_scan_at else None
    if parcel.status is TrackingStatus.OUT_FOR_DELIVERY and silent is not None and silent > _SOON:
        return replace(_MOVING, why="was out for delivery, and did not arrive")
    if tempo is _UNSCANNED:
        tempo = replace(tempo, why=_why_unscanned(parcel))
        return replace(tempo, a_day=1 / 3) if today.isoweekday() == 7 else tempo  # on Sundays nothing is handed over
    if parcel.status is TrackingStatus.RETURNING:
        return _on_its_way_back(order, parcel, silent)
    if parcel.status not in _UNDERWAY:
        return tempo
    if at_customs(parcel):
        return _LONG_AT_CUSTOMS if silent is not None and silent > _SOON else _AT_CUSTOMS
    if silent is not None and silent > 14 * _DAY:
        return Tempo(why="silent for weeks", a_day=1)
    if is_between_countries(order, parcel):
        return Tempo(why="on its way between countries", a_day=1)
    if silent is not None and silent > 3 * _DAY:
        return Tempo(why="silent for days", a_day=1, last=14)
    if parcel.status is TrackingStatus.EXCEPTION:
        return tempo
    if has_arrived_from_abroad(order, parcel):
        return _LANDED
    if today.isoweekday() == 7:
        return replace(tempo, why="on its way, on a Sunday", a_day=1, last=10.5)
    return tempo


def _why_unscanned(parcel: Shipment) -> str:
    """What is known of a parcel without a scan: a page that nobody could read says nothing of it."""
    if parcel.last_look is None:
        return "not looked at yet, and no scan is known"
    if parcel.last_good_look_at is None:
        return "its page could not be read yet, and no scan is known"
    if parcel.last_look.outcome is LookOutcome.NOT_FOUND:
        return "the carrier does not know the number yet"
    return _UNSCANNED.why


def _on_its_way_back(order: Order, parcel: Shipment, silent: timedelta | None) -> Tempo:
    tempo = _STATUS[TrackingStatus.RETURNING]
    if silent is not None and silent < _SOON:
        return replace(tempo, why="has just been sent back", a_day=1, last=14)
    return replace(tempo, why="on its way back from abroad", a_day=2) if is_abroad(order, parcel) else tempo


def _deadlines(order: Order, parcel: Shipment, today: date, now: datetime) -> Iterator[Tempo]:
    """What the order asks for."""
    where = marketplace(order.site)
    for case in open_cases(order, "inr"):
        if case.respond_by is not None and is_plausible(case.respond_by):
            left = end_of(case.respond_by, where.zone) - now
            if timedelta(0) < left < _SOON:
                yield Tempo(why="a request at eBay must be answered", a_day=4, first=9)
        yield Tempo(why="a request is open at eBay", a_day=3)
    if parcel.first_scan_at is None:
        if order.cancellation is not None and order.cancellation.state == "requested":
            yield Tempo(why="a cancellation is asked for, and only a scan decides it", a_day=4, first=9, last=20)
        if order.ship_by is not None and is_plausible(order.ship_by):
            left = end_of(order.ship_by, where.zone) - now
            if -_DAY < left < _SOON / 2:
                yield Tempo(why="it should be with the carrier by now", a_day=1, last=10.5)
        return
    for first, last in _expected(order, parcel):
        if first <= today <= last:
            yield _EXPECTED_TODAY if first == last else _EXPECTED_SOMETIME
        elif last < today <= last + 3 * _DAY:
            yield _OVERDUE


def _expected(order: Order, parcel: Shipment) -> list[tuple[date, date]]:
    """The days on which the carrier and eBay expect it at the door."""
    zone = marketplace(order.site).zone
    windows = [window for window in (parcel.estimated_delivery, order.estimated_delivery) if window is not None]
    return [
        (instant(window.min, zone).date(), instant(window.max, zone).date())
        for window in windows
        if is_plausible(window.min) and is_plausible(window.max)
    ]


def _last_told(parcel: Shipment, visits: Sequence[Visited]) -> datetime | None:
    """When a look or a mail last said anything of it, or at least when its label did."""
    times = [seen.at for seen in visits]
    for scan in parcel.scans:
        if not of_page(scan):
            times += [min(at for at in (scan.seen_at, scanned_at(scan, parcel)) if at)] if scan.seen_at else []
    return max(times, default=parcel.known_since)


def _is_forgotten(parcel: Shipment, now: datetime) -> bool:
    last = max(filter(None, (parcel.last_scan_at, parcel.known_since)), default=now)
    return now - last > FORGOTTEN_AFTER


_WITHOUT_TEXT = frozenset({"handling_time_risk"})
"""It lasts some hours, and nobody is written to about it: no look is owed to its lapsing."""


def _silence_lapses(order: Order, parcel: Shipment, now: datetime, timers: Timers) -> datetime | None:
    """Until when its page must be read again for its silence to go on counting; None where nothing rests on it.

    Not once a day: a risk that lapses overnight would take back the text that waits for the seller. What the seller
    has seen to needs no keeping.
    """
    if parcel.last_good_look_at is None:
        return None
    with_silence = _risks(order, replace(parcel, last_good_look_at=now), now, timers)
    without = _risks(order, replace(parcel, last_good_look_at=None), now, timers)
    if with_silence == without:
        return None
    return parcel.last_good_look_at + timers.fresh_look - _BEFORE_SILENCE_LAPSES


def _risks(order: Order, parcel: Shipment, now: datetime, timers: Timers) -> set[str]:
    known = tuple(parcel if one.tracking_number == parcel.tracking_number else one for one in order.shipments)
    found = {risk.id for risk in assess(replace(order, shipments=known), now, timers).risks if not risk.handled}
    return found - _WITHOUT_TEXT
