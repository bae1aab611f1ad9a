"""Days as a buyer reads them: in full words, in the buyer's language."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from agent.vocabulary.values import Moment

_LOCALES = {"en": "en_GB"}  # "24 November 2026" cannot be misread on either side of the Atlantic
_WITH_WEEKDAY = frozenset({"it"})
"""Where an article would have to agree with the number (il 7, l'8): with its weekday a day needs none."""


def day(moment: Moment, language: str) -> str:
    """A date in full words: "24 November 2026", "November 24, 2026", "24. November 2026", "1er mars 2027"."""
    plain = moment.date() if isinstance(moment, datetime) else moment
    locale = _locale(language)
    told: str = format_date(plain, format="full" if locale.language in _WITH_WEEKDAY else "long", locale=locale)
    # French says the first of a month as an ordinal, which the locale data do not know.
    return f"1er{told[1:]}" if locale.language == "fr" and plain.day == 1 else told


@cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(_LOCALES.get(language, language.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")
