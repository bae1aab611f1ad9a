"""Wording as data: one YAML file per language beside this module; `phrases/<language>.yaml` of a seller adds to it.

Words about where a parcel is stand apart, in `agent.vocabulary.wording`.

A file has these keys, each optional:

* `labels`: label id → the phrases that stand before its value ("Order number", "Order:");
* `intents`: intent id → phrases, any of which shows the intent; matched on folded text (`fold`);
* `stopwords`: frequent short words, for telling the language of a text;
* `months`: month names, January first, each a list of its spellings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from agent.vocabulary.data import data_files

_BLANKS = re.compile(r"\s+")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\u034f\u00ad\ufeff]")  # padding of preheaders, soft hyphens

_REMEMBERED = 300  # characters of a text that is worth remembering


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """The wording of one language, folded where it is matched."""

    id: str
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    intents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stopwords: frozenset[str] = frozenset()
    months: tuple[tuple[str, ...], ...] = ()


def fold(text: str) -> str:
    """Text for comparing: compatibility forms, no accents, lower case, one blank between words, straight quotes."""
    if text.isascii():
        return " ".join(text.split()).lower()
    return _folded_again(text) if len(text) <= _REMEMBERED else _folded(text)


def _folded(text: str) -> str:
    visible = _INVISIBLE.sub("", text).replace("’", "'").replace("ß", "ss")
    plain = unicodedata.normalize("NFKD", visible)
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return _BLANKS.sub(" ", plain).strip().casefold()


_folded_again = lru_cache(maxsize=4096)(_folded)  # templates repeat their lines


@cache
def languages() -> Mapping[str, Language]:
    """Every language by its ISO 639-1 id; a seller's own phrases add to the shipped ones."""
    raw: dict[str, dict[str, Any]] = {}
    for name, data in data_files(__package__, "phrases"):
        _add(raw.setdefault(name, {}), data or {})
    return {name: from_mapping(name, data) for name, data in raw.items()}


def _add(into: dict[str, Any], more: Mapping[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(value, Mapping):
            kept = into.setdefault(key, {})
            for name, phrases in value.items():
                kept[name] = [*kept.get(name, []), *phrases]
        elif key == "months":
            into.setdefault(key, value)
        else:
            into[key] = [*into.get(key, []), *value]


def from_mapping(name: str, data: Mapping[str, Any]) -> Language:
    """A language of its YAML mapping; raises TypeError, ValueError or AttributeError where a shape is wrong."""

    def phrases(key: str) -> dict[str, tuple[str, ...]]:
        return {k: tuple(fold(str(p)) for p in v) for k, v in data.get(key, {}).items()}

    return Language(
        id=name,
        labels=phrases("labels"),
        intents=phrases("intents"),
        stopwords=frozenset(fold(str(w)) for w in data.get("stopwords", ())),
        months=tuple(tuple(fold(str(s)) for s in month) for month in data.get("months", ())),
    )
