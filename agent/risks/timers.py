"""How long we wait before we worry: product defaults, a seller may set others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import ceil

_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Disruption:
    """A storm, strike or outage: days (both included) in which a carrier, or every carrier of a country, is late."""

    first: date
    last: date
    carrier: str | None = None
    """None: every carrier."""
    countries: tuple[str, ...] = ()
    """Where the buyer lives, ISO codes; empty: anywhere."""
    url: str = ""
    """The notice, to be kept as evidence."""


@dataclass(frozen=True, kw_only=True)
class Timers:
    """Spans and limits of the judging. Days are calendar days unless a name says business days."""

    margin: timedelta = timedelta(hours=6)
    """What `act_by` keeps clear of a deadline."""

    fresh_look: timedelta = timedelta(hours=12)
    """Silence of a carrier counts only when its page was read this recently."""
    looks_failing: timedelta = timedelta(hours=24)

    handling_business_days: int = 3
    """From the label on, where eBay printed no ship-by date."""
    first_scan_business_days: int = 1
    first_scan_business_days_abroad: int = 2
    not_found: timedelta = timedelta(hours=48)
    """How long after ship-by a carrier may still not know the number."""
    before_sale: timedelta = timedelta(days=1)
    """A scan this much older than the sale belongs to another parcel."""

    stalled_watch: timedelta = timedelta(days=4)
    stalled_high: timedelta = timedelta(days=7)
    """eBay UK's own figure: refund when tracking stood still for 7 days (help page 4116)."""
    stalled_watch_abroad: timedelta = timedelta(days=10)
    stalled_high_abroad: timedelta = timedelta(days=15)
    page_lags: timedelta = timedelta(hours=12)
    """A page that does not show this long after it what the carrier's own mail told contradicts the mail."""
    pickup_waiting: timedelta = timedelta(days=5)
    """How long it may wait where the carrier does not say until when."""
    pickup_before_return: timedelta = timedelta(days=3)
    """How long before it goes back the buyer is reminded, where the carrier says until when it waits."""
    customs_watch_business_days: int = 5
    customs_high_business_days: int = 10

    peak_factor: float = 1.5
    """A day between `peak_from` and `peak_to` (month, day; both included) counts as this part less."""
    peak_from: tuple[int, int] = (11, 15)
    peak_to: tuple[int, int] = (1, 10)

    large_value: float = 100
    """An order's total above this, in its own currency, makes lateness urgent."""

    reminder_lapses: timedelta = timedelta(days=14)
    """A reminder to ship that eBay did not repeat for this long after its date: it was shipped and nobody told us."""

    process_lapses: timedelta = timedelta(days=30)
    """A case, return or dispute whose last date is this long over is only watched: its end may have come unmailed."""
    news_lapses: timedelta = timedelta(days=3)
    """How long good news stands: a case that was won, a request that the delivery closed."""
    due_soon: timedelta = timedelta(hours=24)
    """How long before its date an unanswered request is urgent."""
    hold_lapses: timedelta = timedelta(days=30)
    """Held money and feedback that nobody spoke for are this long worth a line."""
    refund_closes: timedelta = timedelta(days=2)
    """How long a request may stay open after its refund: the mail that closes it comes later."""

    message_business_days: int = 1
    message_lapses: timedelta = timedelta(days=30)
    """A complaint that nobody repeated for this long is history."""
    message_confidence: float = 0.4
    """A complaint read this surely is shown; how surely it must be read to be answered is another figure."""
    plain_confidence: float = 0.7
    """Complaints read this surely make those that were read less surely beside the point."""
    thanks_confidence: float = 0.6
    """Thanks read this surely take a complaint back."""
    around_delivery: timedelta = timedelta(hours=6)
    """A complaint this much before the delivery scan still contradicts it: carriers' clocks name no zone."""

    hand_over_business_hours: int = 8
    """This long before the ship-by date is over an order without a scan is called near it."""
    alternate_lapses: timedelta = timedelta(days=7)
    """How long after the delivery it is worth telling the buyer where the parcel was left."""
    ships_from: tuple[str, ...] = ()
    """Countries that the seller sends from, ISO codes; empty: a parcel may start anywhere."""
    disruptions: tuple[Disruption, ...] = ()
    """Notices of carriers or of eBay, as the seller enters them: days in which silence is no standstill."""


DEFAULT = Timers()


def patience(start: datetime, span: timedelta, timers: Timers) -> datetime:
    """When `span` is over, counted from `start`; time in the peak season passes slower by `peak_factor`.

    So patience grows only by the days that lie in the season, and a parcel once called stalled does not recover
    because the season begins.
    """
    moment, left = start.astimezone(UTC), span
    while left > timedelta(0):
        factor = timers.peak_factor if _is_peak(moment.date(), timers) else 1.0
        boundary = _next_change(moment, timers)
        if moment + left * factor <= boundary:
            return moment + left * factor
        left -= (boundary - moment) / factor
        moment = boundary
    return moment


def in_season(days: int, start: datetime, timers: Timers) -> int:
    """So many business days of waiting that begins at `start`; in the peak season more by `peak_factor`, rounded up."""
    return ceil(days * timers.peak_factor) if _is_peak(start.date(), timers) else days


def _is_peak(day: date, timers: Timers) -> bool:
    today, first, last = (day.month, day.day), timers.peak_from, timers.peak_to
    return first <= today <= last if first <= last else today >= first or today <= last


def _next_change(moment: datetime, timers: Timers) -> datetime:
    """The next midnight at which the season begins or ends."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    starts = []
    for year in (moment.year, moment.year + 1):
        starts.append(midnight.replace(year=year, month=timers.peak_from[0], day=timers.peak_from[1]))
        starts.append(midnight.replace(year=year, month=timers.peak_to[0], day=timers.peak_to[1]) + _DAY)
    return min(start for start in starts if start > moment)
