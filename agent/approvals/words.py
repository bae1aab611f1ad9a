"""The words of an answer, from words.yaml, and which letters they are written in."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal

from agent.vocabulary.data import parse_yaml

Verb = Literal["approve", "reject", "edit"]
VERBS: tuple[Verb, ...] = ("approve", "reject", "edit")
_LONGEST = 4
"""Words of the longest phrase in words.yaml."""
_TYPED = str.maketrans({"’": "'", "–": "-", "—": "-", "\ufe0f": None})
"""What phones type of themselves, as what was meant."""


@cache
def verbs() -> Mapping[str, Verb]:
    """Word → what it means."""
    return {word: verb for verb in VERBS for word in _of(verb)}


@cache
def closings() -> frozenset[str]:
    return frozenset(_of("closings"))


@cache
def devices() -> frozenset[str]:
    return frozenset(_of("devices"))


@cache
def data(kind: str) -> frozenset[str]:
    """Any other list of words.yaml."""
    return frozenset(_of(kind))


def meaning(phrase: str) -> Verb | None:
    """What a plain phrase says that is made of nothing but verbs of one meaning, and courtesies."""
    words, said, at = phrase.split(), set[Verb](), 0
    while at < len(words):
        for end in range(min(len(words), at + _LONGEST), at, -1):
            piece = " ".join(words[at:end])
            if piece in verbs() or piece in data("polite"):
                break
        else:
            return None
        if verb := verbs().get(piece):
            said.add(verb)
        at = end
    return said.pop() if len(said) == 1 else None


def is_courtesy(phrase: str) -> bool:
    """Whether a phrase changes nothing of the words beside it."""
    return phrase in data("polite") or phrase in closings()


def plain(line: str) -> str | None:
    """A line in lower case and composed form; None where it holds a letter that no word of ours is written with.

    So that neither a look-alike of another script nor a sign without width ever becomes a word.
    """
    typed = line.translate(_TYPED)
    if not _letters().issuperset(typed):
        return None
    return " ".join(unicodedata.normalize("NFC", typed).lower().split())


@cache
def _letters() -> frozenset[str]:
    known = (*verbs(), *closings(), *data("polite"), *data("joins"), *data("abouts"), *data("drafts"))
    own = {char for word in known for char in word + word.upper()}
    apart = {mark for char in own for mark in unicodedata.normalize("NFD", char)}
    return frozenset(own | apart | {chr(code) for code in range(0x20, 0x7F)} | {"\t", "\u00a0"})


@cache
def _of(kind: str) -> tuple[str, ...]:
    text = resources.files("agent.approvals").joinpath("words.yaml").read_text(encoding="utf-8")
    return tuple(unicodedata.normalize("NFC", word) for word in parse_yaml(text)[kind])
