"""Two things that a buyer's own words may tell of: feedback used as a threat, and a deal outside eBay.

One YAML file per language; `phrases/` of a seller does not reach here. A sentence counts by what stands together in it,
not by its wording: below-positive feedback, a condition and a demand are a threat; a way outside eBay and the wish to
use it are an offer. Words under `but` take a sentence back. A `*` at a word's end stands for any ending.

Sources: eBay's feedback extortion policy, and its rules for what members may write each other (contact data, payment
and deals outside eBay); the words themselves are general knowledge of the languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from agent.vocabulary.data import data_files
from agent.vocabulary.languages import fold

_LONGEST = 4000
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class _Words:
    """The patterns of one language."""

    feedback: re.Pattern[str]
    condition: re.Pattern[str]
    demand: re.Pattern[str]
    feedback_but: re.Pattern[str]
    outside: re.Pattern[str]
    channel: re.Pattern[str]
    wish: re.Pattern[str]
    outside_but: re.Pattern[str]


@lru_cache(maxsize=1024)
def threatens_feedback(text: str) -> bool:
    """Whether a message makes feedback below positive depend on money or goods."""
    return any(_threatens(words, sentences) for words, sentences in _readings(text))


@lru_cache(maxsize=1024)
def leads_outside(text: str) -> bool:
    """Whether a message asks to pay, deal or talk outside eBay."""
    return any(_leads(words, sentence) for words, sentences in _readings(text) for sentence in sentences)


def _threatens(words: _Words, sentences: tuple[str, ...]) -> bool:
    """The demand may stand in the sentence before or after: "Refund me. Otherwise I leave negative feedback."."""
    for at, sentence in enumerate(sentences):
        near = sentences[max(at - 1, 0) : at + 2]
        if (
            words.feedback.search(sentence)
            and words.condition.search(sentence)
            and not words.feedback_but.search(sentence)
            and any(words.demand.search(one) for one in near)
        ):
            return True
    return False


def _leads(words: _Words, sentence: str) -> bool:
    if words.outside_but.search(sentence):
        return False
    both = words.channel.search(sentence) and words.wish.search(sentence)
    return bool(both or words.outside.search(sentence))


def _readings(text: str) -> Iterator[tuple[_Words, tuple[str, ...]]]:
    """The sentences of a text, to be read in every language: which one it is in may be told wrongly."""
    sentences = tuple(folded for part in _SENTENCE.split(text[:_LONGEST]) if (folded := _plain(part)))
    for words in _languages():
        yield words, sentences


def _plain(text: str) -> str:
    """Folded, and the Polish ł, which is no accented letter, as people without it type it."""
    return fold(text).replace("ł", "l")


@cache
def _languages() -> tuple[_Words, ...]:
    return tuple(from_mapping(data) for _, data in data_files(__package__))


def from_mapping(data: Mapping[str, Any]) -> _Words:
    """The patterns of a file; raises TypeError for a key that is none of them."""
    return _Words(**dict.fromkeys(_Words.__slots__, _NOTHING) | {name: _pattern(data[name]) for name in data})


def _pattern(phrases: list[str]) -> re.Pattern[str]:
    alternatives = (re.escape(_plain(str(phrase))).replace(r"\*", r"\w*") for phrase in phrases)
    return re.compile(r"(?<!\w)(?:" + "|".join(sorted(alternatives, key=len, reverse=True)) + r")(?!\w)")
