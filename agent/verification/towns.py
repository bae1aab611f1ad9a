"""Whether two towns are one, though they are spelled differently.

Absent beats wrong: towns have several spellings and carriers print their hubs' names, so a town that is only unlike
tells nothing; it differs where no word of either begins with the same letter.
"""

from __future__ import annotations

import re

from agent.verification.words import countries, spellings, words
from agent.vocabulary.languages import fold


def same_town(one: str | None, other: str | None) -> bool:
    """`MUNCHEN`, `Muenchen` and `Munich`; `St. Ives` and `Saint Ives`; `Frankfurt` and `Frankfurt am Main`."""
    return not _names(one).isdisjoint(_names(other))


def towns_differ(one: str | None, *others: str | None) -> bool:
    """Whether a town surely is none of the others; a country's name is no town."""
    found, named = _initials(one or ""), _initials(" ".join(other for other in others if other))
    if not (found and named) or found & named or any(same_town(one, other) for other in others):
        return False
    return fold(one or "") not in countries()


def _names(town: str | None) -> frozenset[str]:
    """Every name that a town may be compared by; a name without its river is one only to who leaves it out."""
    found: set[str] = set()
    for spelled in spellings(town):
        whole = [words().town.get(word, word) for word in spelled]
        link = next((at for at, word in enumerate(whole) if at and word in words().town_links), None)
        for name in (whole, whole[:link] if link else whole):
            plain = " ".join(name)
            known = words().towns.get(plain)
            found |= {plain.replace(" ", "")} if known is None else {f"#{known}"}
    return frozenset(found - {""})


def _initials(text: str) -> set[str]:
    """First letters of the words, of Latin script alone: no other can be compared."""
    found = re.findall(r"[^\W\d_]{2,}", fold(text[:200]))
    return {word[0] for word in found} if all(word[0] < "\u0250" for word in found) else set()
