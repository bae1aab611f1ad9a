"""A reply's text of its situation, language and facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from traceback import walk_tb

from jinja2 import TemplateError

from agent.replies.dialects import fallbacks
from agent.replies.templates import BadTemplate, Template, compiled, templates


class MissingFacts(ValueError):
    """The reply would have a blank: it is not written. `facts` names what nobody knows."""

    def __init__(self, situation: str, facts: Sequence[str]) -> None:
        super().__init__(f"{situation} needs {', '.join(fact.replace('_', ' ') for fact in facts)}, which nobody knows")
        self.facts = tuple(facts)


@dataclass(frozen=True)
class Reply:
    situation: str
    language: str
    text: str
    """Plain text, not linted yet, without the reference line."""
    max_length: int


def compose(situation: str, language: str, facts: Mapping[str, str], folders: Sequence[Path] = ()) -> Reply:
    """The reply in this language or its fallback, from facts told in the same.

    Raises MissingFacts where a required fact is absent or empty, BadTemplate where the seller's template is at fault.
    """
    template = template_for(situation, language, folders)
    missing = [fact for fact in template.facts if not facts.get(fact)]
    if missing:
        raise MissingFacts(situation, missing)
    return Reply(situation, template.language, render(template, facts), template.max_length)


def render(template: Template, facts: Mapping[str, str]) -> str:
    """The text of a template with those of its facts that are known. Raises BadTemplate with the line."""
    values = {name: str(facts[name]) for name in (*template.facts, *template.may_use) if facts.get(name)}
    try:
        text = compiled(template.body).render(values)
    except (TemplateError, ArithmeticError, TypeError, ValueError, LookupError, RecursionError) as error:
        place = f"replies/{template.situation}/{template.language}.md:{_line(error, template)}"
        raise BadTemplate(f"{place}: {type(error).__name__}: {error}") from error
    return _tidy(text)


def _line(error: BaseException, template: Template) -> int:
    """Where in the file it happened: Jinja2 gives the template a frame of its own in the traceback."""
    frames = (line for frame, line in walk_tb(error.__traceback__) if frame.f_code.co_filename == "<template>")
    return template.starts_at + max(frames, default=1) - 1


def template_for(situation: str, language: str, folders: Sequence[Path] = ()) -> Template:
    """The template of a situation: in `en-US`, else in `en`; in English where the language has none. BadTemplate."""
    known = templates(*folders)
    for wanted in fallbacks(language):
        if (situation, wanted) in known:
            return known[situation, wanted]
    raise BadTemplate(f"replies/{situation}/{language}.md: there is no such template, nor an English one")


def _tidy(text: str) -> str:
    """No blanks at line ends, no more than one empty line in a row."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines)
