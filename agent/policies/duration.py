"""Spans of time as sellers write them: `30m`, `72h`, `5d`, `1d12h`."""

from __future__ import annotations

import re
from datetime import timedelta

_PART = re.compile(r"(\d{1,6})\s*([smhdw])\s*")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def duration(written: object) -> timedelta:
    """The span that a text such as `72h` names; raises ValueError saying how to write one."""
    if isinstance(written, timedelta):
        return written
    if isinstance(written, str):
        text = written.strip().lower()
        parts = _PART.findall(text)
        if parts and _PART.sub("", text) == "":
            span = timedelta()
            for number, unit in parts:
                span += timedelta(**{_UNITS[unit]: int(number)})
            return span
    raise ValueError(f'bad duration "{written}": write a number and s, m, h, d or w, such as 30m, 72h or 5d')


def written(span: timedelta) -> str:
    """A span in the same notation: `3d`, `1d12h`."""
    seconds = int(span.total_seconds())
    parts: list[str] = []
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"
