"""Strangers' words on paper: bounded, seen as they are, without what controls a screen or turns a line around."""

from __future__ import annotations

import unicodedata

_MARKS = 3
"""Combining marks that may follow one letter: a stack paints over its neighbours."""


def one_line(text: str | None, limit: int = 300) -> str:
    words = " ".join(_seen((text or "")[: 8 * limit], keep="").split())
    return words if len(words) <= limit else f"{words[: limit - 1].rstrip()}…"


def many_lines(text: str | None, limit: int = 4_000) -> str:
    """As `one_line`, its lines kept, at most one of them blank in a row."""
    found: list[str] = []
    for part in _seen((text or "")[: 8 * limit], keep="\n").split("\n"):
        words = " ".join(part.split())
        if words or (found and found[-1]):
            found.append(words)
    whole = "\n".join(found).strip()
    return whole if len(whole) <= limit else f"{whole[: limit - 1].rstrip()}…"


def _seen(text: str, keep: str) -> str:
    found: list[str] = []
    marks = 0
    for char in text:
        kind = unicodedata.category(char)
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if char == keep:
            found.append(char)
        elif kind in ("Cc", "Zl", "Zp"):
            found.append(" ")
        elif kind[0] != "C" and marks <= _MARKS:
            found.append(char)
    return "".join(found)
