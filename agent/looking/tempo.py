"""How often to look, and at which hours of the parcel's own day.

The hours are those at which carriers scan: vans are loaded from six to ten, parcels are handed over from nine to
eight, most around noon, and nothing is new at three in the morning.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

USUAL = timedelta(hours=6)
"""`looking.every` as it comes: the tempos hold for it, another value scales them."""
_DAY = timedelta(days=1)
_MOST = 24
_SPREAD = 40
"""Minutes over which the parcels of one tempo are spread, so that they do not all ask at once."""


@dataclass(frozen=True, kw_only=True)
class Tempo:
    """So many looks a day, evenly from `first` to `last` o'clock; a lone one at `last`."""

    why: str
    a_day: float
    first: float = 9.5
    last: float = 21


def slots(tempo: Tempo, day: date, told_at: datetime, zone: ZoneInfo, number: str, every: timedelta) -> list[datetime]:
    """The looks of a day, those left out that come less than half a pause after the parcel was last told of."""
    a_day = tempo.a_day * (USUAL / every)
    hours = _hours(tempo, a_day)
    pause = hours[1] - hours[0] if len(hours) > 1 else _DAY * max(1, round(1 / a_day))
    earliest = told_at + pause - min(pause, _DAY) / 2
    shift = timedelta(minutes=zlib.crc32(number.encode()) % _SPREAD - _SPREAD / 2)
    midnight = datetime.combine(day, time.min)
    times = ((midnight + hour + shift).replace(tzinfo=zone).astimezone(told_at.tzinfo) for hour in hours)
    return [at for at in times if at >= earliest]


def _hours(tempo: Tempo, a_day: float) -> list[timedelta]:
    """The clock times of a day's looks, counted from midnight."""
    count = max(1, min(_MOST, round(a_day)))
    if count == 1:
        return [timedelta(hours=tempo.last)]
    step = (tempo.last - tempo.first) / (count - 1)
    return [timedelta(hours=tempo.first + step * turn) for turn in range(count)]
