"""What is wrong with a configuration, in a seller's words: every problem at once, each with its line."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from agent.config.lines import Located, Where
from agent.policies.nearest import hint


@dataclass(frozen=True)
class Problem:
    """One thing to mend. `path` is `mailboxes[0].source`; empty for the file as a whole."""

    line: int | None
    path: str
    message: str
    hint: str = ""

    def told(self, file: str) -> str:
        """`config.yaml:12: policies[0].when: unknown condition "no_scan_fro" (did you mean "no_scan_for"?)`."""
        place = file if self.line is None else f"{file}:{self.line}"
        return ": ".join(part for part in (place, self.path, self.message) if part) + (
            f" ({self.hint})" if self.hint else ""
        )


class ConfigProblems(Exception):
    """A configuration that cannot be used."""

    def __init__(self, problems: Iterable[Problem], file: str = "config.yaml") -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.line or 0, problem.path)))
        self.file = file
        super().__init__("\n".join(problem.told(file) for problem in self.problems))


class Told(ValueError):
    """A value's problem with a hint, from inside a validator."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def dotted(where: Where) -> str:
    """`("mailboxes", 0, "source")` as `mailboxes[0].source`."""
    text = ""
    for step in where:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


_EXPECTED = {
    "string_type": "expected a text",
    "int_type": "expected a whole number",
    "int_parsing": "expected a whole number",
    "int_from_float": "expected a whole number",
    "float_type": "expected a number",
    "float_parsing": "expected a number",
    "bool_type": "expected true or false",
    "bool_parsing": "expected true or false",
    "list_type": "expected a list: start each entry with -",
    "tuple_type": "expected a list: start each entry with -",
    "dict_type": "expected keys and values",
    "model_type": "expected keys and values",
    "model_attributes_type": "expected keys and values",
    "greater_than_equal": "expected no less than",
}


def problems_of(
    error: ValidationError, located: Located, keys: Callable[[Where], Collection[str]], within: Where = ()
) -> list[Problem]:
    """pydantic's findings in our words; `keys` gives the keys that a place may have."""
    found = [dict(one) for one in error.errors(include_url=False)]
    # a list whose every entry is wrong counts as too short as well: the entries say it better
    told = [one for one in found if one["type"] != "too_short" or not one["input"]]
    return [_problem(one, located, keys, within) for one in told]


def _problem(
    found: dict[str, Any], located: Located, keys: Callable[[Where], Collection[str]], within: Where
) -> Problem:
    where: Where = (*within, *found["loc"])
    kind, given = found["type"], found.get("input")
    line = located.line(where)
    if kind == "extra_forbidden":
        close = hint(where[-1], keys(where[:-1]))
        return Problem(line, dotted(where[:-1]), f'unknown key "{where[-1]}"', close)
    if kind == "missing":
        return Problem(located.line(where[:-1]), dotted(where[:-1]), f'missing "{where[-1]}"')
    if kind == "enum":
        wanted = str(found["ctx"]["expected"]).replace("'", "")
        words = wanted.replace(" or ", ", ").split(", ")
        return Problem(line, dotted(where), f'unknown {where[-1]} "{given}"', hint(given, words))
    if kind == "too_short":
        return Problem(line, dotted(where), "expected at least one entry")
    if kind == "value_error":
        cause = found["ctx"]["error"]
        return Problem(line, dotted(where), str(cause), getattr(cause, "hint", ""))
    expected = _EXPECTED.get(kind)
    if expected is None:
        return Problem(line, dotted(where), str(found["msg"]))
    if kind == "greater_than_equal":
        return Problem(line, dotted(where), f"{expected} {found['ctx']['ge']}, not {given}")
    quote = "put it in quotes" if kind == "string_type" and isinstance(given, int | float) else ""
    return Problem(line, dotted(where), f"{expected}, not {_shown(given)}", quote)


def _shown(given: object) -> str:
    if given is None:
        return "nothing"
    if isinstance(given, dict):
        return "keys and values"
    return "a list" if isinstance(given, list) else f'"{str(given)[:60]}"'
