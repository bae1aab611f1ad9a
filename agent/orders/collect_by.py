"""Until when a parcel waits to be collected, where the carrier's words print the day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from agent.vocabulary.languages import fold, languages

_LONGEST = 400
_SOONEST, _LATEST = timedelta(days=2), timedelta(days=45)
"""Nobody waits longer, and a nearer day is rather the one from which it can be collected."""
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_NUMERIC = re.compile(r"(?<![\d.])(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})?(?!\d)")


def collect_by(words: str | None, scanned: date) -> date | None:
    """The last day that the words print, from two days after the scan on; None where one may be read in two ways."""
    text = fold((words or "")[:_LONGEST])
    readings = [[day for day in one if _SOONEST <= day - scanned <= _LATEST] for one in _days(text, scanned.year)]
    if any(len(set(one)) > 1 for one in readings):
        return None
    return max((one[0] for one in readings if one), default=None)


def _days(text: str, year: int) -> Iterator[list[date]]:
    """Every printed day, each with all that it may mean."""
    for match in _ISO.finditer(text):
        yield _real((int(match[1]), int(match[2]), int(match[3])))
    for match in _NUMERIC.finditer(text):
        years = [_year(match[4])] if match[4] else [year, year + 1]
        one, other = int(match[1]), int(match[3])
        orders = [(other, one)] if match[2] == "." else [(other, one), (one, other)]
        yield _real(*((y, month, day) for y in years for month, day in orders))
    for match in _named().finditer(text):
        day, month, printed = match["d"] or match["d2"], match["m"] or match["m2"], match["y"] or match["y2"]
        years = [int(printed)] if printed else [year, year + 1]
        yield _real(*((y, _months()[month], int(day)) for y in years))


def _year(printed: str) -> int:
    return int(printed) + (2000 if len(printed) == 2 else 0)


def _real(*parts: tuple[int, int, int]) -> list[date]:
    found = []
    for year, month, day in parts:
        try:
            found.append(date(year, month, day))
        except ValueError:  # the 31st of the 12th is no 12th of the 31st
            continue
    return found


@cache
def _months() -> dict[str, int]:
    """Names of months in every language; one that means two months means none."""
    found: dict[str, set[int]] = {}
    for language in languages().values():
        for number, spellings in enumerate(language.months, 1):
            for name in spellings:
                found.setdefault(name, set()).add(number)
    return {name: numbers.pop() for name, numbers in found.items() if len(numbers) == 1 and name.isalpha()}


@cache
def _named() -> re.Pattern[str]:
    names = "|".join(sorted(map(re.escape, _months()), key=len, reverse=True))
    return re.compile(
        rf"\b(?P<d>\d{{1,2}})(?:\.|st|nd|rd|th|er)? ?(?:de |of )?(?P<m>{names})\b\.?(?: (?:de )?(?P<y>\d{{4}}))?"
        rf"|\b(?P<m2>{names})\b\.? (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<y2>\d{{4}}))?"
    )
