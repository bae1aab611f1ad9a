"""The words of an enquiry as data: a YAML file per language beside this module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args

from agent.vocabulary.data import data_files

Kind = Literal["search", "loss", "damage", "proof"]
"""Where it is; a loss that the carrier admits; damage; proof of a delivery that the recipient denies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """`subject` holds `{number}`; `ask` is what the carrier should do, a line each."""

    subject: str
    opening: str
    ask: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    greeting: str
    closing: str
    facts: str
    """Stands before the facts."""
    labels: Mapping[str, str]
    kinds: Mapping[Kind, Words]


@cache
def wordings() -> Mapping[str, Wording]:
    """Every language's words."""
    return {language: _wording(data) for language, data in data_files(__package__)}


def _wording(data: Mapping[str, Any]) -> Wording:
    plain = ("greeting", "closing", "facts", "labels")
    kinds: dict[Kind, Words] = {
        kind: Words(**{**data[kind], "ask": tuple(data[kind]["ask"])}) for kind in get_args(Kind)
    }
    return Wording(**{name: data[name] for name in plain}, kinds=kinds)
