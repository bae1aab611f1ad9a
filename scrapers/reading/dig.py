"""Fields of a carrier's data by path, whatever it changes between two versions: case, `_`, one more level, null.

A path is names parted by dots (`shipment.events`); the first path that leads to something wins. Through a list the
path goes by its first entry that has the name. Nothing here raises on data of the wrong shape.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from scrapers.reading.document import Document, squeeze

MOST_VISITED = 20_000
MOST_ENTRIES = 50
_TAGS = re.compile(r"<[^<>]{1,400}>")
_NOTHING: Mapping[str, Any] = {}


def value(data: Any, *paths: str) -> Any:
    """The first of `paths` that leads to something other than null, an empty text, list or mapping; else None."""
    for path in paths:
        found = data
        for name in path.split("."):
            found = _step(found, name)
        if found is not None and found not in ("", [], {}):
            return found
    return None


def text(data: Any, *paths: str) -> str:
    """A field as text for a human: tags and blanks folded, numbers printed, an element with attributes by its text."""
    for path in paths:
        found = value(data, path)
        while isinstance(found, list) and found:
            found = found[0]
        if isinstance(found, Mapping):
            found = value(found, "#text", "text", "value", "name", "description", "content")
        if isinstance(found, str | int | float) and not isinstance(found, bool):
            plain = str(found)
            plain = squeeze(_TAGS.sub(" ", plain) if "<" in plain else plain)
            if plain:
                return plain
    return ""


def rows(data: Any, *paths: str) -> list[Mapping[str, Any]]:
    """A list of mappings; a lone mapping counts as a list of one."""
    for path in paths:
        found = value(data, path)
        listed = [found] if isinstance(found, Mapping) else found
        if isinstance(listed, list):
            kept = [row for row in listed if isinstance(row, Mapping)]
            if kept:
                return kept
    return []


def part(data: Any, *paths: str) -> Mapping[str, Any]:
    """A mapping, empty where there is none."""
    return next(iter(rows(data, *paths)), _NOTHING)


def flag(data: Any, *paths: str) -> bool | None:
    """A yes or no, also where it is written as text; None where nothing is said."""
    found = value(data, *paths)
    if isinstance(found, bool):
        return found
    return {"true": True, "false": False}.get(found.strip().lower()) if isinstance(found, str) else None


def holders(data: Any, *names: str) -> list[Mapping[str, Any]]:
    """The mappings nearest the top that have one of these fields, wherever a version of the answer keeps them."""
    wanted = {_bare(name) for name in names}
    level: deque[tuple[int, Any]] = deque([(0, data)])
    found: list[Mapping[str, Any]] = []
    depth_found, seen = None, 0
    while level and seen < MOST_VISITED:
        depth, item = level.popleft()
        seen += 1
        if depth_found is not None and depth > depth_found:
            break
        if isinstance(item, Mapping):
            if any(_bare(str(key)) in wanted and item[key] not in (None, "", [], {}) for key in item):
                found.append(item)
                depth_found = depth
            else:
                level.extend((depth + 1, child) for child in item.values() if isinstance(child, Mapping | list))
        elif isinstance(item, list):
            level.extend((depth, child) for child in item if isinstance(child, Mapping | list))
    return found


def sources(document: Document) -> Iterator[Any]:
    """What an answer carries as data: itself, or what the scripts of a page hold."""
    if document.data is not None:
        yield document.data
    yield from document.embedded


def told(document: Document, *names: str) -> list[Mapping[str, Any]]:
    """`holders` of the first part of an answer that has any."""
    return next((found for data in sources(document) if (found := holders(data, *names))), [])


def _step(data: Any, name: str) -> Any:
    if isinstance(data, Mapping):
        if name in data:
            return data[name]
        bare = _bare(name)
        return next((value for key, value in data.items() if _bare(str(key)) == bare), None)
    if isinstance(data, list):
        if name.isdigit():
            return data[int(name)] if int(name) < len(data) else None
        return next((found for item in data[:MOST_ENTRIES] if (found := _step(item, name)) is not None), None)
    return None


@lru_cache(maxsize=4096)
def _bare(name: str) -> str:
    return re.sub(r"[^a-z0-9#]", "", name.lower()) if len(name) < 100 else name
