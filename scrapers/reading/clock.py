"""Printed times → moments, no more and no less than what is printed.

`4/3/2026` says too little by itself: whether its day comes first is asked of all the page's dates together
(`day_comes_first`); where they do not tell either, the printed text is kept and the moment stays unknown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from typing import Any

from babel.dates import get_day_names, get_month_names

from agent.vocabulary.values import Moment

_LOCALES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "nb", "fi", "cs", "hu", "ro", "tr")


@dataclass(frozen=True, slots=True)
class Stamp:
    """A printed time found in a text. `day` is None where only a clock is printed or the date is ambiguous."""

    start: int
    end: int
    day: date | None = None
    clock: time | None = None
    zone: timezone | None = None
    dated: bool = True
    """A date is printed, even if it could not be told apart."""

    @property
    def moment(self) -> Moment | None:
        return joined(self.day, self.clock, self.zone)


def joined(day: date | None, clock: time | None, zone: timezone | None = None) -> Moment | None:
    """The moment of a day and a clock; a day alone is a date, a clock alone is nothing."""
    if day is None:
        return None
    if clock is None:
        return day
    return datetime.combine(day, clock, tzinfo=zone)


@cache
def months() -> dict[str, int]:
    """Month names and short forms of many languages, folded; names that mean different months are left out."""
    found: dict[str, set[int]] = {}
    for locale in _LOCALES:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in get_month_names(width, context, locale).items():
                    folded = _fold(name).rstrip(".")
                    if len(folded) >= 3:
                        found.setdefault(folded, set()).add(number)
    found["sept"] = {9}
    return {name: numbers.pop() for name, numbers in found.items() if len(numbers) == 1}


@cache
def _weekdays() -> frozenset[str]:
    names = {
        _fold(name).rstrip(".")
        for locale in (*_LOCALES, "ja", "zh")
        for width in ("wide", "abbreviated")
        for name in get_day_names(width, "format", locale).values()
    }
    return frozenset(names | {name.removesuffix("-feira") for name in names} | {"tues", "thur", "thurs", "weds"})


def is_weekday(name: str) -> bool:
    """Whether a word is a weekday's name or short form."""
    return _fold(name).rstrip(".") in _weekdays()


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))


LONGEST_WAY = 45
_ZONE = r"(?:\s?(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})(?![\w]))?"
_CLOCK = re.compile(
    r"(?<![\d.,:])(?P<hour>[01]?\d|2[0-4])\s?(?P<mark>[:h.])\s?(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:[.,]\d{1,9})?)?"
    r"\s?(?P<half>[ap]\.?\s?m\b\.?)?" + _ZONE + r"(?![\d])",
    re.IGNORECASE,
)
_ISO = re.compile(
    r"(?<!\d)(?P<y>[12]\d{3})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"
    r"(?:T(?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?" + _ZONE + r")?(?!\d)"
)
_COMPACT = re.compile(
    r"^(?P<y>19[89]\d|20\d{2})(?P<m>\d{2})(?P<d>\d{2})(?:[ T]?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?)?$"
)
_YEAR_FIRST = re.compile(r"(?<!\d)(?P<y>20\d{2})\s?[./年]\s?(?P<m>\d{1,2})\s?[./月]\s?(?P<d>\d{1,2})日?(?!\d)")
_NUMBERS = re.compile(r"(?<![\d.])(?P<a>\d{1,2})(?P<sep>[./-])(?P<b>\d{1,2})(?P=sep)(?P<y>\d{4}|\d{2})(?!\d)")
_DAY_NAME = re.compile(
    r"(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th|er|º|\.)?[\s/-]*(?:de\s+|of\s+)?(?P<name>[^\W\d_]{3,12})\.?,?"
    r"(?:[\s/-]*(?:de\s+|del\s+)?(?P<y>20\d{2})|[/-](?P<yy>\d{2}))(?!\d)",
    re.IGNORECASE,
)
_NAME_DAY = re.compile(
    r"(?<!\w)(?P<name>[^\W\d_]{3,12})\.?\s*(?P<d>\d{1,2})(?:st|nd|rd|th)?\s*,?\s*(?P<y>20\d{2})(?!\d)", re.IGNORECASE
)
_NO_YEAR = re.compile(
    r"(?<![\w.:])(?:(?P<d>\d{1,2})(?:st|nd|rd|th|er|\.)?\s*(?:de\s+|of\s+)?(?P<name>[^\W\d_]{3,12})\b"
    r"|(?P<name2>[^\W\d_]{3,12})\.?\s*(?P<d2>\d{1,2})(?:st|nd|rd|th)?\b"
    r"|(?P<d3>\d{1,2})\.(?P<m3>\d{1,2})\.(?!\d)|(?P<m4>\d{1,2})月\s?(?P<d4>\d{1,2})日)(?![./-]?\d{2,4}\b)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"^[\s,;|·–—-]*(?:at|um|a|à|om|kl\.?|ore|alle|alle ore|a las|às|o|(?:o )?godz\.?|klo|den|hora:?)?[\s,;|·–—-]*$",
    re.IGNORECASE,
)


_O_CLOCK = re.compile(r"(?:^|\s)(?:kl|klo|ore|alle|godz|um|om)\.?\s*$", re.IGNORECASE)


def find(text: str, day_first: bool | None = None) -> Stamp | None:
    """The first date with the clock beside it, or the first clock of a text without a date, or None."""
    if len(text) > 2000:
        text = text[:2000]
    for pattern in (_ISO, _YEAR_FIRST, _NUMBERS, _DAY_NAME, _NAME_DAY, _COMPACT):
        for match in pattern.finditer(text):
            day, certain = _day(match, day_first)
            if day is not None or not certain:
                return _with_clock(text, match, day)
    yearless = _yearless(text)
    if yearless:
        return _with_clock(text, yearless, None)
    clock = _CLOCK.search(text)
    return _stamp(clock, None, clock.start(), clock.end(), dated=False) if clock and _is_clock(clock) else None


def within_a_year(text: str) -> datetime | None:
    """A printed time without its year, for comparing with others of the same page only: the year given is 2000."""
    stamp = find(text)
    match = _yearless(text)
    if stamp is None or match is None:
        return None
    day = _date(2000, *(_month_and_day(match) or (0, 0)))
    return datetime.combine(day, stamp.clock or time.min) if day else None


def _yearless(text: str) -> re.Match[str] | None:
    """A day and month without a year; "Mon 16 Nov" begins with no month."""
    at = 0
    while match := _NO_YEAR.search(text, at):
        if _month_and_day(match):
            return match
        at = match.start() + 1
    return None


def _month_and_day(match: re.Match[str]) -> tuple[int, int] | None:
    parts = match.groupdict()
    if parts["d3"] or parts["d4"]:
        found = (int(parts["m3"] or parts["m4"]), int(parts["d3"] or parts["d4"]))
    else:
        number = months().get(_fold(parts["name"] or parts["name2"]))
        found = (number or 0, int(parts["d"] or parts["d2"]))
    return found if _date(2000, *found) else None


def moment(value: Any, day_first: bool | None = None) -> Moment | None:
    """The moment of a field of data: text, or seconds or milliseconds since 1970."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        seconds = value / 1000 if value > 10_000_000_000 else value
        return datetime.fromtimestamp(seconds, UTC) if 946_684_800 < seconds < 4_102_444_800 else None
    stamp = find(str(value), day_first)
    return stamp.moment if stamp else None


def day_comes_first(texts: Iterable[str]) -> bool | None:
    """Whether dates such as 4/3/2026 have the day first, as far as these texts of one page tell."""
    found: list[tuple[int, int, int]] = []
    halves = False
    for text in texts:
        for match in _NUMBERS.finditer(text):
            if match["sep"] == ".":
                return True
            first, second = int(match["a"]), int(match["b"])
            if first > 12 >= second:
                return True
            if second > 12 >= first:
                return False
            found.append((first, second, _year(match["y"])))
            halves = halves or bool(re.search(r"\d\s?[ap]\.?m\b", text, re.IGNORECASE))
    if halves:
        return False
    by_month = [(y, a, b) for a, b, y in found]
    by_day = [(y, b, a) for a, b, y in found]
    if len(set(found)) >= 3 and _in_order(by_month) != _in_order(by_day):
        return _in_order(by_day)
    lasting = _days_between(by_month), _days_between(by_day)
    if min(lasting) <= LONGEST_WAY < max(lasting) and max(lasting) > 5 * min(lasting):
        return lasting[1] < lasting[0]  # no parcel is scanned on the same day of one month after the other
    return None


def _days_between(days: list[tuple[int, int, int]]) -> int:
    dates = [when for day in days if (when := _date(*day)) is not None]
    return (max(dates) - min(dates)).days if dates else 0


def _in_order(days: list[tuple[int, int, int]]) -> bool:
    return days in (sorted(days), sorted(days, reverse=True))


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _day(match: re.Match[str], day_first: bool | None) -> tuple[date | None, bool]:
    parts = match.groupdict()
    if "a" in parts:
        first, second, year = int(parts["a"]), int(parts["b"]), _year(parts["y"])
        if parts["sep"] == "." or first > 12 or (day_first is True and second <= 12):
            return _date(year, second, first), True
        if second > 12 or day_first is False:
            return _date(year, first, second), True
        return (_date(year, first, second), True) if first == second else (None, False)
    if parts.get("name"):
        number = months().get(_fold(parts["name"]))
        year = _year(parts["y"] or parts["yy"])
        return (_date(year, number, int(parts["d"])) if number else None), True
    return _date(int(parts["y"]), int(parts["m"]), int(parts["d"])), True


def _date(year: int, month: int, day: int) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if 1990 <= year <= 2100 else None


def _is_clock(match: re.Match[str]) -> bool:
    """`14.05` is a clock only beside a word that says so; `14:05` and `14h05` always are."""
    if match["mark"] != "." or match["half"] is not None or match.string[match.end() :].lower().startswith(" uhr"):
        return True
    return _O_CLOCK.search(match.string, max(0, match.start() - 10), match.start()) is not None


def _with_clock(text: str, match: re.Match[str], day: date | None) -> Stamp:
    if match.groupdict().get("hour"):
        return _stamp(match, day, match.start(), match.end())
    after = _CLOCK.search(text, match.end())
    if after and _BETWEEN.match(text[match.end() : after.start()]) and (_is_clock(after) or len(text) < 40):
        return _stamp(after, day, match.start(), after.end())
    before = [m for m in _CLOCK.finditer(text, 0, match.start()) if _is_clock(m)]
    if before and re.fullmatch(
        r"[\s,;|·–—-]*(?:on|am|le|op|il|el|den)?[\s,]*(?:[^\W\d_]{2,10}[.,]\s*)?",
        text[before[-1].end() : match.start()],
        re.IGNORECASE,
    ):
        return _stamp(before[-1], day, before[-1].start(), match.end())
    return Stamp(match.start(), match.end(), day)


def _stamp(clock: re.Match[str], day: date | None, start: int, end: int, dated: bool = True) -> Stamp:
    parts = clock.groupdict()
    hour, minute, second = int(parts["hour"]), int(parts["minute"]), int(parts["second"] or 0)
    half = (parts.get("half") or "").lower()[:1]
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour == 24:
        hour = 0
        day = day + timedelta(days=1) if day else None
    if minute > 59 or hour > 23:
        return Stamp(start, end, day, dated=dated)
    return Stamp(start, end, day, time(hour, minute, second), _zone(parts.get("zone")), dated)


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    if text.upper() in {"Z", "UTC", "GMT"}:
        return UTC
    sign = -1 if text[0] == "-" else 1
    digits = text[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:])
    return timezone(sign * timedelta(hours=hours, minutes=minutes)) if hours < 15 and minutes < 60 else None
