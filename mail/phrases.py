"""Phrases of every language, as data, and where a text shows them.

They stand in `agent/vocabulary/languages/` under the id of an intent, and are matched on folded text as whole words;
`*` in one stands for a few words of the same sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice

from agent.vocabulary.languages import languages

SENTENCE = re.compile(r"(?<=[.!?])\s+")
REMEMBERED = 600
"""Characters of a text that is worth remembering: templates repeat their lines."""
_WORD = re.compile(r"\w+")
_LONGEST_WORD = 40  # letters of a word that is worth remembering
_KEY_SIZES = (3, 4, 5)  # letters by which the beginning or the end of a word is known
_MOST_PLACES = 8  # of one phrase in a line


@dataclass(frozen=True, slots=True)
class Shown:
    """An intent that a text shows: where, in which language, and what follows the words."""

    intent: str
    language: str
    start: int
    end: int


@cache
def patterns(intent: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Per language the words that show an intent."""
    found = []
    for language in languages().values():
        phrases = language.intents.get(intent, ())
        if phrases:
            alternatives = "|".join(_pattern(phrase) for phrase in sorted(phrases, key=len, reverse=True))
            found.append((language.id, re.compile(alternatives)))
    return tuple(found)


def _pattern(phrase: str) -> str:
    body = r"(?:(?!\. )[^!?\n]){0,80}?".join(re.escape(part) for part in phrase.split("*"))
    start = r"(?<!\w)" if phrase[:1].isalnum() else ""
    return start + body + (r"(?!\w)" if phrase[-1:].isalnum() else "")


@dataclass(frozen=True, slots=True)
class _Phrase:
    """One phrase of an intent. `rank` is its place among those of its language: the longest is tried first."""

    intent: str
    language: str
    rank: int
    parts: tuple[str, ...]
    """What must stand in a text that shows it."""
    text: str

    def search(self, folded: str) -> re.Match[str] | None:
        """Where it stands first."""
        return _compiled(self.text).search(folded)


@cache
def _compiled(phrase: str) -> re.Pattern[str]:
    return re.compile(_pattern(phrase))


@cache
def _phrases() -> Mapping[str, tuple[_Phrase, ...]]:
    """Every phrase under one key of a word without which it cannot be shown, its rarest; under "" if it has none."""
    ranked: list[tuple[str, str, int, str]] = []
    for language in languages().values():
        for intent, phrases in language.intents.items():
            ordered = sorted(phrases, key=len, reverse=True)
            ranked += [(intent, language.id, rank, phrase) for rank, phrase in enumerate(ordered)]
    known_by = {phrase: tuple(_keys_of_phrase(phrase)) for *_, phrase in ranked}
    often = Counter(key for *_, phrase in ranked for key in set(known_by[phrase]))
    found: dict[str, list[_Phrase]] = {}
    for intent, language_id, rank, phrase in ranked:
        key = min(known_by[phrase], key=lambda key: (often[key], -len(key)), default="")
        parts = tuple(phrase.split("*"))
        found.setdefault(key, []).append(_Phrase(intent, language_id, rank, parts, phrase))
    return {key: tuple(phrases) for key, phrases in found.items()}


def _keys_of_phrase(phrase: str) -> Iterator[str]:
    """The keys (`_keys`) of every text that shows a phrase: beside a `*` a word may be part of a longer one."""
    for found in _WORD.finditer(phrase):
        word, before, after = found[0], phrase[: found.start()][-1:], phrase[found.end() :][:1]
        begins = before != "*" and bool(before or word[0].isalnum())
        ends = after != "*" and bool(after or word[-1].isalnum())
        size = min(len(word), _KEY_SIZES[-1])
        if begins and ends:
            yield word
        elif begins and size >= _KEY_SIZES[0]:
            yield "^" + word[:size]
        elif ends and size >= _KEY_SIZES[0]:
            yield word[-size:] + "$"


def _keys(word: str) -> frozenset[str]:
    """The keys of phrases that a word of a text has, whole, by its beginning or by its end: hardly ever any."""
    begins = {"^" + word[:size] for size in _KEY_SIZES}
    ends = {word[-size:] + "$" for size in _KEY_SIZES}
    return frozenset(_phrases().keys() & {word, *begins, *ends})


_keys_again = lru_cache(maxsize=16384)(_keys)


def phrases_in(folded: str) -> Mapping[str, Sequence[_Phrase]]:
    """The phrases that a text may show by its words, of each intent: hardly any of the thousands there are."""
    return _possible_again(folded) if len(folded) <= REMEMBERED else _possible_phrases(folded)


def _possible_phrases(folded: str) -> Mapping[str, Sequence[_Phrase]]:
    phrases = _phrases()
    keys = {""}
    for word in _WORD.findall(folded):
        keys |= _keys_again(word) if len(word) <= _LONGEST_WORD else _keys(word)
    found: dict[str, list[_Phrase]] = {}
    for key in keys:
        for phrase in phrases.get(key, ()):
            for part in phrase.parts:
                if part not in folded:
                    break
            else:
                found.setdefault(phrase.intent, []).append(phrase)
    return found


_possible_again = lru_cache(maxsize=8192)(_possible_phrases)


def patterns_in(intent: str, folded: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Those of `patterns` that a text may match: hardly ever any, so this spares the search."""
    possible = {phrase.language for phrase in phrases_in(folded).get(intent, ())}
    yield from (one for one in patterns(intent) if one[0] in possible) if possible else ()


def says(intent: str, *folded: str) -> bool:
    """Whether any of some folded texts shows an intent, in any language."""
    for text in folded:
        for phrase in phrases_in(text).get(intent, ()):
            if phrase.search(text):
                return True
    return False


def first(intent: str, folded: str) -> Shown | None:
    """Where a folded text first shows an intent."""
    phrases = phrases_in(folded).get(intent)
    if not phrases:
        return None
    found: dict[str, tuple[int, int, int]] = {}  # per language: where first; of phrases there, the longest
    for phrase in phrases:
        if match := phrase.search(folded):
            place = (match.start(), phrase.rank, match.end())
            found[phrase.language] = min(place, found.get(phrase.language, place))
    shown = (Shown(intent, one, found[one][0], found[one][2]) for one in languages() if one in found)
    return min(shown, key=lambda s: (s.start, -s.end), default=None)


def everywhere(intent: str, folded: str) -> Iterator[Shown]:
    """Every place where a text shows an intent; a line has few."""
    for language, pattern in patterns_in(intent, folded):
        for match in islice(pattern.finditer(folded), _MOST_PLACES):
            yield Shown(intent, language, match.start(), match.end())


def states(intent: str, *folded: str) -> bool:
    """Whether a text says so outright: neither as what may be, nor with a denial before the words."""
    for sentence in (s for text in folded for s in SENTENCE.split(text)):
        if says("conditional", sentence) or says("possible", sentence):
            continue
        for phrase in phrases_in(sentence).get(intent, ()):
            for match in _compiled(phrase.text).finditer(sentence):
                if not _denied_within(phrase, match) and not denied(sentence, match, phrase.language):
                    return True
    return False


def _denied_within(phrase: _Phrase, match: re.Match[str]) -> bool:
    """Whether what stands at a phrase's `*` denies it: "tracking shows it was never delivered"."""
    negation = languages()[phrase.language].intents.get("buyer.negation", ())
    own = set(phrase.text.replace("*", " ").split())
    return "*" in phrase.text and own.isdisjoint(negation) and not set(match.group().split()).isdisjoint(negation)


def denied(folded: str, match: re.Match[str], language: str) -> bool:
    """A negation in the few words before, within the clause; or right after, where German puts it."""
    negation = languages()[language].intents.get("buyer.negation", ())
    before = re.split(r"[.,;!?\n]| but | aber ", folded[: match.start()])[-1].split()[-4:]
    after = re.split(r"[.,;!?\n]", folded[match.end() :])[0].split()[:2]
    denies = {word for phrase in negation for word in [phrase] if " " not in phrase}
    own = set(match.group().split())
    if own & denies:  # the phrase itself denies: "don't want it anymore"
        return False
    return bool(denies & set(before)) or (language == "de" and bool(denies & set(after)))
