"""What names of classes, columns and fields tell: whether a text is a place, a time or the carrier's words."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import Any, Literal

from agent.vocabulary.data import parse_yaml
from agent.vocabulary.languages import fold

Role = Literal["place", "time", "words"]
_ROLES: tuple[Role, ...] = ("place", "time", "words")
_WHOLE = {"ts", "ort", "land", "data", "tid", "hub", "zip", "site", "name", "text", "info", "note", "sted", "stad"}


@cache
def data(name: str) -> Any:
    """The content of one of this folder's data files."""
    return parse_yaml(resources.files("scrapers").joinpath(f"{name}.yaml").read_text(encoding="utf-8"))


@cache
def role(name: str) -> Role | None:
    """The role that a class name, a heading or a field name gives to the text beside it."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    words = re.split(r"[^a-z]+", fold(spaced))
    last: Role | None = None
    for word in words:
        for kind in _ROLES:
            if any(word == piece or (piece not in _WHOLE and piece in word) for piece in data("labels")[kind]):
                # "event-location", "status date": the last word names the thing, the first what it belongs to
                last = kind
                break
    return last


def is_full(name: str) -> bool:
    """Whether a name says that the text tells in full what another field of the row has in short."""
    words = re.split(r"[^a-z]+", fold(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)))
    return any(word.startswith(tuple(data("labels")["full"])) for word in words)


def is_headline(name: str) -> bool:
    """Whether a class name or heading belongs to the box that says how things stand now."""
    folded = fold(name)
    return any(piece in folded for piece in data("labels")["headline"])


def is_aside(heading: str) -> bool:
    """Whether a heading stands over news or advice for everybody."""
    return bool(re.search(rf"\b(?:{'|'.join(data('labels')['aside'])})", fold(heading)))


def names_a_number(text: str) -> bool:
    """Whether a text is the label of a tracking number."""
    folded = fold(text)
    return any(label in folded for label in data("labels")["number"])
