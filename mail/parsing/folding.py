"""One line of text as a reader sees it."""

from __future__ import annotations

import re

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\u3164\ufeff\uffa0]"
)


def fold_line(text: str) -> str:
    """One line of text: padding that nobody sees removed, blanks folded."""
    return " ".join((text if text.isascii() else _INVISIBLE.sub("", text)).split())
