"""The peer of `bench.intents`: a wish is shown by a phrase of a list, unless a word before it denies it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from agent.vocabulary.data import parse_yaml
from agent.vocabulary.events import Intent
from agent.vocabulary.languages import fold
from mail.phrases import denied

_PHRASES = Path(__file__).parent / "wishes" / "phrases.yaml"
_WISHES: tuple[Intent, ...] = ("cancel", "change_address", "damaged", "return", "not_received", "where_is_it")
_NEGATABLE = frozenset({"cancel", "change_address", "damaged", "return"})


def intent_by_phrases(text: str) -> Intent:
    """What a message asks for by the first phrase list that it shows."""
    folded = fold(text)
    shown = {wish for wish in _WISHES if _wishes(wish, folded)}
    if "not_received" in shown and _says("refund_missing", folded):
        return "return"
    if "return" in shown and not shown.isdisjoint({"not_received", "where_is_it"}) and "damaged" not in shown:
        shown.discard("return")
    if {"not_received", "where_is_it"} <= shown and not _says("delivered_claim", folded):
        shown.discard("not_received" if "?" in folded else "where_is_it")
    for wish in _WISHES:
        if wish in shown:
            return wish
    if _says("thanks", folded) and "?" not in folded:
        return "thanks"
    return "question" if _says("question", folded) else "other"


@cache
def _patterns(key: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    lists = parse_yaml(_PHRASES.read_text(encoding="utf-8"))
    return tuple((lang, _pattern(keys[key])) for lang, keys in lists.items() if key in keys)


def _pattern(phrases: list[str]) -> re.Pattern[str]:
    def one(phrase: str) -> str:
        body = r"(?:(?!\. )[^!?\n]){0,80}?".join(re.escape(part) for part in phrase.split("*"))
        start = r"(?<!\w)" if phrase[:1].isalnum() else ""
        return start + body + (r"(?!\w)" if phrase[-1:].isalnum() else "")

    return re.compile("|".join(one(fold(phrase)) for phrase in sorted(phrases, key=len, reverse=True)))


def _says(key: str, folded: str) -> bool:
    return any(pattern.search(folded) for _, pattern in _patterns(key))


def _wishes(wish: Intent, folded: str) -> bool:
    return any(_meant(wish, folded, match, lang) for lang, match in _found(wish, folded))


def _found(wish: Intent, folded: str) -> Iterator[tuple[str, re.Match[str]]]:
    for lang, pattern in _patterns(wish):
        for match in pattern.finditer(folded):
            yield lang, match


def _meant(wish: Intent, folded: str, match: re.Match[str], lang: str) -> bool:
    if wish == "damaged" and _asked(folded, match):
        return False
    return wish not in _NEGATABLE or not denied(folded, match, lang)


def _asked(folded: str, match: re.Match[str]) -> bool:
    """Whether the words stand in a question of the kind "is it damaged?", which reports nothing."""
    before = re.split(r"[.!?\n]\s*", folded[: match.start()])[-1]
    after = re.search(r"[.!?\n]", folded[match.end() :])
    asked = after is not None and after.group() == "?"
    return asked and _says("asks", before) and not _says("reports", before)
