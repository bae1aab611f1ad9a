"""Data that tells of several parcels, cut down to the asked one: its neighbours of the same kind are taken away.

Neighbours are the entries of one list, or of one object by number, that each name a number of the asked one's shape
under a field that names the asked one too, or is called like one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scrapers.reading.identity import alike, is_number_field, same_number

MOST_NODES = 50_000
MOST_DEEP = 6
"""How far inside an entry its own number may stand."""


def keep_only(data: Any, asked: str) -> bool:
    """Takes other parcels' entries out of each list and object that has one of the asked; whether there are any."""
    names = _fields_of(data, asked)
    if not names:
        return False
    found = False
    pending: list[Any] = [data]
    seen = 0
    while pending and seen < MOST_NODES:
        item = pending.pop()
        seen += 1
        if isinstance(item, list):
            entries = [entry for entry in item if isinstance(entry, Mapping)]
            if 1 < len(entries) == len(item):
                item[:] = _mine(entries, asked, names)
                found = found or len(item) < len(entries)
            pending.extend(entry for entry in item if isinstance(entry, dict | list))
        elif isinstance(item, dict):
            if any(same_number(str(key), asked) for key in item):
                for key in [key for key in item if alike(str(key), asked) and not same_number(str(key), asked)]:
                    del item[key]
                    found = True
            pending.extend(value for value in item.values() if isinstance(value, dict | list))
    return found


def _fields_of(data: Any, asked: str) -> set[str]:
    """The names of the fields that hold the asked number; its own where it names an entry."""
    found: set[str] = set()
    pending: list[Any] = [data]
    seen = 0
    while pending and seen < MOST_NODES:
        item = pending.pop()
        seen += 1
        if isinstance(item, dict):
            for key, value in item.items():
                if isinstance(value, dict | list):
                    pending.append(value)
                elif isinstance(value, str | int) and same_number(str(value), asked):
                    found.add(str(key))
                if same_number(str(key), asked):
                    found.add(str(key))
        elif isinstance(item, list):
            pending.extend(entry for entry in item if isinstance(entry, dict | list))
    return found


def _mine(entries: list[Mapping[str, Any]], asked: str, names: set[str]) -> list[Mapping[str, Any]]:
    named = [_numbers(entry, asked, names) for entry in entries]
    if not any(any(same_number(one, asked) for one in held) for held in named):
        return entries
    return [
        entry
        for entry, held in zip(entries, named, strict=True)
        if not held or any(same_number(one, asked) for one in held)
    ]


def _numbers(entry: Mapping[str, Any], asked: str, names: set[str]) -> set[str]:
    """The numbers of the asked one's kind that an entry is named by."""
    found: set[str] = set()
    level: list[Any] = [entry]
    for _ in range(MOST_DEEP):
        inner: list[Any] = []
        for item in level:
            for key, value in item.items() if isinstance(item, Mapping) else ():
                if isinstance(value, Mapping):
                    inner.append(value)
                elif isinstance(value, list):
                    inner.extend(value[:50])
                elif isinstance(value, str | int) and (key in names or is_number_field(key)):
                    found |= {str(value)} if alike(str(value), asked) else set()
        level = inner[:500]
    return found
