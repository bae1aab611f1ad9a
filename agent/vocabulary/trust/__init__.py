"""Two things that a buyer's own words may tell of: feedback used as a threat, and a deal outside eBay.

One YAML file per language; `phrases/` of a seller does not reach here. A sentence counts by what stands together in it,
not by its wording: below-positive feedback, a condition and a demand are a threat; a way outside eBay and the wish to
use it are an offer. Words under `but` take a sentence back. A `*` at a word's end stands for any ending, `…` for up to
two words.

Below-positive feedback is told in four ways: whole phrases (`feedback`); a `bad` word beside one for a `rating`; to
`rate` badly; to `give` a `verdict` such as a single star; or to `harm` a rating. A condition is a word of its own
(`condition`), or lies in the order: a demand, `or`, the feedback; `without` a demand, the feedback.

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


@dataclass(frozen=True, slots=True)
class _Words:
    """The patterns of one language."""

    feedback: re.Pattern[str]
    condition: re.Pattern[str]
    demand: re.Pattern[str]
    alternative: re.Pattern[str]
    denied: re.Pattern[str]
    """A demand that is not met."""
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
        said = words.feedback.search(sentence)
        if said is None or words.feedback_but.search(sentence):
            continue
        near = sentences[max(at - 1, 0) : at + 2]
        if words.condition.search(sentence) and any(words.demand.search(one) for one in near):
            return True
        before, last = sentence[: said.start()], sentences[at - 1] if at else ""
        if words.denied.search(before) or (last.endswith("?") and words.denied.match(last)):
            return True
        if _is_other_way(words, before) or (words.alternative.match(before) and words.demand.search(last)):
            return True
    return False


def _is_other_way(words: _Words, before: str) -> bool:
    """Whether what stands before the feedback is a demand, and then "or"."""
    demand = words.demand.search(before)
    return demand is not None and words.alternative.search(before, demand.end()) is not None


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
    """The patterns of a file; raises KeyError for a key that is missing."""
    said = {name: _alternatives(phrases) for name, phrases in data.items() if name != "bad_follows"}
    rating, bad, rate = said["rating"], said["bad"], said["rate"]
    beside = [(bad, 1, rating), (rate, 2, bad), (bad, 1, rate), (said["give"], 2, said["verdict"])]
    beside += [(said["verdict"], 1, said["give"]), (said["harm"], 2, rating), (rating, 2, said["harm"])]
    if data.get("bad_follows"):  # as in the Romance languages
        beside.append((rating, 1, bad))
    return _Words(
        feedback=_whole(said["feedback"], *(_near(*pair) for pair in beside)),
        condition=_whole(said["condition"]),
        demand=_whole(said["demand"]),
        alternative=_whole(said["or"]),
        denied=_whole(_near(said["without"], 1, said["demand"])),
        **{name: _whole(said[name]) for name in ("feedback_but", "outside", "channel", "wish", "outside_but")},
    )


def _alternatives(phrases: list[str]) -> str:
    """Any of the phrases, the longest first."""
    plain = (re.escape(_plain(str(phrase))) for phrase in phrases)
    open_ended = (one.replace(r"\*", r"\w*").replace(r"\ …\ ", _gap(2)) for one in plain)
    return "(?:" + "|".join(sorted(open_ended, key=len, reverse=True)) + ")"


def _near(left: str, words: int, right: str) -> str:
    """One and then the other, with up to so many words between them."""
    return f"(?:{left}{_gap(words)}{right})"


def _gap(words: int) -> str:
    return rf"\W{{1,4}}(?:\w+\W{{1,4}}){{0,{words}}}"


def _whole(*alternatives: str) -> re.Pattern[str]:
    """As whole words."""
    return re.compile(r"(?<!\w)(?:" + "|".join(alternatives) + r")(?!\w)")
