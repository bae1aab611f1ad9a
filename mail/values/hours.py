"""Spans of hours as mails print them: "between 4pm and 6pm", "zwischen 10 und 12 Uhr"."""

from __future__ import annotations

import re
from datetime import time

from agent.vocabulary.languages import fold

# "10.00" is a clock, "15.11" may be a date: minutes that are no month.
_HOUR = r"(\d{1,2})(?:(?:\s?[:h]\s?|\.(?=00|1[3-9]|[2-5]\d))(\d{2}))?\s*(a\.?m\b\.?|p\.?m\b\.?|h\b|uhr\b|noon\b)?"
_HOURS = re.compile(
    rf"(?<![\d.,/:-]){_HOUR}\s*(?:[-–—~]|to|and|until|bis|und|et|a|e|y|til|till|do|en|och|og|tot)\s*(?:(?:las|le|les|kl\.?)\s)?{_HOUR}(?![\d/:]|\.\d)"
)


def find_hours(text: str) -> tuple[time, time] | None:
    """The first span of hours in a text: "3:15 PM - 5:15 PM", "between 4pm and 6pm", "zwischen 10 und 12 Uhr"."""
    for match in _HOURS.finditer(fold(text)[:500]):
        left, right = _hour(match[1], match[2], match[3] or match[6]), _hour(match[4], match[5], match[6])
        printed = match[5] is not None or match[6] is not None  # "15-18" may be anything
        if left is None or right is None or not printed:
            continue
        if left > right and match[3] is None:  # "11 - 1 pm"
            left = time(left.hour % 12, left.minute)
        if left < right:
            return left, right
    return None


def _hour(hour: str, minute: str | None, half: str | None) -> time | None:
    number, suffix = int(hour), half or ""
    if suffix.startswith(("a", "p")) and "m" in suffix:
        if number > 12:
            return None
        number = number % 12 + (12 if suffix.startswith("p") else 0)
    return time(number, int(minute or 0)) if number < 24 and int(minute or 0) < 60 else None


def is_only_hours(line: str) -> bool:
    """A line of hours and little else."""
    folded = fold(line)
    match = _HOURS.search(folded)
    return match is not None and len(folded) - (match.end() - match.start()) <= 24
