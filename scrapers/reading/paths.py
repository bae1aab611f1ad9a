"""Fields by paths with alternatives: `a.b|c` is one path or the other, the first that tells something.

What `scrapers.reading.dig` does with one path, for layouts that are data.
"""

from __future__ import annotations

import html
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from scrapers.reading import dig

MOST_VISITED = 60_000
"""Objects and their fields, in one answer."""
_TOLD_NOT = {"", "null", "none", "n/a", "-", "--"}


def value(data: Any, path: str) -> Any:
    """Whatever stands there, or None."""
    return dig.value(data, *path.split("|")) if path else None


def text(data: Any, path: str) -> str | None:
    """Words for a human, or None; `null` written as a word is nothing."""
    for way in path.split("|") if path else ():
        told = html.unescape(dig.text(data, way))
        if told.lower() not in _TOLD_NOT:
            return told
    return None


def own(data: Mapping[str, Any], path: str) -> str | None:
    """A field of a parcel, or of an object directly in it: answers move such fields about."""
    inner = [value for value in list(data.values())[:50] if isinstance(value, Mapping)]
    return next((told for held in (data, *inner) if (told := text(held, path))), None)


def flag(data: Any, path: str) -> bool | None:
    """A yes or no, or None."""
    return dig.flag(data, *path.split("|")) if path else None


def holders(data: Any, path: str) -> list[Mapping[str, Any]]:
    """Every object, outermost first, that has the fields of a path, be they empty."""
    ways = [[bare(step) for step in way.split(".")] for way in path.split("|")]
    return [item for item in objects(data) if any(_has(item, way) for way in ways)]


def _has(item: Any, way: Sequence[str]) -> bool:
    for step in way[:-1]:
        item = next((value for name, value in item.items() if bare(str(name)) == step), None)
        if isinstance(item, list) and item:
            item = item[0]
        if not isinstance(item, Mapping):
            return False
    return any(bare(str(name)) == way[-1] for name in item)


def objects(data: Any) -> Iterator[Mapping[str, Any]]:
    """Every object of an answer, outermost first."""
    pending: deque[Any] = deque([data])
    seen = 0
    while pending and seen < MOST_VISITED:
        item = pending.popleft()
        seen += 1
        if isinstance(item, Mapping):
            seen += len(item)
            yield item
            pending.extend(value for value in item.values() if isinstance(value, Mapping | list))
        elif isinstance(item, list):
            pending.extend(value for value in item if isinstance(value, Mapping | list))


@lru_cache(maxsize=4096)
def bare(name: str) -> str:
    """A field's name as names are compared."""
    return re.sub(r"[\W_]", "", name[:100]).lower()
