"""One parcel's rows in several lists: what one carrier did, and then the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from bs4.element import Tag

from scrapers.reading.history import History, Row


def joined(lists: Sequence[tuple[Row, ...]]) -> tuple[Row, ...] | None:
    """The rows of a parcel's legs, newest leg first; None where their times overlap or a row is in two: no legs."""
    legs = sorted(map(_newest_first, lists), key=lambda rows: _span(rows)[1], reverse=True)
    spans = [_span(rows) for rows in legs]
    if len(legs) < 2 or any(not first or first < before for (first, _), (_, before) in pairwise(spans)):
        return None
    rows = tuple(row for leg in legs for row in leg)
    return rows if len(set(rows)) == len(rows) else None


def _span(rows: Sequence[Row]) -> tuple[str, str]:
    times = [str(row.moment) for row in rows if row.moment]
    return (min(times), max(times)) if times else ("", "")


def with_other_legs(best: History, found: Iterable[History], knows: Callable[[str], bool]) -> History:
    """The history with the rows of other lists of its make that go on from it or lead to it."""
    alike = [one for one in found if _same_make(one.element, best.element) and len(one.rows) > 1]
    alike = [one for one in alike if sum(knows(row.words) for row in one.rows) * 2 >= len(one.rows)]
    rows = joined([one.rows for one in alike])
    newest = max(alike, key=lambda one: _span(one.rows)[1], default=best)
    return replace(newest, rows=rows) if rows and best in alike else best


def _same_make(one: Tag, other: Tag) -> bool:
    """Whether two elements are called and named alike, as those of two legs on one page are."""
    return one.name == other.name and one.name in {"table", "ul", "ol", "dl"} and one.get("class") == other.get("class")


def _newest_first(rows: Sequence[Row]) -> tuple[Row, ...]:
    times = [str(row.moment) for row in rows if row.moment]
    return tuple(reversed(rows)) if times and times[0] < times[-1] else tuple(rows)
