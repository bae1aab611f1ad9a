"""Tracking numbers in running text, printed in groups or not: what words call them, and what their shape says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from agent.vocabulary.candidates import LONGEST, Candidate, Fit, fits
from agent.vocabulary.number_context import (
    ACT,
    NOTHING_KNOWN,
    Context,
    calls_it_a_parcel,
    is_strong,
    named_at,
    named_in,
    named_last,
    same_family,
    weighed,
)
from agent.vocabulary.number_labels import Called, behind, called, is_a_label, listing

_LONGEST_TEXT = 100_000
_REMEMBERED = 300  # characters of a line that is worth remembering
_MOST_GROUPS = 10
_WORD = re.compile(r"[A-Za-z0-9]+")
_GAP = re.compile(r"[ \u00a0\u2007\u202f-]{1,2}|\.")
_COUNTRY_OR_SERVICE = re.compile(r"[A-Z]{1,4}")
_GOES_ON = re.compile(r"-[A-Za-z0-9]")  # a piece of a longer name of a thing
_DIGIT = re.compile(r"[0-9]")
_LETTER = re.compile(r"[^\W\d_]")
_LABEL_LENGTH = 60
_OF_OTHERS = (Called.OTHER, Called.NAMELESS)
_UNSURE = 0.75  # below ACT
_TELLING = 20  # so many digits with a check digit are a number of a parcel; fewer are anything

_NO_NUMBERS = re.compile(
    r"\b\d{2}-\d{5}-\d{5}\b"  # eBay's order numbers
    r"|\b\d{3}-\d{7}-\d{7}\b"  # Amazon's
    r"|(?<![\w+])(?:\+|00(?=[1-9]\d{1,2}[ ./-]))\d[\d ()./-]{6,15}\d\b(?![ .-]?\d)"  # phone numbers with country code
    r"|[$€£¥]\s?\d[\d.,]{0,15}|\b\d[\d.,]{0,15}\s?(?:[$€£¥]|(?:EUR|USD|GBP|PLN|CHF|AUD|CAD)\b)"  # prices
    r"|\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b"  # dates
)


@dataclass(frozen=True, slots=True)
class Found:
    """A tracking number in a text: `number` normalised, `text[start:end]` as it is printed there."""

    number: str
    start: int
    end: int
    candidates: tuple[Candidate, ...]


def find(text: str, declared: str | None = None, *, context: Context = NOTHING_KNOWN) -> tuple[Found, ...]:
    """The tracking numbers in a text, in order, printed in groups or not; only its first 100,000 characters are read.

    Words that merely could be one are given too, with their low confidence: bare digits, unless many, are sure only
    where a label calls them a tracking number or their carrier is known. Order and item numbers, phone numbers, prices
    and dates are passed over.
    """
    known = context if declared is None else replace(context, declared=declared)
    return (_found_again if len(text) <= _REMEMBERED else _found)(text, known)


def _found(text: str, known: Context) -> tuple[Found, ...]:
    return tuple(_find(_NO_NUMBERS.sub(lambda match: "\n" * len(match[0]), text[:_LONGEST_TEXT]), known))


_found_again = lru_cache(maxsize=4096)(_found)  # mails of one template share most of their lines


def _find(text: str, known: Context) -> Iterator[Found]:
    words = list(_WORD.finditer(text))
    place, ended, run, said = 0, -1, -1, _Said(known)
    while place < len(words):
        groups = _groups(text, words, place)
        start, used = groups[0].start(), 1
        inside = start < run and not (known.declared or known.sender)
        if shaped := list(_shaped(groups, inside=inside)):
            if start >= run or not said.barred:
                listed = ended >= 0 and listing().fullmatch(text, ended, start) is not None
                said = said if listed else _said(text, start, groups[-1].end(), known)
            readings = [one for shape in shaped for one in _read(text, groups, shape, said)]
            if account := next((count for count, number, _ in shaped if _is_iban(number)), None):
                used = account
            elif found := _best(readings, said, groups[0].end()):
                yield found
                ended = found.end
                used = sum(word.start() < ended for word in groups)
        run = max(run, groups[-1].end())
        place += used


_Shaped = tuple[int, str, tuple[Fit, ...]]


def _shaped(groups: list[re.Match[str]], *, inside: bool) -> Iterator[_Shaped]:
    """How many groups make a number of a known shape, the longest first; or that they make a bank account.

    `inside` a run of groups no word stands before them, so that few digits of several groups are nothing.
    """
    for count in range(len(groups), 0, -1):
        number = "".join(word[0] for word in groups[:count]).upper()
        if inside and count > 1 and not _tells(number):
            continue
        shaped = fits(number) if 8 <= len(number) <= LONGEST else ()
        if shaped or _is_iban(number):
            yield count, number, shaped


@dataclass(frozen=True, slots=True)
class _Said:
    """What is known of a number, and what the words around it say."""

    known: Context
    called: Called | None = None
    parcel: bool = False
    named: bool = False
    """Whether its carrier is told: by the words right before it, or by whoever asks."""

    @property
    def barred(self) -> bool:
        """Whether it is called something else."""
        return self.called is Called.NEVER or (self.called in _OF_OTHERS and not self.parcel)


def _said(text: str, start: int, end: int, known: Context) -> _Said:
    label = text[max(0, start - _LABEL_LENGTH) : start].rpartition("\n")[2]
    if not _LETTER.search(label) or not (called(label) or named_in(label)):
        return _Said(known, named=bool(known.declared or known.sender))
    parcel = calls_it_a_parcel(label)
    if parcel and known.sender is None and named_in(label) is None:
        between = behind().match(text, end)
        known = replace(known, sender=named_at(text, between.end() if between else end))
    named = bool(known.declared or known.sender or named_last(label))
    return _Said(replace(known, label=label), called(label), parcel, named)


def _read(text: str, groups: list[re.Match[str]], shape: _Shaped, said: _Said) -> Iterator[Found]:
    """A reading of the first groups as a number, if what was said of them lets it be one."""
    count, number, shaped = shape
    start, end = groups[0].start(), groups[count - 1].end()
    strong = any(is_strong(fit.candidate) for fit in shaped)
    if not shaped or said.called is Called.NEVER or (said.barred and not strong):
        return
    telling = strong or (_tells(number) and "." not in text[start:end])
    if count > 1 and not (telling or said.parcel or said.named):
        return
    fitting = weighed(shaped, said.known)
    cut = count < len(groups) and number.isdecimal() and groups[count][0].isdecimal()
    if (cut and not strong) or not (said.parcel or (telling and not _GOES_ON.match(text, end))):
        fitting = _unsure(fitting, said.known, cut=cut)
    yield Found(number, start, end, fitting)


def _best(readings: list[Found], said: _Said, first: int) -> Found | None:
    """Of the ways to read the same groups, the longest first: the sure one whose check digit is right, else a sure one,
    else as far as the groups go where a carrier or a label speaks for it, else the first group alone."""
    sure = [one for one in readings if one.candidates[0].confidence >= ACT]
    checked = [one for one in sure if one.candidates[0].checksum == "ok"]
    if checked or sure:
        return (checked or sure)[0]
    if said.parcel or said.named:
        return readings[0] if readings else None
    return readings[-1] if readings and readings[-1].end == first else None


def _tells(number: str) -> bool:
    """Whether a number's shape can say that it is a tracking number at all: few digits alone never do."""
    return not number.isdecimal() or len(number) >= _TELLING


def _unsure(ranked: tuple[Candidate, ...], known: Context, *, cut: bool) -> tuple[Candidate, ...]:
    """Of a word that may be anything, only a carrier that is named for it stays sure; of a piece of more, none."""
    told = [
        name for name in (known.declared, known.sender, named_last(known.label or "")) if name is not None and not cut
    ]
    kept = (
        one
        if one.confidence < ACT or any(name is not None and same_family(name, one.carrier) for name in told)
        else replace(one, confidence=_UNSURE)
        for one in ranked
    )
    return tuple(sorted(kept, key=lambda one: -one.confidence))


def _is_iban(number: str) -> bool:
    """ISO 13616: 15 to 34 characters, a country, and the rest 1 modulo 97 when its first four go last."""
    if not 15 <= len(number) <= 34 or not number[:2].isalpha() or not number[2:4].isdecimal():
        return False
    turned = "".join(str(int(char, 36)) for char in number[4:] + number[:4])
    return int(turned) % 97 == 1


def _groups(text: str, words: list[re.Match[str]], place: int) -> list[re.Match[str]]:
    """The words from here that may be groups of one number: a blank or dash apart, letters only in front or last."""
    groups = [words[place]]
    first = groups[0][0]
    if not _DIGIT.search(first) and (not _COUNTRY_OR_SERVICE.fullmatch(first) or is_a_label(first)):
        return groups
    length = len(groups[0][0])
    for word in words[place + 1 : place + _MOST_GROUPS]:
        length += len(word[0])
        if length > LONGEST or not _GAP.fullmatch(text, groups[-1].end(), word.start()):
            break
        has_digit = _DIGIT.search(word[0]) is not None
        if "." in text[groups[-1].end() : word.start()] and not (groups[-1][0] + word[0]).isdecimal():
            break  # a sentence ends here
        if has_digit or _COUNTRY_OR_SERVICE.fullmatch(word[0]):
            groups.append(word)
        else:
            break
    return groups
