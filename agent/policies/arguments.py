"""What may stand after a condition's name, and how it is read: the type is the condition's own annotation."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

from agent.orders.evidence import LEVELS
from agent.orders.order import CaseKind
from agent.policies.catalogue import RISKS
from agent.policies.duration import duration
from agent.policies.hours import Hours, Season, hours, season
from agent.policies.nearest import hint
from agent.vocabulary.carriers import carriers
from agent.vocabulary.events import Intent
from agent.vocabulary.marketplaces import marketplaces
from agent.vocabulary.status import Mode, Reason, TrackingStatus


class BadArgument(ValueError):
    """A value that a condition or an action cannot take; `hint` is the word that was probably meant."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True)
class Words:
    """The words that an argument may hold; `known` is None where any word will do, such as a country's."""

    what: str
    known: Callable[[Path | None], Collection[str]] | None = None
    form: Callable[[str], str] = str.lower
    codes: str = ""
    """Two-letter codes only, such as this one: a country's or language's name would match nothing, its `not` all."""


@dataclass(frozen=True)
class Comparison:
    """A number with how to compare it; a bare number means "at least"."""

    operator: Literal[">=", "<=", ">", "<", "="]
    number: Decimal
    currency: str | None = None

    def holds(self, other: Decimal) -> bool:
        match self.operator:
            case ">=":
                return other >= self.number
            case "<=":
                return other <= self.number
            case ">":
                return other > self.number
            case "<":
                return other < self.number
            case "=":
                return other == self.number


def _carrier_ids(folder: Path | None) -> Collection[str]:
    own = folder / "carriers" if folder else None
    return carriers(own) if own and own.is_dir() else carriers()


_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _weekday(word: str) -> str:
    """`Mon` and `monday` are the same."""
    day = word.lower()
    return day[:3] if day in _WEEK else day


Set = frozenset[str]
Risks = Annotated[Set, Words("risk", lambda _: RISKS)]
Severities = Annotated[Set, Words("severity", lambda _: ("P1", "P2", "P3", "P4"), str.upper)]
Statuses = Annotated[Set, Words("status", lambda _: [s.value for s in TrackingStatus])]
Reasons = Annotated[Set, Words("reason", lambda _: [r.value for r in Reason])]
Sites = Annotated[Set, Words("site", lambda _: marketplaces(), str.upper)]
Countries = Annotated[Set, Words("country", None, str.upper, codes="DE")]
Carriers = Annotated[Set, Words("carrier", _carrier_ids)]
Languages = Annotated[Set, Words("language", codes="de")]
Intents = Annotated[Set, Words("intent", lambda _: get_args(Intent))]
Protections = Annotated[Set, Words("protection", lambda _: ("yes", "no", "unclear"))]
CaseKinds = Annotated[Set, Words("kind of case", lambda _: get_args(CaseKind))]
Weekdays = Annotated[Set, Words("weekday", lambda _: [day[:3] for day in _WEEK], _weekday)]
Texts = Annotated[Set, Words("text", None, str.casefold)]
Modes = Annotated[Set, Words("mode", lambda _: [m.value for m in Mode])]
Evidence = Annotated[str, Words("evidence", lambda _: LEVELS)]
Amount = Annotated[Comparison, "currency"]
Count = Comparison

DURATION: Mapping[str, Any] = {"type": "string", "pattern": r"^\s*(\d{1,6}\s*[smhdwSMHDW]\s*)+$"}
HOURS: Mapping[str, Any] = {"type": "string", "pattern": r"^\s*\d?\d:\d\d\s*[-–]\s*\d?\d:\d\d\s*$"}
_DAYS: Mapping[str, Any] = {"type": "string", "pattern": r"^\s*\d.*[-–].*[A-Za-z]\s*$"}
_NUMBER: Mapping[str, Any] = {
    "anyOf": [
        {"type": "number", "minimum": 0},
        {"type": "string", "pattern": r"^\s*(>=|<=|>|<|=)?\s*\d{1,12}(\.\d{1,4})?\s*([A-Za-z]{3})?\s*$"},
    ]
}

_YES_OR_NO = ("yes", "no", True, False)

_READERS: Mapping[type, Callable[[object], object]] = {timedelta: duration, Hours: hours, Season: season}
_SCHEMAS: Mapping[type, Mapping[str, Any]] = {
    timedelta: DURATION,
    Hours: HOURS,
    Season: _DAYS,
    Comparison: _NUMBER,
    bool: {"enum": list(_YES_OR_NO)},
}

_CODE = re.compile(r"[A-Za-z]{2}")
_COMPARISON = re.compile(r"(>=|<=|>|<|=)?\s*(\d{1,12}(?:\.\d{1,4})?)\s*([A-Za-z]{3})?")


def read_argument(annotation: Any, value: object, folder: Path | None = None) -> object:
    """The value of a condition's argument; raises BadArgument."""
    marks: tuple[Any, ...] = ()
    if get_origin(annotation) is Annotated:
        annotation, *rest = get_args(annotation)
        marks = tuple(rest)
    if annotation in _READERS:
        try:
            return _READERS[annotation](value)
        except ValueError as problem:
            raise BadArgument(str(problem)) from None
    if annotation is bool:
        if value not in _YES_OR_NO:
            raise BadArgument(f"expected yes or no, not {_shown(value)}")
        return value in ("yes", True)
    if annotation is Comparison:
        return _comparison(value, with_currency="currency" in marks)
    words: Words = marks[0]
    if annotation is str:
        return _word(value, words, folder)
    several = value if isinstance(value, list | tuple) else [value]
    if not several:
        raise BadArgument(f"an empty list of {words.what} never matches: name at least one")
    return frozenset(_word(one, words, folder) for one in several)


def _word(value: object, words: Words, folder: Path | None) -> str:
    if words.known is None and isinstance(value, int) and not isinstance(value, bool):
        value = str(value)  # an item's number
    if isinstance(value, bool):  # YAML 1.1 reads a bare yes, no and NO (Norway) as truth values
        value = "yes" if value else "no"
    if not isinstance(value, str) or not value.strip():
        raise BadArgument(f"a {words.what} is a word, not {_shown(value)}")
    word = words.form(value.strip())
    if words.known is not None and word not in (known := words.known(folder)):
        raise BadArgument(f'unknown {words.what} "{value}"', hint(word, known))
    if words.codes and not _CODE.fullmatch(word):
        raise BadArgument(f'"{value}" is no code of a {words.what}: write two letters, such as {words.codes}')
    if word == "UK" and words.what == "country":
        raise BadArgument('unknown country "UK"', 'did you mean "GB"?')
    return word


def _comparison(value: object, *, with_currency: bool) -> Comparison:
    found = None if isinstance(value, bool) else _COMPARISON.fullmatch(str(value).strip())
    if found is None or (found[3] and not with_currency):
        example = '">= 100 EUR"' if with_currency else '">= 2"'
        raise BadArgument(f"{_shown(value)} is no number to compare with: write 2, or {example}")
    operator: Any = found[1] or ">="
    return Comparison(operator, Decimal(found[2]), found[3].upper() if found[3] else None)


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return "a mapping"
    return "a list" if isinstance(value, list) else "nothing" if value is None else f'"{value}"'


def schema_of(annotation: Any) -> dict[str, Any]:
    """The JSON Schema of an argument, for `orderwatch config schema`."""
    marks: tuple[Any, ...] = ()
    if get_origin(annotation) is Annotated:
        annotation, *rest = get_args(annotation)
        marks = tuple(rest)
    if annotation in _SCHEMAS:
        return dict(_SCHEMAS[annotation])
    words: Words = marks[0]
    word: dict[str, Any] = {"type": "string"} if words.known else {"type": ["string", "integer"]}
    if words.codes:
        word = {"type": "string", "pattern": "^[A-Za-z]{2}$"}
    if words.known is not None and words.what != "carrier":  # a seller may add carriers
        known = list(words.known(None))
        word = {"enum": [*known, True, False]} if "yes" in known else {**word, "enum": known}
    return word if annotation is str else {"anyOf": [word, {"type": "array", "items": word, "minItems": 1}]}
