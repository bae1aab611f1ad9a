"""What ends a matter for the buyer, the goods or the money: read from plain words, else not known.

One YAML file per language; `phrases/` of a seller does not reach here. A clause counts by what stands together in it: a
wish and behind it the money or the goods, or a phrase that says both. A denial before the words, or a condition in the
sentence, takes them back; whoever names both has not chosen. `*` at a word's end stands for any ending, `*` alone for
up to three words.

Sources: eBay asks the buyer of a request for the outcome, the item or a full refund (Post-Order API, desired outcome);
the words themselves are general knowledge of the languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal

from agent.vocabulary.data import data_files
from agent.vocabulary.languages import fold

Remedy = Literal["item", "refund"]

_LONGEST = 4000
_LONGEST_LINE = 300
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_CLAUSE = re.compile(r"[,;:.!?()]+|\s-\s|\s–\s")
_BEFORE = 3
"""Words before a wish among which a denial is looked for."""
_AT_ONCE = 4
_NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class _Words:
    """The patterns of one language."""

    wish: re.Pattern[str]
    """What a buyer's own wish begins with."""
    asked: re.Pattern[str]
    """What eBay's word of the buyer's wish begins with."""
    money: re.Pattern[str]
    goods: re.Pattern[str]
    """Goods that are sent for those that did not come."""
    article: re.Pattern[str]
    """The goods themselves, which eBay's mails name."""
    refund: re.Pattern[str]
    """Wish and money in one."""
    item: re.Pattern[str]
    """Wish and goods in one."""
    denial: re.Pattern[str]
    """A denial, at the end of the words before the wish."""
    condition: re.Pattern[str]


@lru_cache(maxsize=1024)
def remedy_of(text: str) -> Remedy | None:
    """What a buyer's own words ask for, where they say it plainly and name only one."""
    found = {
        remedy
        for sentence in _SENTENCE.split(text[:_LONGEST])
        for words in _languages()
        for remedy in _in_sentence(words, _plain(sentence))
    }
    return found.pop() if len(found) == 1 else None


def told_remedy(lines: Sequence[str]) -> Remedy | None:
    """What eBay's mail says that the buyer asked for: in a sentence, or beside or below a label."""
    plain = [_plain(line[:_LONGEST_LINE]) for line in lines]
    below = [*plain[1:], ""]
    found = {
        remedy
        for line, after in zip(plain, below, strict=True)
        for words in _languages()
        for remedy in _in_line(words, line, after)
    }
    return found.pop() if len(found) == 1 else None


def _in_sentence(words: _Words, sentence: str) -> Iterator[Remedy]:
    if words.condition.search(sentence):
        return
    for clause in _CLAUSE.split(sentence):
        if _unless_denied(words, words.refund, clause) or _wished(words, words.money, clause):
            yield "refund"
        if _unless_denied(words, words.item, clause) or _wished(words, words.goods, clause):
            yield "item"


def _wished(words: _Words, thing: re.Pattern[str], clause: str) -> bool:
    """Whether a wish stands in the clause that nothing denies, and the thing behind it, not denied either."""
    wish = _unless_denied(words, words.wish, clause)
    return wish is not None and _unless_denied(words, thing, clause[wish.end() :]) is not None


def _unless_denied(words: _Words, pattern: re.Pattern[str], clause: str) -> re.Match[str] | None:
    found = pattern.search(clause)
    if found is None:
        return None
    before = " ".join(clause[: found.start()].split()[-_BEFORE:])
    return None if words.denial.search(before) else found


def _in_line(words: _Words, line: str, after: str) -> Iterator[Remedy]:
    asked = _unless_denied(words, words.asked, line)
    if asked is None or words.condition.search(line):
        return
    rest = _SENTENCE.split(line[asked.end() :])[0]
    value = rest if re.search(r"\w", rest) else _SENTENCE.split(after)[0]
    if _unless_denied(words, words.money, value):
        yield "refund"
    elif _unless_denied(words, words.goods, value) or _unless_denied(words, words.article, _first_words(value)):
        yield "item"


def _first_words(value: str) -> str:
    """The item itself is named at once: "the item", and not "an update on the item"."""
    return " ".join(value.split()[:_AT_ONCE])


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
    alternatives = (_phrase(_plain(phrase)) for phrase in sorted(map(str, phrases), key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{'|'.join(alternatives)})(?!\w)")


def _phrase(phrase: str) -> str:
    """The pattern of a phrase."""
    some = r"(?:\S{1,40} ){0,3}"
    parts = [re.escape(part).replace(r"\*", r"\w{0,20}") for part in phrase.replace(" * ", "\0").split("\0")]
    return f" {some}".join(parts)
