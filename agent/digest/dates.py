"""Dates, times and money as a seller says them. English; times in the digest's zone, never in another."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_currency

from agent.vocabulary.values import Moment, Money, Window

_LOCALE = "en"


def long_day(at: datetime, zone: ZoneInfo) -> str:
    """`Sunday 22 November 2026`."""
    return format_date(at.astimezone(zone).date(), "EEEE d MMMM y", locale=_LOCALE)


def short_day(day: date, now: datetime, zone: ZoneInfo) -> str:
    """`22 Nov`, with its year where that is not this year's."""
    return format_date(day, "d MMM" if day.year == now.astimezone(zone).year else "d MMM y", locale=_LOCALE)


def local_day(moment: Moment, zone: ZoneInfo) -> date:
    """The day of a moment in `zone`."""
    return _local(moment, zone)[0]


def clock(at: datetime, zone: ZoneInfo) -> str:
    """`15:00`."""
    return format_time(at.astimezone(zone).time(), "HH:mm", locale=_LOCALE)


def relative_day(day: date, now: datetime, zone: ZoneInfo) -> str:
    """`today`, `tomorrow`, `yesterday`, else `Friday 27 Nov`."""
    today = now.astimezone(zone).date()
    near = {today: "today", today + timedelta(days=1): "tomorrow", today - timedelta(days=1): "yesterday"}
    return near.get(day) or f"{format_date(day, 'EEEE', locale=_LOCALE)} {short_day(day, now, zone)}"


def ahead(moment: Moment, now: datetime, zone: ZoneInfo) -> str:
    """A moment to act by: `today 15:00`, `Friday 27 Nov, 15:00`; no clock where none was printed."""
    day, at = _local(moment, zone)
    words = relative_day(day, now, zone)
    if at is None:
        return words
    return f"{words}{' ' if ' ' not in words else ', '}{at:%H:%M}"


def past(moment: Moment, now: datetime, zone: ZoneInfo) -> str:
    """A moment that was: `today 07:10`, `yesterday 18:02`, `16 Nov`; the clock only where it is recent."""
    day, at = _local(moment, zone)
    if abs((now.astimezone(zone).date() - day).days) <= 1 and at is not None:
        return f"{relative_day(day, now, zone)} {at:%H:%M}"
    return short_day(day, now, zone)


def span(window: Window, now: datetime, zone: ZoneInfo) -> str:
    """`24 Nov`, `24–26 Nov`, `30 Nov – 2 Dec`."""
    first, last = _local(window.min, zone)[0], _local(window.max, zone)[0]
    if first == last:
        return short_day(last, now, zone)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{short_day(last, now, zone)}"
    return f"{short_day(first, now, zone)} – {short_day(last, now, zone)}"


def money(amount: Money) -> str:
    """`$89.00`, `CA$12.50`; what was printed where the currency is none."""
    currency = amount.currency.strip().upper()
    try:
        finite = Decimal(amount.value).is_finite()
    except (InvalidOperation, TypeError, ValueError):
        finite = False
    if not finite or not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        return f"{amount.currency} {amount.value}"
    return format_currency(amount.value, currency, locale=_LOCALE)


def _local(moment: Moment, zone: ZoneInfo) -> tuple[date, time | None]:
    """Day and clock in `zone`; a local clock without an offset stays as printed."""
    if not isinstance(moment, datetime):
        return moment, None
    try:
        local = moment.astimezone(zone) if moment.tzinfo else moment
    except OverflowError:  # a mail may print the first or last hours of the calendar; the digest comes all the same
        local = moment
    return local.date(), local.time()
