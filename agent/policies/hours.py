"""Times of day and of the year as sellers write them: `22:00-07:00`, `15 Nov - 10 Jan`. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_HOURS = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-3]):([0-5]\d)")
_DAY = r"(\d{1,2})\.?\s+([A-Za-z]{3})[a-z]*"
_SEASON = re.compile(rf"{_DAY}\s*[-–]\s*{_DAY}")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LEAP_YEAR = 2024
"""29 February is a day of some years."""


@dataclass(frozen=True)
class Hours:
    """From one time of day to another, over midnight where the second is the earlier one."""

    start: time
    end: time

    def holds(self, at: datetime, zone: ZoneInfo) -> bool:
        clock = at.astimezone(zone).time()
        if self.start < self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end

    def end_after(self, at: datetime, zone: ZoneInfo) -> datetime:
        """When they are next over."""
        return _next(self.end, at, zone)

    def change_after(self, at: datetime, zone: ZoneInfo) -> datetime:
        """When they next begin or are over."""
        return min(_next(self.start, at, zone), _next(self.end, at, zone))

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


@dataclass(frozen=True)
class Season:
    """From one day of the year to another, both included, over New Year where the second is the earlier one."""

    first: tuple[int, int]
    """Month and day."""
    last: tuple[int, int]

    def holds(self, at: datetime, zone: ZoneInfo) -> bool:
        local = at.astimezone(zone)
        day = local.month, local.day
        if self.first <= self.last:
            return self.first <= day <= self.last
        return day >= self.first or day <= self.last


def hours(written: object) -> Hours:
    """The hours that a text such as `22:00-07:00` names; raises ValueError saying how to write them."""
    found = _HOURS.fullmatch(written.strip()) if isinstance(written, str) else None
    if found is None or found.group(1, 2) == found.group(3, 4):
        raise ValueError(f'bad hours "{written}": write "22:00-07:00"')
    start, end = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    return Hours(start, end)


def season(written: object) -> Season:
    """The days that a text such as `15 Nov - 10 Jan` names; raises ValueError saying how to write them."""
    found = _SEASON.fullmatch(written.strip()) if isinstance(written, str) else None
    try:
        if found is not None:
            return Season(_day(found[1], found[2]), _day(found[3], found[4]))
    except ValueError:
        pass  # no such day of the year: told below like any other mistake
    raise ValueError(f'bad days "{written}": write "15 Nov - 10 Jan"')


def _next(clock: time, at: datetime, zone: ZoneInfo) -> datetime:
    local = at.astimezone(zone)
    day = local.date() if local.time() < clock else local.date() + timedelta(days=1)
    return datetime.combine(day, clock, zone)


def _day(day: str, month: str) -> tuple[int, int]:
    found = date(_LEAP_YEAR, _MONTHS.index(month.lower()) + 1, int(day))
    return found.month, found.day
