"""What a buyer's own words ask for, and in which language."""

from __future__ import annotations

import re

from agent.vocabulary.events import Intent
from agent.vocabulary.languages import fold, languages
from mail.intents import denied, patterns, says

# Which wish counts where a message shows several: the one that a seller must act on first.
_WISHES: tuple[Intent, ...] = ("cancel", "change_address", "damaged", "return", "not_received", "where_is_it")
_NEGATABLE = frozenset({"cancel", "change_address", "damaged", "return"})


def language_of(text: str) -> str | None:
    """The language of a text by its frequent words, or None where they do not tell."""
    words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", fold(text))
    scores = {lang.id: sum(word in lang.stopwords for word in words) for lang in languages().values()}
    ranked = sorted(scores.items(), key=lambda pair: -pair[1])
    if not ranked or not ranked[0][1]:
        return None
    if len(ranked) > 1 and ranked[0][1] == ranked[1][1]:
        return None
    return ranked[0][0]


def buyer_intent(text: str, language: str | None = None) -> Intent:
    """What a buyer's message asks for. Without a language every one is tried."""
    folded = fold(text)
    shown = {wish for wish in _WISHES if _wishes(wish, folded, language)}
    if "not_received" in shown and _says_in("buyer.refund_missing", folded, language):
        return "return"
    if "return" in shown and not shown.isdisjoint({"not_received", "where_is_it"}) and "damaged" not in shown:
        shown.discard("return")  # "I want my money back, it never came" is about the parcel
    if {"not_received", "where_is_it"} <= shown and not _says_in("buyer.delivered_claim", folded, language):
        shown.discard("not_received" if "?" in folded else "where_is_it")
    for wish in _WISHES:
        if wish in shown:
            return wish
    if _says_in("buyer.thanks", folded, language) and "?" not in folded:
        return "thanks"
    return "question" if _says_in("buyer.question", folded, language) else "other"


def _says_in(intent: str, folded: str, language: str | None) -> bool:
    return any(p.search(folded) for lang, p in patterns(intent) if language is None or lang == language)


def _wishes(wish: Intent, folded: str, language: str | None) -> bool:
    """Whether a wish is shown at least once without a word before it that denies it."""
    for lang, pattern in patterns(f"buyer.{wish}"):
        if language is not None and lang != language:
            continue
        for match in pattern.finditer(folded):
            if wish == "damaged" and _asked(folded, match):
                continue
            if wish not in _NEGATABLE or not denied(folded, match, lang):
                return True
    return False


def _asked(folded: str, match: re.Match[str]) -> bool:
    """Whether the words stand in a question of the kind "is it damaged?", which reports nothing."""
    before = re.split(r"[.!?\n]\s*", folded[: match.start()])[-1]
    after = re.search(r"[.!?\n]", folded[match.end() :])
    asked = after is not None and after.group() == "?"
    return asked and says("buyer.asks", before) and not says("buyer.reports", before)
