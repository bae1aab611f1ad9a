"""Strangers' words made visible: what they show, bounded, without what controls a screen or turns a line around.

For paper and a human's own screen; a mail needs `agent.digest.untrusted`, where no address becomes a link.
"""

from __future__ import annotations

import unicodedata

_MARKS = 3
"""Combining marks that may follow one letter: no living script needs more, a stack paints over its neighbours."""


def visible(text: str | None, limit: int = 500) -> str:
    """One line of at most `limit` characters."""
    return cut(" ".join(seen(bounded(text, limit)).split()), limit)


def visible_lines(text: str) -> str:
    """All lines of a text, each as `visible`."""
    return "\n".join(visible(line) for line in text.splitlines())


def visible_text(text: str | None, limit: int = 4_000) -> str:
    """Several lines of at most `limit` characters together; blank ones at most one in a row."""
    found: list[str] = []
    for part in seen(bounded(text, limit), keep="\n").split("\n"):
        words = " ".join(part.split())
        if words or (found and found[-1]):
            found.append(words)
    return cut("\n".join(found).strip(), limit)


def bounded(text: str | None, limit: int) -> str:
    """Enough of a text to fill `limit` characters; a megabyte of subject is not worth walking through."""
    return (text or "")[: 8 * limit]


def cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def seen(text: str, keep: str = "") -> str:
    """Only what has a shape of its own: blanks for controls and separators, but those in `keep`."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    shown: list[str] = []
    marks = 0
    for char in text:
        kind = unicodedata.category(char)
        if char in keep:
            shown.append(char)
        elif kind in ("Cc", "Zl", "Zp", "Zs"):
            shown.append(" ")
        elif kind[0] == "C":  # formats, bidi overrides, tags, private use, lone surrogates: nothing to see
            continue
        elif kind[0] == "M":
            marks += 1
            if marks <= _MARKS:
                shown.append(char)
            continue
        else:
            shown.append(char)
        marks = 0
    return "".join(shown)
