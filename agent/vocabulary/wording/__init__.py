"""Carriers' words to tracking status: ordered rules as data, one YAML file per language beside this module.

A file has three keys:

* `rules`: tried in order, the first whose phrase stands in the sentence decides: `{status, reason?, any, unless?}`.
  Status `unknown` is a guard: it ends the search for that sentence, so that what will be, or did not happen, is never
  `delivered`;
* `reasons`: `{reason, of: [status], any}`, tried where the deciding rule names no reason;
* `spaced: false` for a language without blanks between words.

Phrases are written as people write them and compared folded. `a|b` is one word or the other, `pick-up` one word or
two, `deliver*` a word that begins so, `*` alone a gap of up to six words, `^` in front of the first word the start of
the sentence.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

from agent.vocabulary.data import data_files
from agent.vocabulary.languages import fold
from agent.vocabulary.sentences import goes_on
from agent.vocabulary.status import Reason, TrackingStatus


@dataclass(frozen=True, slots=True)
class Classified:
    """What words say. `rule` names who decided (`de:delivered:zugestellt`); None, with `UNKNOWN`, where nobody knew."""

    status: TrackingStatus
    reason: Reason | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class _Phrase:
    text: str
    pattern: str
    anchors: tuple[tuple[str, ...], ...]
    """For each word, the most telling first, letters of which some must stand in the sentence: a cheap first look."""

    def length_in(self, sentence: str) -> int:
        """How many characters of the sentence it covers; 0 where it is absent."""
        for letters in self.anchors:
            for anchor in letters:
                if anchor in sentence:
                    break
            else:
                return 0
        match = _compiled(self.pattern).search(sentence)
        return len(match[0]) if match else 0


@dataclass(frozen=True, slots=True)
class _Rule:
    status: TrackingStatus
    reason: Reason | None
    any: tuple[_Phrase, ...]
    unless: tuple[_Phrase, ...]


@dataclass(frozen=True, slots=True)
class _ReasonRule:
    reason: Reason
    of: frozenset[TrackingStatus]
    any: tuple[_Phrase, ...]


@dataclass(frozen=True, slots=True)
class _Wording:
    language: str
    rules: tuple[_Rule, ...]
    reasons: tuple[_ReasonRule, ...]


@dataclass(frozen=True, slots=True)
class _Hit:
    wording: _Wording
    rule: _Rule
    phrase: str
    length: int


_LONGEST = 4_000
_BEGINNING = 4  # letters by which a phrase is looked up
_REMEMBERED = 400  # characters of a text that is worth remembering
# What another language's rules may say of the same words without casting doubt on `delivered`: short words of movement
# and of conditions ("se", "si") mean other things elsewhere.
_NO_DOUBT = {TrackingStatus.DELIVERED, TrackingStatus.IN_TRANSIT, TrackingStatus.INFO_RECEIVED, TrackingStatus.UNKNOWN}
_TAG = re.compile(r"<[^<>]{0,2000}>")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
# A full stop before a small letter or a digit belongs to an abbreviation ("Str. 28").
_SENTENCE_END = re.compile(r"(?:[!;。！\n\r•|]|[?？]|\.(?=\s+[^\sa-z\d]|\s*$))\s*")
_NUMERO = re.compile(r"\b[nN]\.?\s?[°º]")  # "nº 12" is no "no", "n° 12" no "n'"
_IN_FIGURES = re.compile(r"(?<=\d)[.:,/](?=\d)")  # "10.00" and "18/11/2026" count as one word
_STROKED = str.maketrans(
    {"ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "ı": "i", "_": " ", "™": " ", "®": " ", "©": " "}
)


def classify(text: str, languages: Sequence[str] | None = None) -> Classified:
    """The status that a carrier's words tell, be they a code word, a headline or a paragraph.

    The first sentence that says anything counts; only that a parcel now waits for pick-up, said later, goes over a
    failed attempt. Questions and conditions say nothing. `languages` are those to be expected: others are understood
    too, but yield to them.
    """
    return (_classify_again if len(text) <= _REMEMBERED else _classify)(text[:_LONGEST], tuple(languages or ()))


def _classify(text: str, preferred: tuple[str, ...]) -> Classified:
    decided: Classified | None = None
    guard: str | None = None
    for sentence in _sentences(text):
        hit = _best(sentence, preferred)
        if hit is None:
            continue
        if hit.rule.status is TrackingStatus.UNKNOWN:
            guard = guard or _name(hit)
            continue
        said = Classified(hit.rule.status, _reason(hit, sentence), _name(hit))
        if decided is None:
            decided = said
        elif said.status is TrackingStatus.AVAILABLE_FOR_PICKUP:
            decided = said if said.reason else replace(said, reason=decided.reason)
        if decided.status is not TrackingStatus.DELIVERY_ATTEMPTED:
            return decided
    return decided or Classified(TrackingStatus.UNKNOWN, None, guard)


_classify_again = lru_cache(maxsize=8192)(_classify)


def _sentences(text: str) -> Iterable[str]:
    plain = html.unescape(_TAG.sub(" ", text)).strip()
    if not re.search(r"\s", plain):
        plain = _HUMP.sub(" ", plain)
    start = 0
    for end in _SENTENCE_END.finditer(plain):
        if end[0].startswith(".") and goes_on(
            plain[max(start, end.start() - 15) : end.start() + 1], plain[end.end() : end.end() + 40]
        ):
            continue
        if "?" not in end[0] and "？" not in end[0]:
            yield _folded(plain[start : end.start()])
        start = end.end()
    yield _folded(plain[start:])


def _folded(text: str) -> str:
    return fold(_IN_FIGURES.sub("", _NUMERO.sub(" ", text)).translate(_STROKED))


def _best(sentence: str, preferred: tuple[str, ...]) -> _Hit | None:
    """The language whose deciding phrase covers most of the sentence; bad news goes over movement and `delivered`."""
    possible = _possible_phrases(sentence)
    hits = [hit for name, phrases in possible.items() if (hit := _first_hit(sentence, _wordings()[name], phrases))]
    hits = [hit for hit in hits if hit.wording.language in preferred] or hits
    if any(hit.rule.status not in _NO_DOUBT for hit in hits):
        hits = [hit for hit in hits if hit.rule.status is not TrackingStatus.DELIVERED]

    def weight(hit: _Hit) -> tuple[bool, int]:
        return hit.rule.status not in _NO_DOUBT, hit.length * (2 if hit.wording.language in preferred else 1)

    return max(hits, key=weight, default=None)


def _possible_phrases(sentence: str) -> Mapping[str, Mapping[int, Sequence[int]]]:
    """Per language the places of the rules, and in them of the phrases, whose letters stand in the sentence."""
    anchored = _anchored()
    beginnings = {sentence[at : at + _BEGINNING] for at in range(len(sentence))} & anchored.keys()
    beginnings.update(short for short in _short_beginnings() if short in sentence)
    found: dict[str, dict[int, set[int]]] = {}
    for beginning in beginnings:
        for anchor, places in anchored[beginning].items():
            if anchor in sentence:
                for language, rule, phrase in places:
                    found.setdefault(language, {}).setdefault(rule, set()).add(phrase)
    return {
        language: {rule: sorted(phrases) for rule, phrases in sorted(found[language].items())}
        for language in _wordings()
        if language in found
    }


@cache
def _anchored() -> Mapping[str, Mapping[str, Sequence[tuple[str, int, int]]]]:
    """Anchors by their first letters, each with the places of its phrases: language, rule, phrase."""
    found: dict[str, dict[str, list[tuple[str, int, int]]]] = {}
    for language, wording in _wordings().items():
        for place, rule in enumerate(wording.rules):
            for at, phrase in enumerate(rule.any):
                for anchor in phrase.anchors[0]:
                    found.setdefault(anchor[:_BEGINNING], {}).setdefault(anchor, []).append((language, place, at))
    return found


@cache
def _short_beginnings() -> tuple[str, ...]:
    return tuple(beginning for beginning in _anchored() if len(beginning) < _BEGINNING)


def _first_hit(sentence: str, wording: _Wording, possible: Mapping[int, Sequence[int]]) -> _Hit | None:
    for place, phrases in possible.items():
        rule = wording.rules[place]
        longest, length = _longest((rule.any[at] for at in phrases), sentence)
        if longest is not None and not any(phrase.length_in(sentence) for phrase in rule.unless):
            return _Hit(wording, rule, longest.text, length)
    return None


def _longest(phrases: Iterable[_Phrase], sentence: str) -> tuple[_Phrase | None, int]:
    best, longest = None, 0
    for phrase in phrases:
        length = phrase.length_in(sentence)
        if length > longest:
            best, longest = phrase, length
    return best, longest


def _reason(hit: _Hit, sentence: str) -> Reason | None:
    if hit.rule.reason is not None:
        return hit.rule.reason
    for rule in hit.wording.reasons:
        if hit.rule.status in rule.of and any(phrase.length_in(sentence) for phrase in rule.any):
            return rule.reason
    return None


def _name(hit: _Hit) -> str:
    return f"{hit.wording.language}:{hit.rule.status}:{hit.phrase}"


@cache
def _wordings() -> Mapping[str, _Wording]:
    told: dict[str, dict[str, Any]] = {}
    for language, data in data_files(__package__, "phrases"):
        known = told.setdefault(language, {"rules": [], "reasons": []})
        more = data or {}
        told[language] = {  # a seller's own rules come first: order matters
            **known,
            **({"spaced": more["spaced"]} if "spaced" in more else {}),
            **{key: [*more.get(key, ()), *known[key]] for key in ("rules", "reasons")},
        }
    return {language: from_mapping(language, data) for language, data in told.items()}


def from_mapping(language: str, data: Mapping[str, Any]) -> _Wording:
    """A language's wording of its YAML mapping; raises KeyError, TypeError or ValueError where a shape is wrong."""
    spaced = bool(data.get("spaced", True))

    def phrases(texts: Iterable[str]) -> tuple[_Phrase, ...]:
        return tuple(_phrase(str(text), spaced) for text in texts)

    return _Wording(
        language,
        tuple(
            _Rule(
                TrackingStatus(rule["status"]),
                Reason(rule["reason"]) if "reason" in rule else None,
                phrases(rule["any"]),
                phrases(rule.get("unless", ())),
            )
            for rule in data["rules"]
        ),
        tuple(
            _ReasonRule(
                Reason(rule["reason"]), frozenset(TrackingStatus(status) for status in rule["of"]), phrases(rule["any"])
            )
            for rule in data.get("reasons", ())
        ),
    )


def _phrase(text: str, spaced: bool) -> _Phrase:
    folded = _folded(text)
    at_start = folded.startswith("^")
    words = folded.removeprefix("^").split(" ")
    between, gap = (r"\W+", r"(?:\W+\w+){0,6}?\W+") if spaced else (r"\W*", r".{0,15}?")
    pattern = r"^\W*" if at_start else r"(?<!\w)" if spaced else ""
    anchors: list[tuple[str, ...]] = []
    for place, word in enumerate(words):
        if word == "*":
            continue
        if place:
            pattern += gap if words[place - 1] == "*" else between
        choices = word.split("|")
        pattern += f"(?:{'|'.join(_choice(choice, spaced, place == len(words) - 1) for choice in choices)})"
        anchors.append(tuple(max(choice.removesuffix("*").split("-"), key=len) for choice in choices))
    anchors.sort(key=lambda letters: -min(map(len, letters)))
    return _Phrase(text, pattern, tuple(anchors) or (("",),))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _choice(choice: str, spaced: bool, last: bool) -> str:
    """One alternative of a word. A last word's open ending is left out of the match: only what is written counts."""
    literal = r"\W*".join(re.escape(part) for part in choice.removesuffix("*").split("-"))
    if choice.endswith("*"):
        return literal if last else literal + r"\w*"
    return literal + (r"(?!\w)" if spaced else "")
