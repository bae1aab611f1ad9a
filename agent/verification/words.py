"""The words of addresses as data: how streets are shortened, towns and countries called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from babel import Locale

from agent.vocabulary.data import data_files
from agent.vocabulary.languages import fold

_LANGUAGES = ("en", "de", "fr", "it", "es", "nl", "pl")
_AMBIGUOUS = frozenset({"georgia"})
"""Names of countries that are the names of states or towns as often."""
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae", "ß": "ss"})
_WORD = re.compile(r"[^\W_]+")
_PARENTHESIS = re.compile(r"\([^()]{0,60}\)")
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Words:
    street: Mapping[str, str]
    street_endings: Mapping[str, str]
    town: Mapping[str, str]
    town_links: frozenset[str]
    towns: Mapping[str, int]


@cache
def words() -> Words:
    """The data file as lookups, folded as what is looked up."""
    data = _data()
    return Words(
        street=_inverse(data["street_words"]),
        street_endings=data["street_endings"],
        town=_inverse(data["town_words"]),
        town_links=frozenset(data["town_links"]),
        towns={name: at for at, names in enumerate(data["towns"]) for name in names},
    )


def plain_words(text: str | None) -> list[str]:
    """The words of a line, folded, without what stands in parentheses; a line longer than any address is cut."""
    return _WORD.findall(fold(_PARENTHESIS.sub(" ", (text or "")[:_LONGEST])))


def spellings(text: str | None) -> tuple[list[str], ...]:
    """The words of a name as accents are dropped, and as they are written out (`Köln`: `koln`, `koeln`)."""
    written_out = (text or "")[:_LONGEST].casefold().translate(_GERMAN)
    found = (plain_words(text), plain_words(written_out))
    return found if found[0] != found[1] else found[:1]


def country_code(name: str | None) -> str | None:
    """The ISO 3166 alpha-2 code of a code or a country's name in seven languages, or None."""
    text = (name or "").strip()
    if len(text) == 2 and text.isascii() and text.isalpha():
        return {"UK": "GB"}.get(text.upper(), text.upper())
    return countries().get(fold(text)) if text else None


def country_name(code: str) -> str:
    """What a country is called in English; the code itself where it is none."""
    return Locale("en").territories.get(code) or code


@cache
def countries() -> Mapping[str, str]:
    """Countries' names, folded, in several languages → their codes."""
    found = {fold(name): code for code, names in _data()["countries"].items() for name in names}
    for language in _LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha() and fold(name) not in _AMBIGUOUS:
                found.setdefault(fold(name), code)
    return found


def _inverse(groups: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {short: word for word, shorts in groups.items() for short in shorts}


@cache
def _data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = next(data for name, data in data_files(__package__) if name == "words")
    return data
