"""The language of a short text, where its words show it: frequent words, each worth the more the fewer share it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources

from agent.vocabulary.data import parse_yaml
from agent.vocabulary.languages import fold, languages

_ENOUGH = 1.6
"""Worth of the words found: two that hardly any other language has."""
_AHEAD = 1.3
"""How far the best must be ahead of the next, as a ratio."""
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_LONGEST = 5000


def shown_language(text: str) -> str | None:
    """ISO 639-1 of the language whose frequent words and letters stand out in a text, or None."""
    folded, scores = fold(text[:_LONGEST]), dict.fromkeys(_words(), 0.0)
    for word in dict.fromkeys(_WORD.findall(folded)):
        for part in dict.fromkeys((word, *word.split("'"))):
            owners = _owners().get(part, ())
            for name in owners:
                scores[name] += 1 / len(owners)
    for letter, name in _letters().items():
        if letter in text[:_LONGEST].lower():
            scores[name] += 1
    (best, name), (second, _) = sorted(((score, name) for name, score in scores.items()), reverse=True)[:2]
    return name if best >= _ENOUGH and best >= _AHEAD * second else None


@cache
def _owners() -> Mapping[str, tuple[str, ...]]:
    """Frequent word → the languages that have it."""
    found: dict[str, list[str]] = {}
    for name, words in _words().items():
        for word in words:
            found.setdefault(word, []).append(name)
    return {word: tuple(names) for word, names in found.items()}


@cache
def _words() -> Mapping[str, frozenset[str]]:
    """Frequent words: those that the readers know, and more of the languages that buyers write in."""
    more = _data()["words"]
    return {
        name: known.stopwords | {fold(word) for word in str(more.get(name, "")).split()}
        for name, known in languages().items()
    }


@cache
def _letters() -> Mapping[str, str]:
    """A letter that, of the languages weighed here, one alone writes."""
    return {letter: name for name, letters in _data()["letters"].items() for letter in str(letters).split()}


@cache
def _data() -> Mapping[str, Mapping[str, str]]:
    text = resources.files("agent.replies").joinpath("shown_language.yaml").read_text(encoding="utf-8")
    data: Mapping[str, Mapping[str, str]] = parse_yaml(text)
    return data
