"""Full stops that end no sentence: after an abbreviation ("Fam. Keller"), and in a day ("27. November")."""

from __future__ import annotations

import re
from functools import cache

from agent.vocabulary.languages import fold, languages

_ABBREVIATION = re.compile(
    r"(?<!\w)(?:fam|hr|fr|dr|prof|str|nr|mr|mrs|ms|sr|sra|srta|sig|dott|mme|mlle|dhr|mevr|ul|tel|approx|bzw|inkl|zzgl|ca|[^\W\d])\.$",
    re.IGNORECASE,
)
_DAY = re.compile(r"(?<!\d)\d{1,2}\.$")
_NEXT = re.compile(r"\s*(\w+)")
_NEAR = 12  # characters before a stop that tell what it belongs to


def goes_on(before: str, after: str) -> bool:
    """Whether a sentence goes on after the full stop at the end of `before`."""
    tail = before[-_NEAR:]
    if _ABBREVIATION.search(tail):
        return True
    word = _NEXT.match(after[:40])
    return word is not None and _DAY.search(tail) is not None and fold(word[1]) in _months()


@cache
def _months() -> frozenset[str]:
    return frozenset(name for language in languages().values() for names in language.months for name in names)
