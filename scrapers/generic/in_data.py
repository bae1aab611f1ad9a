"""Parcels in JSON or XML that nobody wrote a reader for: histories by their shape, with what is told around them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from scrapers.generic.fields import Listed, listed
from scrapers.generic.found import Found, sure
from scrapers.reading.history import Row
from scrapers.reading.identity import alike, is_number, is_number_field, same_number
from scrapers.reading.judged import known
from scrapers.reading.labels import is_headline
from scrapers.reading.legs import joined

_DELIVERED_FLAG = re.compile(r"^is_?delivered$|^delivered$|^istzugestellt$", re.IGNORECASE)


def parcels_in(data: Any, number: str | None) -> list[Found]:
    """The parcels of an answer's data, the asked one among them."""
    lists = [one for one in listed(data, known) if sure(one.rows, _number_of(one, number) is not None)]
    chosen: dict[str | None, list[Listed]] = {}
    for one in lists:
        chosen.setdefault(_number_of(one, number), []).append(one)
    if len(chosen) > 1:
        chosen.pop(None, None)
    found: list[Found] = []
    for owner, own in chosen.items():
        best = max(own, key=_rank)
        rows = _legs(best, own)
        found.append(Found(owner, rows, _said(best.around), _flag(best.around)))
    return found


def _legs(best: Listed, own: Sequence[Listed]) -> tuple[Row, ...]:
    """The rows of all lists that stand side by side, newest leg first: origin and destination of one parcel."""
    beside = [one for one in own if one.keys == best.keys and _side_by_side(one, best)]
    return joined([one.rows for one in beside]) or best.rows


def _side_by_side(one: Listed, other: Listed) -> bool:
    """Whether two lists are fields of one object, or of entries of one list in it."""
    return any(len(one.around) >= deep and one.around[-deep:][0] is other.around[-deep:][0] for deep in (1, 2))


def _rank(one: Listed) -> tuple[int, int]:
    return sum(known(row.words) for row in one.rows), len(one.rows)


def _number_of(one: Listed, number: str | None) -> str | None:
    """The number named around a history, nearest first; the asked one where none of its kind is nearer."""
    named: list[str] = []
    for around in reversed(one.around):
        if number and any(alike(name, number) for name in named):
            break
        for key, value in around.items():
            if not isinstance(value, str | int) or isinstance(value, bool):
                continue
            text = str(value)
            if number and same_number(text, number):
                return number
            if is_number_field(key) and is_number(text):
                named.append(text)
        for key in around:
            if number and same_number(str(key), number):
                return number
    return named[0] if named else None


def _said(around: Sequence[Mapping[str, Any]]) -> str | None:
    """The headline words of an answer: a field named like a status, of the parcel or of a small object in it."""
    for mapping in reversed(around):
        for key, value in mapping.items():
            fields = value.items() if isinstance(value, Mapping) else [(key, value)]
            for name, text in fields:
                if isinstance(text, str) and is_headline(str(name)) and len(text) <= 160 and known(text):
                    return text
    return None


def _flag(around: Sequence[Mapping[str, Any]]) -> bool | None:
    for mapping in reversed(around):
        for key, value in mapping.items():
            if isinstance(value, bool) and _DELIVERED_FLAG.match(str(key)):
                return value
    return None
