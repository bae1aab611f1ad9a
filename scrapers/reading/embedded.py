"""The data that a page of HTML carries for its own scripts: JSON, object literals, and what frameworks make of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from bs4.element import Tag

MOST_FOUND = 200
MOST_TRIED = 60
MOST_TOKENS = 400_000
MOST_DEEP = 40
SHORTEST = 40
"""Shorter data holds no history."""

_PARSED_JSON = re.compile(r"""JSON\.parse\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*\)""", re.DOTALL)
_ASSIGNED = re.compile(r"""(?:=|:|\()\s*(?=[\[{]\s*["'\[{])""")
_LITERAL = re.compile(r"""=\s*(?=[\[{]\s*(?:[\[{]|[A-Za-z_$][\w$]{0,60}\s*:|"))""")
_RETURNED = re.compile(r"=\s*\(?\s*function\s*\(([\w$,\s]{0,20000})\)\s*\{\s*return\s*(?=\{)")
_PUSHED = re.compile(r"""__next_f\.push\(\s*\[\s*1\s*,\s*("(?:[^"\\]|\\.)*")\s*\]\s*\)""", re.DOTALL)
_TOKEN = re.compile(
    r"""\s+|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|([A-Za-z_$][\w$]*)"""
    r"""|(![01])|([{}\[\]:,()])"""
)


def embedded(soup: Tag) -> list[Any]:
    """Every object or array that the page's scripts and attributes hold."""
    found: list[Any] = []
    pushed: list[str] = []
    for element in soup.descendants:
        if len(found) >= MOST_FOUND:
            break
        if not isinstance(element, Tag):
            continue
        if element.name == "script":
            if element.get("type") != "application/ld+json":
                found.extend(_of_script(element.string or "", pushed))
        else:
            for value in element.attrs.values():
                if len(value) >= SHORTEST and (data := _of_attribute(value)) is not None:
                    found.append(data)
    return [*found, *_streamed("".join(pushed))][:MOST_FOUND]


def _of_attribute(value: object) -> Any:
    if not isinstance(value, str) or value.lstrip()[:1] not in {"{", "["}:
        return None
    return _json(value)


def _of_script(content: str, pushed: list[str]) -> Iterator[Any]:
    text = content.strip()
    if not text:
        return
    if text[0] in "[{":
        data = _json(text)
        if data is not None:
            yield _joined(data) if isinstance(data, list) and _refers(data) else data
            return
    pushed.extend(str(json.loads(match[1], strict=False)) for match in _PUSHED.finditer(text) if _is_text(match[1]))
    for match in islice(_PARSED_JSON.finditer(text), MOST_TRIED):
        yield from _quoted(match[1])
    read_to = 0
    for match in islice(_ASSIGNED.finditer(text), MOST_TRIED):
        if match.end() < read_to:
            continue
        data, read_to = _json_at(text, match.end())
        if data is not None:
            yield data
    yield from _literals(text, read_to)


def _is_text(literal: str) -> bool:
    try:
        return isinstance(json.loads(literal, strict=False), str)
    except ValueError:
        return False


def _json(text: str) -> Any:
    try:
        data = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict | list) else None


def _json_at(text: str, start: int) -> tuple[Any, int]:
    """The JSON that begins at a place, and where it ends; a short one is nothing."""
    try:
        data, end = json.JSONDecoder(strict=False).raw_decode(text, start)
    except (ValueError, RecursionError):
        return None, 0
    return (data, end) if isinstance(data, dict | list) and end - start >= SHORTEST else (None, end)


def _quoted(literal: str) -> list[Any]:
    """The JSON inside a JavaScript string literal, `\\u00fc` and `\\/` undone."""
    inner = literal[1:-1]
    if literal[0] == "'":
        inner = _double_quoted(inner)
    inner = re.sub(r"\\x([0-9a-fA-F]{2})", r"\\u00\1", inner)
    try:
        data = json.loads(json.loads(f'"{inner}"', strict=False))
    except (ValueError, RecursionError, TypeError):
        return []
    return [data]


def _streamed(text: str) -> list[Any]:
    """The rows `7:{…}` that a page sends one after the other to its own renderer."""
    found: list[Any] = []
    for line in islice(text.split("\n"), 2000):
        mark, _, rest = line.partition(":")
        if len(mark) < 8 and rest[:1] in {"{", "["} and len(rest) >= SHORTEST and (data := _json(rest)) is not None:
            found.append(data)
    return found


# --- one long array of values that name each other by their places --------------------------------------------------


def _refers(data: Sequence[Any]) -> bool:
    """Whether an array is of the kind whose first entry stands for the whole, numbers being places in it."""
    first = data[0] if len(data) > 3 else None
    parts = first.values() if isinstance(first, dict) else first[1:] if isinstance(first, list) else []
    return bool(parts) and all(isinstance(p, int) and not isinstance(p, bool) and p < len(data) for p in parts)


def _joined(data: Sequence[Any]) -> Any:
    made: dict[int, Any] = {}

    def value(place: Any, deep: int) -> Any:
        if not isinstance(place, int) or isinstance(place, bool) or not 0 <= place < len(data) or deep > MOST_DEEP:
            return None
        if place in made:
            return made[place]
        raw = data[place]
        if isinstance(raw, dict):
            held: dict[str, Any] = {}
            made[place] = held
            held.update((key, value(at, deep + 1)) for key, at in raw.items())
        elif isinstance(raw, list) and raw and isinstance(raw[0], str):
            of_date = raw[0] == "Date" and len(raw) == 2
            made[place] = None
            made[place] = raw[1] if of_date else value(raw[1], deep + 1) if len(raw) == 2 else None
        elif isinstance(raw, list):
            listed: list[Any] = []
            made[place] = listed
            listed.extend(value(at, deep + 1) for at in raw)
        else:
            made[place] = raw
        return made[place]

    return value(0, 0)


# --- object literals: JSON with bare names -------------------------------------------------------------------------


def _literals(text: str, start: int) -> Iterator[Any]:
    """Objects that a script writes as JavaScript, names without quotes; a function around them names values shortly."""
    for match in islice(_RETURNED.finditer(text), 3):
        written, end = _as_json(text, match.end())
        data = _json(written) if written else None
        names = [name.strip() for name in match[1].split(",")]
        call = re.compile(r"[\s;}]*\)?\s*\(").match(text, end)
        given = _json(f"[{_as_json(text, call.end(), inside=True)[0]}]") if call else None
        if data is not None:
            values = dict(zip(names, given, strict=False)) if isinstance(given, list) else {}
            yield _filled(data, values)
            start = max(start, end)
    for match in islice(_LITERAL.finditer(text, start), MOST_TRIED):
        if match.end() < start:
            continue
        written, end = _as_json(text, match.end())
        if len(written) >= SHORTEST and (data := _json(written)) is not None:
            start = end
            yield data


_NAMED = "\x00"
_WORDS = {"true", "false", "null"}


def _as_json(text: str, start: int, inside: bool = False) -> tuple[str, int]:
    """An object literal as JSON, and where it ends; empty where it holds code. A bare name becomes a marked string."""
    parts: list[str] = []
    open_ones = 1 if inside else 0
    at = start
    for _ in range(MOST_TOKENS):
        match = _TOKEN.match(text, at)
        if match is None:
            return "", at
        at = match.end()
        string, number, name, flag, mark = match.groups()
        if string:
            parts.append(_string(string))
        elif number:
            parts.append(json.dumps(float(number)) if not re.fullmatch(r"-?(?:0|[1-9]\d*)", number) else number)
        elif name:
            if name == "void":
                continue
            follows = text[at : at + 1] == ":"
            bare = name if follows else name if name in _WORDS else None
            parts.append(json.dumps(name) if follows else bare if bare else json.dumps(_NAMED + name))
        elif flag:
            parts.append("true" if flag == "!0" else "false")
        elif mark:
            if mark in "{[(":
                open_ones += 1
            elif mark in "}])":
                open_ones -= 1
                if parts and parts[-1] == ",":
                    parts.pop()
            if inside and open_ones == 0:
                return "".join(parts), at
            if mark in "()":
                return "", at
            parts.append(mark)
            if open_ones == 0:
                return "".join(parts), at
    return "", at


def _string(literal: str) -> str:
    inner = re.sub(r"\\x([0-9a-fA-F]{2})", r"\\u00\1", literal[1:-1])
    if literal[0] == "'":
        inner = _double_quoted(inner)
    return f'"{inner}"'


def _double_quoted(inner: str) -> str:
    """What stands between single quotes as it would stand between double ones."""
    return re.sub(
        r"\\(.)|\"", lambda one: "'" if one[0] == "\\'" else one[0] if one[1] else '\\"', inner, flags=re.DOTALL
    )


def _filled(data: Any, values: dict[str, Any]) -> Any:
    """The data with marked names replaced by their values; names without one are nothing."""
    pending = [data]
    while pending:
        item = pending.pop()
        places: Any = list(item) if isinstance(item, dict) else range(len(item))
        for place in places:
            value = item[place]
            if isinstance(value, str) and value.startswith(_NAMED):
                item[place] = values.get(value[1:])
            elif isinstance(value, dict | list):
                pending.append(value)
    return data
