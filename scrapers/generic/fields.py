"""Histories in JSON or XML answers: arrays of objects that each have a time and words, whatever they are called."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from agent.vocabulary.languages import fold
from agent.vocabulary.values import Moment
from scrapers.reading import clock
from scrapers.reading.history import Row
from scrapers.reading.labels import role

MOST_NODES = 20_000
MOST_ROWS = 500
_TEXT_FIRST = ("desc", "dscr", "text", "message", "label", "libelle", "content", "remark", "activity", "event", "scan")
_BARE_CLOCK = re.compile(r"^([01]\d|2[0-3])([0-5]\d)([0-5]\d)$")
_PLANNED = re.compile(
    r"plan|estimat|expect|schedul|forecast|predict|promis|eta$|^eta|voraussicht|prevu|previst|verwacht"
)
_DONE = re.compile(r"^(?:is)?_?(?:done|completed?|reached|passed|happened|finished|achieved)$", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_][^\W\d_]+(?:[ ,.'/()-]{1,3}[^\W\d_]+){0,4}")
_ZONE = re.compile(r"(?:GMT|UTC)?\s*([+-]\d{1,2})(?::?(\d{2}))?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """The rows of one array, with the objects around it, outermost first."""

    rows: tuple[Row, ...]
    keys: frozenset[str]
    """The names of the fields of its first object."""
    around: tuple[Mapping[str, Any], ...]


def listed(data: Any, knows: Callable[[str], bool]) -> list[Listed]:
    """Every array of `data` that looks like a history, in order."""
    found: list[Listed] = []
    for array, around in _arrays(data):
        rows = _rows(array, knows)
        if rows:
            found.append(Listed(tuple(rows), frozenset(map(str, array[0])), around))
    return found


def _arrays(data: Any) -> Iterator[tuple[Sequence[Mapping[str, Any]], tuple[Mapping[str, Any], ...]]]:
    pending: deque[tuple[Any, tuple[Mapping[str, Any], ...]]] = deque([(data, ())])
    seen = 0
    while pending and seen < MOST_NODES:
        item, around = pending.popleft()
        seen += 1
        if isinstance(item, Mapping):
            within = (*around, item)
            pending.extend((value, within) for value in item.values() if isinstance(value, Mapping | list))
            lone = [v for k, v in item.items() if isinstance(v, Mapping) and role(str(k)) == "words"]
            if not any(_timed(value) for value in item.values()):
                for entry in lone:  # XML with a single row
                    if _time_of(_flat(entry), None)[1]:
                        yield [entry], within
            for value in item.values():
                if isinstance(value, list) and value and all(isinstance(entry, Mapping) for entry in value):
                    yield [*_like(value[0], item), *value], within
        elif isinstance(item, list):
            if not around and item and all(isinstance(entry, Mapping) for entry in item):
                yield item, around
            pending.extend((entry, around) for entry in item if isinstance(entry, Mapping | list))


def _timed(value: Any) -> bool:
    """Whether a field is a list that could be a history itself."""
    first = next((entry for entry in value if isinstance(entry, Mapping)), None) if isinstance(value, list) else None
    return first is not None and _time_of(_flat(first), None)[1] is not None


def _like(row: Mapping[str, Any], around: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The newest row where it stands beside the list as a summary of its own, with the same fields."""
    keys = set(row)
    return [
        value
        for value in around.values()
        if isinstance(value, Mapping) and len(keys) > 2 and len(keys & set(value)) >= 0.8 * len(keys)
    ]


def _rows(array: Sequence[Mapping[str, Any]], knows: Callable[[str], bool]) -> list[Row]:
    flat = [_flat(entry) for entry in array[:MOST_ROWS]]
    hint = clock.day_comes_first(str(value) for entry in flat for value in entry.values() if isinstance(value, str))
    found: list[Row] = []
    timed = 0
    times = [_time(entry, hint) for entry in flat]
    ahead = _to_come(array, [moment for moment, _, _ in times])
    for at, (entry, (moment, raw, used)) in enumerate(zip(flat, times, strict=True)):
        if at in ahead:
            timed += 1
            continue
        words = _words(entry, used, knows)
        if words is None:
            continue
        timed += raw is not None
        row = Row(words=words, moment=moment, raw_time=raw, place=_place(entry, words, used, knows))
        if not any(_repeats(row, other) for other in found):
            found.append(row)
    return found if timed and timed * 3 >= len(flat) * 2 else []


def _repeats(row: Row, other: Row) -> bool:
    """Whether a row is the summary of another: the same words and time, and the place left out or the same."""
    same = row.words == other.words and row.moment == other.moment
    return same and (row.place == other.place or row.place is None or other.place is None)


def _to_come(array: Sequence[Mapping[str, Any]], moments: Sequence[Moment | None]) -> set[int]:
    """The steps that say themselves that they are not done, where they are dated after those that are."""
    done: dict[bool, list[int]] = {True: [], False: []}
    for at, entry in enumerate(array[: len(moments)]):
        said = next((v for k, v in entry.items() if isinstance(v, bool) and _DONE.match(str(k))), None)
        if said is not None:
            done[said].append(at)
    last = max((str(moments[at] or "") for at in done[True]), default="")
    return set(done[False]) if last and all(str(moments[at] or "9") >= last for at in done[False]) else set()


def _flat(entry: Mapping[str, Any], prefix: str = "", depth: int = 0) -> dict[str, Any]:
    """The scalars of an object and of the small objects in it, by dotted name."""
    found: dict[str, Any] = {}
    for key, value in entry.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping) and depth < 3:
            found.update(_flat(value, f"{name}.", depth + 1))
        elif isinstance(value, str | int | float) and not isinstance(value, bool) and value != "":
            found[name] = value
    return found


@cache
def _role(name: str) -> str | None:
    """Of `address.city` the last part decides, and the first only where the last says nothing."""
    for part in reversed(name.split(".")):
        named = role(part)
        if named:
            return named
    return None


def _time(entry: Mapping[str, Any], hint: bool | None) -> tuple[Moment | None, str | None, set[str]]:
    moment, raw, used = _time_of(entry, hint)
    zone = next((v for k, v in entry.items() if "zone" in k.lower() or "offset" in k.lower()), None)
    if isinstance(moment, datetime) and moment.tzinfo is None and isinstance(zone, str):
        match = _ZONE.match(zone.strip())
        if match:
            stamp = clock.find(f"2000-01-01T00:00:00{match[1][0]}{int(match[1][1:]):02}:{match[2] or '00'}")
            moment = moment.replace(tzinfo=stamp.zone if stamp else None)
    return moment, raw, used


def _time_of(entry: Mapping[str, Any], hint: bool | None) -> tuple[Moment | None, str | None, set[str]]:
    """The time by fields that are named like one; where none is, by those that hold nothing but a date or a clock."""
    named = _time_in({key: value for key, value in entry.items() if _is_time(key, value)}, hint)
    if named[1] is not None:
        return named
    plain = {k: v for k, v in entry.items() if _is_printed_time(v) and not _PLANNED.search(fold(k))}
    return _time_in(plain, hint)


def _is_time(key: str, value: Any) -> bool:
    if _PLANNED.search(fold(key)):
        return False
    if _role(key) != "time" and (isinstance(value, int | float) or not re.match(r"^\d{4}-\d\d-\d\dT", str(value))):
        return False
    return not isinstance(value, str) or (len(value) <= 60 and any(c.isdigit() for c in value))


def _is_printed_time(value: Any) -> bool:
    if not isinstance(value, str) or not 5 <= len(value) <= 30 or not value[-1:].isalnum():
        return False
    stamp = clock.find(value.strip())
    return stamp is not None and stamp.start == 0 and stamp.end == len(value.strip())


def _time_in(entry: Mapping[str, Any], hint: bool | None) -> tuple[Moment | None, str | None, set[str]]:
    days: list[tuple[str, Any, Moment]] = []
    clocks: list[tuple[str, str]] = []
    unclear: list[tuple[str, str]] = []
    for key, value in entry.items():
        moment = clock.moment(value, hint)
        if moment is None and isinstance(value, str) and (match := _BARE_CLOCK.match(value)):
            clocks.append((key, f"{match[1]}:{match[2]}:{match[3]}"))
            continue
        if moment is not None:
            days.append((key, value, moment))
        elif isinstance(value, str):
            stamp = clock.find(value, hint)
            if stamp is not None and stamp.clock and not stamp.dated:
                clocks.append((key, value))
            elif stamp is not None and stamp.dated:
                unclear.append((key, value))
    used = {key for key, *_ in days} | {key for key, _ in clocks}
    full = [(key, value, moment) for key, value, moment in days if isinstance(moment, datetime)]
    if full:
        own = [d for d in full if d[2].tzinfo is not None and isinstance(d[1], str)] or full
        local = [d for d in own if "local" in d[0].lower()] or own
        _, told, when = min(local, key=lambda d: d[0].count("."))
        return when, str(told), used
    if days:
        _, value, moment = days[0]
        if clocks and isinstance(moment, date):
            stamp = clock.find(clocks[0][1])
            if stamp is not None:
                return clock.joined(moment, stamp.clock, stamp.zone), f"{value} {clocks[0][1]}", used
        return moment, str(value), used
    if unclear:
        return None, unclear[0][1], used | {unclear[0][0]}
    return None, None, set()


def _words(entry: Mapping[str, Any], used: set[str], knows: Callable[[str], bool]) -> str | None:
    texts = [
        (key, str(value))
        for key, value in entry.items()
        if key not in used and isinstance(value, str) and re.search(r"[^\W\d_]{2,}", value) and _role(key) != "place"
    ]
    named = [(key, text) for key, text in texts if _role(key) == "words"]
    if not named and not texts:
        return None
    described = [(key, text) for key, text in named if any(part in fold(key) for part in _TEXT_FIRST) and _reads(text)]
    for pool in (described, [(k, t) for k, t in named if _reads(t)], named, texts):
        understood = next((text for _, text in pool if knows(text)), None)
        if understood:
            return understood
    for pool in (described, named):
        if pool:
            return pool[0][1]
    return None


def _reads(text: str) -> bool:
    """Words for a human, not a code."""
    return " " in text.strip() or not text.isupper()


def _place(entry: Mapping[str, Any], words: str, used: set[str], knows: Callable[[str], bool]) -> str | None:
    parts: list[str] = []
    for key, value in entry.items():
        if key in used or not isinstance(value, str) or value == words or _role(key) != "place":
            continue
        if re.search(r"(?:type|code|url|id|zip)$", key, re.IGNORECASE) and len(value) != 2:
            continue
        if re.search(r"[^\W\d_]{2,}", value) and len(value) <= 80 and value not in parts:
            parts.append(value)
    return ", ".join(parts[:3]) or _unnamed_place(entry, words, used, knows)


def _unnamed_place(entry: Mapping[str, Any], words: str, used: set[str], knows: Callable[[str], bool]) -> str | None:
    """The one other text of a row that reads like a name."""
    found = [
        value
        for key, value in entry.items()
        if key not in used and isinstance(value, str) and value != words and _role(key) is None
        if _NAME.fullmatch(value) and not knows(value)
    ]
    return found[0] if len(found) == 1 else None
