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


def plain(line: str) -> str | None:
    """A line in lower case and composed form; None where it holds a letter that no word of ours is written with.

    So that neither a look-alike of another script nor a sign without width ever becomes a word.
    """
    if not _letters().issuperset(line):
        return None
    return " ".join(unicodedata.normalize("NFC", line).lower().split())


@cache
def _letters() -> frozenset[str]:
    own = {char for word in verbs() for char in word + word.upper()}
    apart = {mark for char in own for mark in unicodedata.normalize("NFD", char)}
    return frozenset(own | apart | {chr(code) for code in range(0x20, 0x7F)} | {"\t", "\u00a0"})


@cache
def _of(kind: str) -> tuple[str, ...]:
    text = resources.files("agent.approvals").joinpath("words.yaml").read_text(encoding="utf-8")
    return tuple(unicodedata.normalize("NFC", word) for word in parse_yaml(text)[kind])
