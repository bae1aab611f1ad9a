"""Reply templates: `<situation>/<language>.md` beside this module, and a seller's own beside the configuration.

`en-US.md` speaks to American buyers; without it `en.md` does, with American dates.

A file starts with front matter (`situation`, `language`, `facts`, `may_use`, `max_length`) between two lines of `---`;
the rest is Jinja2 that may use these facts and nothing else. A seller's file replaces the shipped one of its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml
from jinja2 import StrictUndefined, TemplateSyntaxError, meta
from jinja2 import Template as JinjaTemplate
from jinja2.sandbox import ImmutableSandboxedEnvironment

from agent.policies.nearest import did_you_mean
from agent.replies.dialects import base
from agent.replies.facts import FACTS
from agent.vocabulary.data import parse_yaml

MAX_LENGTH = 900
"""Characters of a reply, unless its front matter says less."""

_FRONT = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
_LANGUAGE = re.compile(r"[a-z]{2}(?:-[A-Z]{2})?")
_KEYS = {"situation", "language", "facts", "may_use", "max_length"}


class BadTemplate(ValueError):
    """A template file that cannot be used; the message names the file and what to mend."""


@dataclass(frozen=True, kw_only=True)
class Template:
    situation: str
    language: str
    facts: tuple[str, ...]
    """Without these there is no reply."""
    may_use: tuple[str, ...] = ()
    """Used where they are known."""
    max_length: int = MAX_LENGTH
    body: str
    starts_at: int = 1
    """The line of the file on which the body starts."""


@dataclass(frozen=True)
class TemplateFile:
    situation: str
    language: str
    entry: Traversable

    @property
    def name(self) -> str:
        """As a seller knows it."""
        return f"replies/{self.situation}/{self.language}.md"


def environment() -> ImmutableSandboxedEnvironment:
    """Jinja2 with nothing in it: no globals, no filters, only the tests `defined` and `undefined`."""
    env = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.clear()
    env.filters.clear()
    env.tests = {name: env.tests[name] for name in ("defined", "undefined")}
    return env


@lru_cache(maxsize=1000)
def compiled(body: str) -> JinjaTemplate:
    """A template's text, ready to be filled in any number of times."""
    return environment().from_string(body)


def read_template(text: str, name: str) -> Template:
    """The template of a file's text; raises BadTemplate. `name` is shown in the message."""
    parts = _FRONT.match(text.replace("\r\n", "\n"))
    if parts is None:
        raise BadTemplate(f"{name}: start with front matter between two lines of ---")
    try:
        front = parse_yaml(parts[1])
    except yaml.YAMLError as error:
        raise BadTemplate(f"{name}: the front matter is no valid YAML ({error})") from None
    if not isinstance(front, Mapping) or set(front) - _KEYS or not {"situation", "language", "facts"} <= set(front):
        raise BadTemplate(f"{name}: front matter holds situation, language, facts, and if you like may_use, max_length")
    above = parts.start(2) + len(parts[2]) - len(parts[2].lstrip())
    template = Template(
        situation=str(front["situation"]),
        language=str(front["language"]),
        facts=_words(front["facts"], name),
        may_use=_words(front.get("may_use"), name),
        max_length=_length(front.get("max_length", MAX_LENGTH), name),
        body=parts[2].strip(),
        starts_at=parts.string[:above].count("\n") + 1,
    )
    _check(template, name)
    return template


def _words(value: Any, name: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise BadTemplate(f"{name}: facts and may_use are lists of names")
    return tuple(value)


def _length(value: Any, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MAX_LENGTH:
        raise BadTemplate(f"{name}: max_length is a number up to {MAX_LENGTH}")
    return value


def _check(template: Template, name: str) -> None:
    try:
        used = meta.find_undeclared_variables(environment().parse(template.body))
        compiled(template.body)
    except TemplateSyntaxError as error:
        raise BadTemplate(f"{name}:{template.starts_at + error.lineno - 1}: {error.message}") from None
    except RecursionError:
        raise BadTemplate(f"{name}: nested too deep") from None
    unknown = sorted(used - set(template.facts) - set(template.may_use))
    if unknown:
        which = "which stands" if len(unknown) == 1 else "which stand"
        meant = [told for word in unknown if word not in FACTS and (told := did_you_mean(word, FACTS))]
        hint = f" ({' '.join(meant)})" if meant else ""
        line = line_of(unknown[0], template)
        raise BadTemplate(f"{name}:{line}: uses {', '.join(unknown)}, {which} neither in facts nor in may_use{hint}")


def line_of(word: str, template: Template) -> int:
    """The line of the file on which the body has a word first; where it starts if it has it nowhere."""
    lines = template.body.split("\n")
    found = (number for number, line in enumerate(lines) if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", line))
    return template.starts_at + next(found, 0)


@cache
def templates(*folders: Path) -> Mapping[tuple[str, str], Template]:
    """Every template by (situation, language); files in `folders` replace shipped ones. Raises BadTemplate."""
    return read_templates(resources.files("agent.replies"), *folders)


def read_templates(*roots: Traversable) -> Mapping[tuple[str, str], Template]:
    """As `templates`, of these folders alone, read anew; later ones replace earlier ones."""
    found: dict[tuple[str, str], Template] = {}
    for root in roots:
        own = {(template.situation, template.language): template for template in _read(root)}
        # Whoever replaces `en` means every English: a regional text of before must not outlive it.
        found = {key: kept for key, kept in found.items() if (key[0], base(key[1])) not in own} | own
    return found


def _read(root: Traversable) -> Iterator[Template]:
    return (read_file(file)[0] for file in template_files(root))


def read_file(file: TemplateFile) -> tuple[Template, str]:
    """The template, and the text of its file. Raises BadTemplate."""
    try:
        text = file.entry.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadTemplate(f"{file.name}: cannot be read ({error})") from None
    template = read_template(text, file.name)
    if (template.situation, template.language) != (file.situation, file.language):
        raise BadTemplate(f"{file.name}: its front matter says {template.situation}/{template.language}")
    return template, text


def situations(*folders: Path) -> tuple[str, ...]:
    """The names of all situations that have a template, in order; reads no file."""
    return tuple(sorted({file.situation for file in template_files(resources.files("agent.replies"), *folders)}))


def template_files(*roots: Traversable) -> Iterator[TemplateFile]:
    """The files of templates in these folders, in order; reads none."""
    for root in roots:
        if not root.is_dir():
            continue
        for folder in sorted(root.iterdir(), key=lambda entry: entry.name):
            if not folder.is_dir() or not _NAME.fullmatch(folder.name):
                continue
            for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
                language = entry.name.removesuffix(".md")
                if entry.name.endswith(".md") and _LANGUAGE.fullmatch(language):
                    yield TemplateFile(folder.name, language, entry)
