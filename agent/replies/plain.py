"""Strangers' words made fit to stand in one line of plain text."""

from __future__ import annotations

import re
import unicodedata

_BLANKS = re.compile(r"\s+")
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # controls, bidi overrides, zero width, unassigned


def one_line(text: str, most: int = 120) -> str:
    """The text on one line, without control or invisible characters, cut at a word where it is longer than `most`."""
    spaced = _BLANKS.sub(" ", text)
    visible = "".join(char for char in spaced if unicodedata.category(char) not in _DROPPED)
    line = _BLANKS.sub(" ", visible).strip()
    if len(line) <= most:
        return line
    cut = line[: most - 1]
    head = cut.rpartition(" ")[0]
    return (head if len(head) > most // 2 else cut).rstrip(" ,;:-–") + "…"
