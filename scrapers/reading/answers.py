"""Answers without a history: refused, unknown number, or a page that nobody understands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from agent.vocabulary.languages import fold
from scrapers.reading.document import Document, squeeze
from scrapers.reading.labels import data
from scrapers.reading.pieces import texts_of

MOST_LINES = 2000
LONGEST = 3000
"""Challenge pages are short; of a longer page only its title and beginning count."""


_NUMBERS = re.compile(r"(?<![\w])(?=[a-z0-9-]*\d{3})[a-z0-9][a-z0-9-]{6,40}(?![\w])")
_KEY = re.compile(r"(?:code|error|exception|type|status|reason|result|state|title)$", re.IGNORECASE)
_THING = "(?:tracking|shipment|parcel|package|barcode|waybill|consignment|item|awb|pin|label|mailpiece|order)"
_CODE = re.compile(
    rf"{_THING}[a-z]{{0,20}}(?:unknown|not(?:exists?|found|existing)|doesnotexist|invalid)|no{_THING}[a-z]{{0,10}}found"
    rf"|not?found(?:exception|error)|(?:unknown|invalid|nosuch){_THING}[a-z]{{0,10}}"
)
"""How programs spell that they know no such parcel, in whatever field."""
_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"[^.!?。]+[.!?。]?")


def refusal(document: Document) -> str | None:
    """Why a page is a challenge or a refusal, or None. Ask only of pages without a history."""
    seen, source = _folded(document.visible), document.text.lower()
    for reason, marks in data("answers")["blocked"].items():
        if reason == "captcha":
            continue
        if _any(marks["text"], seen if len(seen) < LONGEST else seen[:300]):
            return str(reason)
        if any(mark in source for mark in marks["script"]) and len(seen) < 1500:
            return str(reason)
    return None


def captcha(document: Document) -> str | None:
    """A page that asks for a CAPTCHA somewhere; weaker than `refusal`."""
    return "captcha" if "captcha" in fold(document.visible) and len(document.visible) < 1500 else None


def not_found(document: Document, carrier: str | None = None) -> str | None:
    """The words or code by which a carrier says that it knows no such number, or None."""
    if document.soup is not None and carrier in data("answers")["not_found_not_believed"]:
        return None
    if document.data is not None:
        code = _code(document.data)
        if code:
            return code
    lines = document.visible.split("\n") if document.soup is None else [p.text for p in texts_of(document.soup)]
    for line in dict.fromkeys(lines[:MOST_LINES]):
        folded = _folded(line)
        if len(folded) > 600:
            continue
        if any(phrase in folded for phrase in data("answers")["not_found_always"]):
            return line.strip()[:200]
        if not _says("not_found", folded) or _says("not_found_unless", folded):
            continue
        if any(_says("not_found", sentence) for sentence in _stated(folded)):
            return line.strip()[:200]
    return None


def wants_postcode(document: Document) -> bool:
    """Whether the page asks for the recipient's postcode before it tells anything."""
    seen = fold(document.visible)
    return any(phrase in seen for phrase in data("answers")["needs_postcode"])


def _folded(text: str) -> str:
    """The text as the phrases are compared: a number in the middle of a sentence does not part it."""
    return squeeze(_NUMBERS.sub(" ", fold(text.replace("’", "'"))))


def _stated(line: str) -> list[str]:
    """The sentences of a line that state something: questions and suppositions left out."""
    supposed = tuple(f"{word} " for word in data("answers")["not_found_supposed"])
    sentences = [sentence.strip() for sentence in _SENTENCE.findall(line)]
    return [s for s in sentences if not s.endswith("?") and not s.startswith(supposed)]


def _any(phrases: Iterable[str], text: str) -> bool:
    return any(_pattern(str(phrase)).search(text) for phrase in phrases)


def _says(kind: str, text: str) -> bool:
    """Whether a line holds one of these phrases. Of most lines no phrase has the first word, which is soon seen."""
    by_word, others = _by_first_word(kind)
    words = by_word.keys() & set(_WORD.findall(text))
    return _any(others, text) or any(_any(by_word[word], text) for word in words)


@cache
def _by_first_word(kind: str) -> tuple[Mapping[str, list[str]], list[str]]:
    """The phrases by the whole word that they begin with, and those that may begin within a word."""
    by_word: dict[str, list[str]] = {}
    others: list[str] = []
    for phrase in map(str, data("answers")[kind]):
        first, _, more = fold(phrase).partition(" ")
        begins = [_WORD.match(choice) for choice in first.split("|")]
        if more and first.isascii() and all(begins):
            for word in {begin[0] for begin in begins if begin}:
                by_word.setdefault(word, []).append(phrase)
        else:
            others.append(phrase)
    return by_word, others


@cache
def _pattern(phrase: str) -> re.Pattern[str]:
    folded = fold(phrase)
    words = folded.split(" ")
    pattern = r"(?<!\w)" if folded[:1].isascii() and folded[:1].isalnum() else ""
    for place, word in enumerate(words):
        if word == "*":
            continue
        if place:
            pattern += r"(?:\W+\w+){0,6}?\W+" if words[place - 1] == "*" else r"\s+"
        choices = word.split("|") if len(word) > 1 else [word]
        pattern += f"(?:{'|'.join(re.escape(choice).replace(chr(92) + '-', '[- ]') for choice in choices)})"
    return re.compile(pattern)


def _code(answer: Any) -> str | None:
    codes = {(str(key), _bare(str(value))) for key, value in data("answers")["not_found_codes"]}
    pending: list[Any] = [answer]
    seen = 0
    while pending and seen < 5000:
        item = pending.pop()
        seen += 1
        if isinstance(item, dict):
            for key, value in item.items():
                if isinstance(value, str | int) and (_bare(str(key)), _bare(str(value))) in codes:
                    return f"{key}: {value}"
                if isinstance(value, str) and _KEY.search(str(key)) and _CODE.fullmatch(_bare(value)):
                    return f"{key}: {value}"
                if isinstance(value, dict | list):
                    pending.append(value)
        elif isinstance(item, list):
            pending.extend(item)
    return None


def _bare(code: str) -> str:
    return re.sub(r"(?<=\w)[\s_-]+", "", fold(code))
