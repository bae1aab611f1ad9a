"""Answers without a history: refused, unknown number, or a page that nobody understands."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from agent.vocabulary.languages import fold
from scrapers.document import Document
from scrapers.labels import data

MOST_LINES = 2000
LONGEST = 3000
"""Challenge pages are short; of a longer page only its title and beginning count."""


def refusal(document: Document) -> str | None:
    """Why a page is a challenge or a refusal, or None. Ask only of pages without a history."""
    seen, source = fold(document.visible), document.text.lower()
    for reason, marks in _blocked().items():
        if reason == "captcha":
            continue
        if any(phrase in (seen if len(seen) < LONGEST else seen[:300]) for phrase in marks["text"]):
            return reason
        if any(mark in source for mark in marks["script"]) and len(seen) < 1500:
            return reason
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
    for line in document.visible.split("\n")[:MOST_LINES]:
        folded = fold(line)
        if len(folded) > 600:
            continue
        if any(phrase in folded for phrase in data("answers")["not_found_always"]):
            return line.strip()[:200]
        phrase = next((p for p in _not_found() if p in folded), None)
        if phrase and not any(unless in folded for unless in data("answers")["not_found_unless"]):
            return line.strip()[:200]
    return None


def wants_postcode(document: Document) -> bool:
    """Whether the page asks for the recipient's postcode before it tells anything."""
    seen = fold(document.visible)
    return any(phrase in seen for phrase in data("answers")["needs_postcode"])


@cache
def _blocked() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    raw = data("answers")["blocked"]
    return {
        reason: {"text": tuple(fold(p) for p in marks["text"]), "script": tuple(m.lower() for m in marks["script"])}
        for reason, marks in raw.items()
    }


@cache
def _not_found() -> tuple[str, ...]:
    return tuple(fold(str(phrase)) for phrase in data("answers")["not_found"])


def _code(answer: Any) -> str | None:
    codes = {(str(key), str(value)) for key, value in data("answers")["not_found_codes"]}
    pending: list[Any] = [answer]
    seen = 0
    while pending and seen < 5000:
        item = pending.pop()
        seen += 1
        if isinstance(item, dict):
            for key, value in item.items():
                if isinstance(value, str | int) and (fold(str(key)), fold(str(value)).replace(" ", "_")) in codes:
                    return f"{key}: {value}"
                if isinstance(value, dict | list):
                    pending.append(value)
        elif isinstance(item, list):
            pending.extend(item)
    return None
