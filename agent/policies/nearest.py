"""The word that a misspelt one was probably meant to be."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from rapidfuzz import fuzz, process

_CLOSE = 60  # below this a suggestion puzzles more than it helps
_FEW = 12


def nearest(word: object, known: Iterable[str]) -> str | None:
    """The known word closest to a wrong one, or None where nothing is close."""
    names, wrong = sorted(known), str(word)
    found = process.extractOne(wrong, names, scorer=fuzz.ratio, score_cutoff=_CLOSE)
    if found is None and len(wrong) >= 4:  # `stalled` is far from `stalled_in_transit`, and yet a part of it
        found = process.extractOne(wrong, names, scorer=fuzz.partial_ratio, score_cutoff=90)
    return found[0] if found else None


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """`did you mean "mode"?`, or an empty text."""
    close = nearest(word, known)
    return f'did you mean "{close}"?' if close else ""


def hint(word: object, known: Collection[str]) -> str:
    """What to write instead of a wrong word: the closest, or the first few of the known ones."""
    names = list(known)
    few = ", ".join(names[:_FEW]) + (" …" if len(names) > _FEW else "")
    return did_you_mean(word, names) or (f"one of {few}" if names else "")
