"""Dates as mails print them, in any of our languages: "Dec 11, 2025", "11. Dez. 2025 um 09:16", "24 November"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache

from agent.vocabulary.languages import fold, languages
from agent.vocabulary.values import Moment, Window

# Zones by the names that mails print; a name that means several zones is left out.
_ZONES = {
    "utc": 0, "gmt": 0, "z": 0, "bst": 60, "cet": 60, "cest": 120, "mez": 60, "mesz": 120, "wet": 0, "west": 60,
    "pst": -480, "pdt": -420, "mst": -420, "mdt": -360, "cdt": -300, "est": -300, "edt": -240,
    "aest": 600, "aedt": 660,
}  # fmt: skip
_CLOCK = re.compile(
    r"(?<![\d.:])(?P<h>[01]?\d|2[0-4])(?:(?:[:.]|\s?h\s?)(?P<m>[0-5]\d))(?::(?P<s>[0-5]\d))?(?![\d:]|\.\d)\s*(?P<ampm>[ap]\.?\s?m\b\.?)?"
    r"(?:\s*uhr\b)?(?:\s*\(?(?P<zone>[a-z]{2,4}|z)\b\)?)?(?:\s*(?P<offset>[+-]\d{2}:?\d{2})(?!\d))?"
    r"|(?<![\d.:])(?P<h12>1[0-2]|0?[1-9])\s*(?P<ampm12>[ap]\.?m\b\.?)|(?<![\d.:])(?P<huhr>[01]?\d|2[0-4])\s*(?:uhr\b|h\b)"
)
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})(?:[t ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?\s?(z|[+-]\d{2}:?\d{2})?)?")
_DOTTED = re.compile(r"\b(\d{1,2})\.\s?(\d{1,2})\.(?:\s?(\d{4}|\d{2})(?!\d|[:.]))?")
_SLASHED = re.compile(r"\b(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})\b")
_CJK = re.compile(r"(?:(\d{4})年\s?)?(\d{1,2})月\s?(\d{1,2})日(?:\s?\([月火水木金土日]\))?")
_YEAR_FIRST = re.compile(r"\b(20\d{2})[/.](\d{1,2})[/.](\d{1,2})\b")
_LED = re.compile(r"\b(?:le|au|el|al|il|entro il|op|tot|dnia|dia|den|em)\s(\d{1,2})/(\d{1,2})\b(?![/.\d])")
_TODAY = re.compile(r"\b(?:today|heute|aujourd'hui|oggi|hoy|vandaag|dzis|dzisiaj|hoje|idag|i dag|tanaan)\b")
_TOMORROW = re.compile(r"\b(?:tomorrow|morgen|demain|domani|manana|jutro|amanha|imorgon|i morgon|i morgen|huomenna)\b")
_DIGIT = re.compile(r"\d")
_SPAN = re.compile(
    r"\s+(?:-|–|—|to|and|bis|und|al?|au|et|tot|en|do|y|e|och|og|til|till)\s+|(?<=[\d.])\s?[-–—]\s?(?=\d{1,2}\b)|(?<=\d)\s?[-–—]\s?(?=[a-z])"
)
_ABBREVIATED = re.compile(r"\b(?:godz|kl|klo|ca|approx|ore|h)\.")
_NEAR = 12  # how many characters may stand between a date and its clock


def find_moment(text: str, seen: datetime | None = None, *, month_first: bool | None = None) -> Moment | None:
    """The first date in a text, with its clock where one stands beside it; None where there is none.

    `seen` (the mail's Date) gives today, and a year that is not printed. `month_first` reads `3/4/2026`; None leaves it
    unread. A clock without a named zone stays naive.
    """
    found = _date_in(fold(text), seen, month_first)
    if found is None:
        return None
    day, start, end, folded = found
    clock = _clock_beside(folded, start, end)
    if clock is None:
        return day
    at, zone = clock
    return datetime.combine(day, at, tzinfo=zone)


def find_window(text: str, seen: datetime | None = None, month_first: bool | None = None) -> Window | None:
    """The span of days in a text: "Nov 15 - Nov 18", "Nov 15-18", "15.–18. Nov."; one date is a span of itself."""
    folded = fold(text)
    pieces = _SPAN.split(folded, maxsplit=1)
    left = find_moment(pieces[0], seen, month_first=month_first)
    right = find_moment(pieces[1], seen, month_first=month_first) if len(pieces) > 1 else None
    first, last = (_only_day(moment) for moment in (left, right))
    if first and last is None and len(pieces) > 1 and (day := re.match(r"(\d{1,2})\b(?!:)", pieces[1].strip())):
        last = _day(first.year, first.month, int(day.group(1)))
    if last and first is None and (day := re.search(r"(\d{1,2})\.?\s*$", pieces[0])):
        first = _day(last.year, last.month, int(day.group(1)))
    if first is None or last is None:
        only = first or last or _only_day(find_moment(folded, seen, month_first=month_first))
        return Window(only, only) if only else None
    return Window(first, last) if first <= last else None


def _only_day(moment: Moment | None) -> date | None:
    return moment.date() if isinstance(moment, datetime) else moment


def find_clock(text: str) -> time | None:
    """The first time of day in a text."""
    match = _CLOCK.search(fold(text))
    return _clock(match)[0] if match else None


def _date_in(folded: str, seen: datetime | None, month_first: bool | None) -> tuple[date, int, int, str] | None:
    candidates = list(_written_days(folded, seen, month_first)) if _DIGIT.search(folded) else []
    if seen is not None:
        for pattern, days in ((_TODAY, 0), (_TOMORROW, 1)):
            if word := pattern.search(folded):
                candidates.append((word.start(), word.end(), (seen + timedelta(days=days)).date()))
    if not candidates:
        return None
    start, end, day = min(candidates, key=lambda c: (c[0], -c[1]))
    return day, start, end, folded


def _written_days(folded: str, seen: datetime | None, month_first: bool | None) -> Iterator[tuple[int, int, date]]:
    """Every day written with a number: where it begins and ends."""
    for match in _ISO.finditer(folded):
        day = _day(int(match[1]), int(match[2]), int(match[3]))
        if day:
            yield match.start(), match.start() + 10, day
    for match in (*_YEAR_FIRST.finditer(folded), *_CJK.finditer(folded)):
        day = _with_year(match[1], int(match[2]), int(match[3]), seen)
        if day:
            yield match.start(), match.end(), day
    for match in _words().finditer(folded):
        number = match["d1"] or match["d2"]
        name = match["m1"] or match["m2"]
        year = match["y1"] or match["y2"] or match["s1"] or match["s2"]
        day = _with_year(year, _months()[name], int(number), seen)
        if day:
            yield match.start(), match.end(), day
    for match in _DOTTED.finditer(folded):
        day = _with_year(match[3], int(match[2]), int(match[1]), seen)
        if day:
            yield match.start(), match.end(), day
    for match in _SLASHED.finditer(folded):
        day = _slashed(int(match[1]), int(match[2]), match[3], month_first)
        if day:
            yield match.start(), match.end(), day
    for match in () if month_first else _LED.finditer(folded):
        day = _with_year(None, int(match[2]), int(match[1]), seen)
        if day:
            yield match.start(), match.end(), day


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _with_year(year: str | None, month: int, day: int, seen: datetime | None) -> date | None:
    if year:
        return _day(int(year) + (2000 if len(year) == 2 else 0), month, day)
    if seen is None:
        return None
    near = [found for y in (seen.year - 1, seen.year, seen.year + 1) if (found := _day(y, month, day))]
    return min(near, key=lambda found: abs(found - seen.date()), default=None)


def _slashed(left: int, right: int, year: str, month_first: bool | None) -> date | None:
    if left > 12 or (month_first is False and right <= 12):
        return _with_year(year, right, left, None)
    if right > 12 or month_first or left == right:
        return _with_year(year, left, right, None)
    return None


def _clock_beside(folded: str, start: int, end: int) -> tuple[time, timezone | None] | None:
    """The time that belongs to a date: right after it, else right before it."""
    after = _CLOCK.search(folded, end)
    if (
        after
        and after.start() - end <= _NEAR
        and not re.search(r"[.!?] ", _ABBREVIATED.sub("", folded[end : after.start()]))
    ):
        return _clock(after)
    before = [m for m in _CLOCK.finditer(folded, 0, start) if start - m.end() <= _NEAR]
    return _clock(before[-1]) if before else None


def _clock(match: re.Match[str]) -> tuple[time, timezone | None]:
    hour = int(match["h"] or match["h12"] or match["huhr"])
    half = (match["ampm"] or match["ampm12"] or "")[:1]
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    at = time(hour % 24, int(match["m"] or 0), int(match["s"] or 0))
    zone: timezone | None = None
    if match["offset"]:
        sign = -1 if match["offset"][0] == "-" else 1
        digits = match["offset"][1:].replace(":", "")
        minutes = int(digits[:2]) * 60 + int(digits[2:])
        zone = timezone(sign * timedelta(minutes=minutes)) if minutes < 24 * 60 else None
    elif match["zone"] in _ZONES:
        offset = _ZONES[match["zone"]]
        zone = UTC if offset == 0 else timezone(timedelta(minutes=offset))
    return at, zone


@cache
def _months() -> Mapping[str, int]:
    return {
        name: number
        for language in languages().values()
        for number, names in enumerate(language.months, start=1)
        for name in names
    }


@cache
def _words() -> re.Pattern[str]:
    """A day and a month by name, in either order, with or without a year."""
    names = "|".join(sorted(map(re.escape, _months()), key=len, reverse=True))
    year = r"(?:[,.]?\s*(?:(?:de|of)\s)?(?P<y{n}>(?:19|20)\d{{2}})(?!\d)|-(?P<s{n}>\d{{2}})\b)?"
    first = rf"\b(?P<d1>\d{{1,2}})(?:st|nd|rd|th|er|[°o.])?\s?(?:de\s|of\s|-)?(?P<m1>{names})\b\.?" + year.format(n=1)
    # "mar. 24 nov." is a Tuesday of November
    weekday = rf"(?!\d|:|/|-\d{{1,2}}-\d|\.\d{{1,2}}\.|\.?\s(?:de\s)?(?:{names})\b)"
    second = rf"\b(?P<m2>{names})\b\.?\s(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?{weekday}" + year.format(n=2)
    return re.compile(f"{first}|{second}")
