"""How long we wait before we worry: product defaults, a seller may set others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_DAY = timedelta(days=1)


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
    customs_held: timedelta = timedelta(days=7)
    """Five business days."""

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
