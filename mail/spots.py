"""Where labels stand in the lines of a mail: phrases of every language, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from agent.vocabulary.languages import fold, languages

_GLUED = re.compile(r"(?<=[^\W\d]):(?=[^\s/])|(?<=\.):(?=[^\s/])|\uff1a\s*")
_BRACKETED = re.compile(r"^【([^【】]{2,20})】\s*(?=\S)")  # Japanese for "Label: "
_TRIM = ":.#*\u2022\uff1a"


_LONGEST_WORD = 40  # letters of a word that is worth remembering
_REMEMBERED = 300  # characters of a line that is worth remembering: templates repeat theirs


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a label stands: its line, and what follows it there."""

    line: int
    rest: str
    marked: bool
    """The label was followed by a colon, or stands alone."""


def taken_apart(line: str) -> str:
    """A line with a blank behind each label's colon."""
    return _GLUED.sub(": ", _BRACKETED.sub(r"\1: ", line)).strip()


@cache
def _phrases() -> Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """First word of a label's phrase → the words of each phrase that begins so, with the label; longest first."""
    found: dict[str, set[tuple[tuple[str, ...], str]]] = {}
    for language in languages().values():
        for label, phrases in language.labels.items():
            for phrase in phrases:
                words = tuple(w for word in phrase.split() if (w := word.rstrip(_TRIM)))
                found.setdefault(words[0], set()).add((words, label))
    return {first: tuple(sorted(entries, key=lambda e: (-len(e[0]), e[1]))) for first, entries in found.items()}


def labels_in(line: str) -> tuple[tuple[str, str, bool], ...]:
    """Labels of a line with what follows each: at its start, and further on where a colon follows."""
    return _labels_again(line) if len(line) <= _REMEMBERED else tuple(_labels(line))


@lru_cache(maxsize=8192)
def _labels_again(line: str) -> tuple[tuple[str, str, bool], ...]:
    return tuple(_labels(line))


def _labels(line: str) -> Iterator[tuple[str, str, bool]]:
    words = line.split()
    if not words or len(words) > 400:
        return
    if ":" not in line and "\uff1a" not in line and _bare(words[0]) not in _phrases():
        return  # further on only a colon makes a label
    plain = [_bare(word) for word in words]
    colon = [word.rstrip(")").endswith((":", "\uff1a")) for word in words]
    starts: list[tuple[int, int, list[str], bool]] = []
    at = 0
    while at < len(words):
        match = _longest_at(plain, colon, at)
        if match is None:
            at += 1
            continue
        length, labels, closed = match
        while at + length < len(words) and not closed and not plain[at + length].strip("-–—"):
            closed = colon[at + length]  # "Tracking #: 94…": signs between a label and its colon are the label's
            length += 1
        alone = at == 0 and length == len(words)
        if closed or alone or at == 0:
            starts.append((at, at + length, labels, closed or alone))
            at += length
        else:
            at += 1
    for index, (_, end, labels, marked) in enumerate(starts):
        stop = starts[index + 1][0] if index + 1 < len(starts) else len(words)
        rest = " ".join(words[end:stop]).strip()
        for label in labels:
            yield label, rest, marked


def _bare(word: str) -> str:
    """A word as phrases know it."""
    return _bare_again(word) if len(word) <= _LONGEST_WORD else _stripped(word)


def _stripped(word: str) -> str:
    return fold(word).rstrip(_TRIM).lstrip("(*")


_bare_again = lru_cache(maxsize=8192)(_stripped)


def _longest_at(plain: Sequence[str], colon: Sequence[bool], at: int) -> tuple[int, list[str], bool] | None:
    """The longest phrase that starts at a word: its length, its labels, and whether a colon closes it."""
    best: tuple[int, list[str], bool] | None = None
    for words, label in _phrases().get(plain[at], ()):
        length = len(words)
        if best is not None and length < best[0]:
            break
        if tuple(plain[at : at + length]) == words and not any(colon[at : at + length - 1]):
            if best is None:
                best = (length, [label], colon[at + length - 1])
            else:
                best[1].append(label)
    return best


def after_words(line: str, label: str, *, shortest: int = 2) -> Iterator[str]:
    """What follows a label's words anywhere within a sentence; only of phrases of `shortest` words or more."""
    words = None
    for end, length, name in mentions(line):
        if name == label and length >= shortest:
            words = words or line.split()
            yield " ".join(words[end:])


def mentions(line: str) -> tuple[tuple[int, int, str], ...]:
    """Every label's phrase anywhere in a line: the word behind it, its length in words, and the label."""
    return _mentions_again(line) if len(line) <= _REMEMBERED else _mentions(line)


def _mentions(line: str) -> tuple[tuple[int, int, str], ...]:
    phrases = _phrases()
    plain = [_said_again(word) if len(word) <= _LONGEST_WORD else _said(word) for word in line.split()]
    if phrases.keys().isdisjoint(plain):
        return ()
    return tuple(
        (at + len(phrase), len(phrase), name)
        for at, word in enumerate(plain)
        for phrase, name in phrases.get(word, ())
        if tuple(plain[at : at + len(phrase)]) == phrase
    )


_mentions_again = lru_cache(maxsize=8192)(_mentions)


def _said(word: str) -> str:
    """A word as phrases know it, within a sentence."""
    return fold(word).rstrip(_TRIM + ",")


_said_again = lru_cache(maxsize=8192)(_said)


def noted_lines(lines: Sequence[str], blocks: Sequence[int]) -> frozenset[int]:
    """Which lines a buyer wrote into a note: the one with the label, and the block that begins behind the label."""
    noted: set[int] = set()
    at = 0
    while at < min(len(lines), len(blocks)):
        found = labels_in(lines[at])
        notes = [rest for label, rest, marked in found if label == "buyer_note" and marked] if found else ()
        rest = notes[0] if notes else None
        at += 1
        if rest is None or at - 1 in noted:
            continue
        noted.add(at - 1)
        block = blocks[at - 1] if rest else blocks[at] if at < len(blocks) else None
        while at < len(blocks) and blocks[at] == block:
            noted.add(at)
            at += 1
    return frozenset(noted)
