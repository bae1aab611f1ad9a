"""Languages and their regional forms: `en-US` falls back to `en`, and every language to English."""

from __future__ import annotations

FALLBACK = "en"
AMERICAN = "en-US"
BRITISH = "en-GB"


def base(language: str) -> str:
    """The language of a regional form: `en` of `en-US`."""
    return language.partition("-")[0]


def fallbacks(language: str) -> tuple[str, ...]:
    """In what to look for a text, best first: the regional form, its language, English."""
    return tuple(dict.fromkeys((language, base(language), FALLBACK)))
