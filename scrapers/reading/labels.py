"""What names of classes, columns and fields tell: whether a text is a place, a time or the carrier's words."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Literal

from agent.vocabulary.data import parse_yaml
from agent.vocabulary.languages import fold

Role = Literal["place", "time", "words"]
_ROLES: tuple[Role, ...] = ("place", "time", "words")
_WHOLE = {
    "wo",
    "loc",
    "town",
    "gdzie",
    "ts",
    "ort",
    "land",
    "data",
    "tid",
    "hub",
    "zip",
    "site",
    "name",
    "text",
    "info",
    "note",
    "sted",
    "stad",
}


@cache
def data(name: str) -> Any:
    """The content of one of this folder's data files."""
    return parse_yaml(resources.files("scrapers.reading").joinpath(f"{name}.yaml").read_text(encoding="utf-8"))


@lru_cache(maxsize=4096)
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


def is_no_event(label: str) -> bool:
    """Whether a text before a date says that it is no scan's: when the page was made, when the parcel is expected."""
    return bool(_beside().search(fold(label)))


@cache
def _beside() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, data('labels')['no_event']))})")


def is_to_come(name: str) -> bool:
    """Whether a class name says that a step of a way has not been reached."""
    return not set(re.split(r"[^a-z]+", fold(name))).isdisjoint(data("labels")["to_come"])


def is_aside(heading: str) -> bool:
    """Whether a heading stands over news or advice for everybody."""
    return bool(re.search(rf"\b(?:{'|'.join(data('labels')['aside'])})", fold(heading)))


def names_a_number(text: str) -> bool:
    """Whether a text is the label of a tracking number."""
    return _numbering().search(fold(text)) is not None


@cache
def _numbering() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(label) for label in data("labels")["number"]))


def names_another_thing(text: str) -> bool:
    """Whether a text is the label of a number that is no parcel's: an order's, a customer's, a telephone's."""
    return _other_things().search(fold(text)) is not None


@cache
def _other_things() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, data('labels')['other_number']))})")
