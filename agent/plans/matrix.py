"""The matrices as data: rows with the facts that they fit and the steps that they advise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, cast, get_args

from agent.plans.facts import VALUES, Facts
from agent.plans.plan import Kind, Situation
from agent.vocabulary.data import parse_yaml

Condition = Mapping[str, tuple[str, ...]]
"""By fact, the values that fit."""
_ROW = {"row", "when", "situation", "summary", "steps", "watch"}
_STEP = {"kind", "text", "when", "by", "why", "best", "option"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence that is said where its facts hold."""

    text: str
    when: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """A step as the data has it."""

    kind: Kind
    text: str
    when: Condition
    best: tuple[Condition, ...]
    """Recommended where one of these holds; none: never."""
    by: str = ""
    """The name of a time among the facts."""
    why: str = ""
    option: str = ""
    """What of the arithmetic it costs, where its kind alone does not tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    name: str
    situation: Situation
    when: Condition
    summary: str
    steps: tuple[Advice, ...]
    watch: tuple[Sentence, ...]
    because: tuple[Sentence, ...]


def fits(condition: Condition, facts: Facts) -> bool:
    """Whether every fact that is asked for has one of its values."""
    return all(facts.words[name] in values for name, values in condition.items())


@cache
def rows(matrix: str) -> tuple[Row, ...]:
    """The rows of `cancelled`, `not_received`, `dispute` or `return`. Raises ValueError for data that says nonsense."""
    data = parse_yaml(resources.files(__package__).joinpath(f"{matrix}.yaml").read_text(encoding="utf-8"))
    because = tuple(_sentence(one, matrix) for one in data["because"])
    return tuple(_row(one, data["situation"], because, matrix) for one in data["rows"])


def row_of(matrix: str, facts: Facts) -> Row | None:
    """The first row that fits."""
    return next((row for row in rows(matrix) if fits(row.when, facts)), None)


def _row(data: Mapping[str, Any], situation: str, because: tuple[Sentence, ...], matrix: str) -> Row:
    where = f"{matrix}.yaml, row {data['row']}"
    _known(data, _ROW, where)
    named = data.get("situation", situation)
    if named not in get_args(Situation):
        raise ValueError(f"{where}: no situation is called {named!r}")
    return Row(
        name=data["row"],
        situation=cast(Situation, named),
        when=_condition(data["when"], where),
        summary=data["summary"],
        steps=tuple(_steps(data["steps"], where)),
        watch=tuple(_sentence(one, where) for one in data["watch"]),
        because=because,
    )


def _steps(found: list[Mapping[str, Any]], where: str) -> Iterator[Advice]:
    for data in found:
        _known(data, _STEP, where)
        if data["kind"] not in get_args(Kind):
            raise ValueError(f"{where}: no step is of the kind {data['kind']!r}")
        yield Advice(
            kind=cast(Kind, data["kind"]),
            text=data["text"],
            when=_condition(data.get("when", {}), where),
            best=tuple(_condition(one, where) for one in _any_of(data.get("best"))),
            by=data.get("by", ""),
            why=data.get("why", ""),
            option=data.get("option", ""),
        )


def _any_of(best: Any) -> list[Mapping[str, Any]]:
    """`true`, one condition, or a list of which one has to hold."""
    return [{}] if best is True else best if isinstance(best, list) else [best] if best else []


def _sentence(data: Mapping[str, Any], where: str) -> Sentence:
    _known(data, {"text", "when"}, where)
    return Sentence(text=data["text"], when=_condition(data.get("when", {}), where))


def _condition(data: Mapping[str, Any], where: str) -> Condition:
    found = {name: tuple(value) if isinstance(value, list) else (value,) for name, value in data.items()}
    for name, values in found.items():
        if wrong := [value for value in values if value not in VALUES.get(name, ())]:
            raise ValueError(f"{where}: {name} is never {wrong[0]!r}")
    return found


def _known(data: Mapping[str, Any], keys: set[str], where: str) -> None:
    if strange := sorted(set(data) - keys):
        raise ValueError(f"{where}: nobody knows {strange[0]!r}")
