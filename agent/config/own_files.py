"""A seller's own carriers, phrases and rules beside the configuration: what is wrong with them, before their use."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from agent import rules
from agent.config.lines import NotYaml, parse
from agent.config.problems import Problem
from agent.enquiries import offices
from agent.policies.nearest import did_you_mean
from agent.vocabulary import carriers, languages, wording
from agent.vocabulary.data import parse_yaml

_PHRASES = ("labels", "intents", "stopwords", "months", "rules", "reasons", "spaced")
_CARRIER = ("id", "name")


def own_folders(folder: Path) -> dict[str, Path]:
    """The folders of data files that lie beside a configuration, by kind."""
    return {
        kind: folder / kind for kind in ("carriers", "phrases", offices.KIND, rules.KIND) if (folder / kind).is_dir()
    }


def problems_of_own_files(folder: Path) -> list[Problem]:
    """One problem for each file that cannot be used, which names it."""
    checks: Mapping[str, Callable[[str, Any], object]] = {
        "carriers": _carrier,
        "phrases": _phrases,
        offices.KIND: offices.from_mapping,
    }
    found: list[Problem] = []
    for kind, check in checks.items():
        for path in sorted((folder / kind).glob("*.yaml")):
            try:
                check(path.stem, parse_yaml(path.read_text(encoding="utf-8")))
            except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
                found.append(Problem(None, f"{kind}/{path.name}", f"cannot be read: {error}"))
            except (TypeError, ValueError, KeyError, AttributeError) as error:
                found.append(Problem(None, f"{kind}/{path.name}", f"cannot be used: {error}"))
    return found + _problems_of_rules(folder / rules.KIND) + _problems_of_code(folder)


def _problems_of_code(folder: Path) -> list[Problem]:
    """What shows of readers without running them; `check` starts them too."""
    found: list[Problem] = []
    for path in [*sorted((folder / "readers").glob("*.py")), *sorted((folder / "carriers").glob("*.py"))]:
        name = f"{path.parent.name}/{path.name}"
        try:
            ast.parse(path.read_bytes())
        except SyntaxError as error:
            found.append(Problem(None, name, f"cannot be used: {error.msg}, line {error.lineno}"))
        except (OSError, ValueError) as error:
            found.append(Problem(None, name, f"cannot be read: {error}"))
    return found


def _problems_of_rules(folder: Path) -> list[Problem]:
    """A figure that eBay's rules do not have is a typing mistake, and a wrong deadline: each is told with its line."""
    found: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        name = f"{rules.KIND}/{path.name}"
        if path.stem not in rules.stems():
            hint = did_you_mean(path.stem, rules.stems())
            found.append(Problem(None, name, "cannot be used: call it ebay.yaml, or as a site: ebay_us.yaml", hint))
            continue
        try:
            located = parse(path.read_text(encoding="utf-8"))
        except NotYaml as bad:
            found += [Problem(None, f"{name}, line {line}", f"cannot be read: {told}") for line, told in bad.faults]
            continue
        except (OSError, UnicodeDecodeError) as error:
            found.append(Problem(None, name, f"cannot be read: {error}"))
            continue
        if not isinstance(located.data, dict):
            found.append(Problem(None, name, "cannot be used: expected names and numbers, such as inr_window_days: 30"))
            continue
        known = rules.names(path.stem)
        for rule, value in located.data.items():
            place = f"{name}, line {located.line((rule,))}"
            if rule not in known:
                elsewhere = "; money stands in a site's file" if rule in rules.names(rules.stems()[-1]) else ""
                hint = did_you_mean(rule, known - {rule})
                found.append(Problem(None, place, f'unknown rule "{rule}"{elsewhere}', "" if elsewhere else hint))
                continue
            try:
                rules.from_mapping({rule: value}, name)
            except ValueError as error:
                found.append(Problem(None, place, f"cannot be used: {error}"))
    return found


def _carrier(stem: str, data: Any) -> None:
    if not isinstance(data, dict) or any(key not in data for key in _CARRIER):
        raise ValueError("a carrier's file needs id and name")
    if data["id"] != stem:
        raise ValueError(f"its id is {data['id']!r}, so it must be called {data['id']}.yaml")
    carriers.from_mapping(data)


def _phrases(language: str, data: Any) -> None:
    if not isinstance(data, dict):
        raise ValueError(f"a file of phrases has the keys {', '.join(_PHRASES)}")  # noqa: TRY004 -- told like the others
    if unknown := sorted(set(data) - set(_PHRASES)):
        raise ValueError(f"unknown key {unknown[0]!r}; known are {', '.join(_PHRASES)}")
    languages.from_mapping(language, data)
    wording.from_mapping(language, {"rules": [], **data})
