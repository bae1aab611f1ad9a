"""A template tried over example facts: what would be refused when a buyer waits is told before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

from jinja2 import UndefinedError

from agent.policies.nearest import did_you_mean
from agent.replies.compose import render
from agent.replies.facts import FACTS
from agent.replies.lint import lint
from agent.replies.names import wrong_name
from agent.replies.templates import BadTemplate, Template, line_of
from agent.vocabulary.data import parse_yaml

_NUMBERS = ("order", "tracking_number", "replacement_number", "replaced_number", "old_number", "corrected_number")


def faults(template: Template, text: str) -> tuple[str, ...]:
    """Why it cannot be used as it stands in `text`, its file: each with file and line."""
    found = [
        f"{_file(template)}:{_front_line(name, text)}: {name} is no fact{_meant(name)}"
        for name in (*template.facts, *template.may_use)
        if name not in FACTS
    ]
    return tuple(dict.fromkeys([*found, *_unrendered(template)]))


def remarks(template: Template) -> tuple[str, ...]:
    """Why its text may not leave, each with file and line."""
    facts = examples()
    known = {facts[name] for name in _NUMBERS} | {facts["missing_number"]}
    found: list[str] = []
    for values in (facts, _without(facts, template.may_use)):
        try:
            text = render(template, values)
        except BadTemplate:
            continue  # a fault, told as such
        found += lint(text, known, quoted=[facts["item"]], max_length=template.max_length)
        if stranger := wrong_name(text, [facts["buyer_name"]]):
            found.append(f"greets {stranger}: write {{{{ buyer_name }}}}")
    return tuple(f"{_file(template)}:{_told_on(one, template)}: {one}" for one in dict.fromkeys(found))


@cache
def examples() -> Mapping[str, str]:
    """Each fact of `FACTS` as it may be told."""
    text = resources.files("agent.replies").joinpath("examples.yaml").read_text(encoding="utf-8")
    return {name: str(value) for name, value in parse_yaml(text).items()}


def _unrendered(template: Template) -> Iterator[str]:
    """With all facts, then without each of those that are not always known, then without them all."""
    facts = {**dict.fromkeys(template.facts, "…"), **dict.fromkeys(template.may_use, "…"), **examples()}
    for absent in ((), *((name,) for name in template.may_use), template.may_use):
        try:
            render(template, _without(facts, absent))
        except BadTemplate as bad:
            name = next((one for one in absent if f"'{one}' is undefined" in str(bad)), None)
            if name is None or not isinstance(bad.__cause__, UndefinedError):
                yield str(bad)
                continue
            line = str(bad).removeprefix(f"{_file(template)}:").partition(":")[0]
            around = f"write {{% if {name} is defined %}} before it and {{% endif %}} after it"
            yield f"{_file(template)}:{line}: {name} is not always known: {around}, or name it in facts"


def _without(facts: Mapping[str, str], names: tuple[str, ...]) -> Mapping[str, str]:
    return {name: value for name, value in facts.items() if name not in names}


def _file(template: Template) -> str:
    return f"replies/{template.situation}/{template.language}.md"


def _front_line(name: str, text: str) -> int:
    return next((number for number, line in enumerate(text.splitlines(), start=1) if name in line), 1)


def _told_on(problem: str, template: Template) -> int:
    """The line that holds the first of the words that a finding names."""
    named = problem.partition(": ")[2].partition(" … ")[0]
    return line_of(named, template)


def _meant(name: str) -> str:
    meant = did_you_mean(name, FACTS)
    return f" ({meant})" if meant else f": the facts are {', '.join(FACTS)}"
