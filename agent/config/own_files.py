"""A seller's own carriers and phrases beside the configuration: what is wrong with them, told before they are used."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from agent.config.problems import Problem
from agent.vocabulary import carriers, languages, wording
from agent.vocabulary.data import parse_yaml

_PHRASES = ("labels", "intents", "stopwords", "months", "rules", "reasons", "spaced")
_CARRIER = ("id", "name")


def own_folders(folder: Path) -> dict[str, Path]:
    """The folders of data files that lie beside a configuration, by kind."""
    return {kind: folder / kind for kind in ("carriers", "phrases") if (folder / kind).is_dir()}


def problems_of_own_files(folder: Path) -> list[Problem]:
    """One problem for each file that cannot be used, which names it."""
    checks: Mapping[str, Callable[[str, Any], object]] = {"carriers": _carrier, "phrases": _phrases}
    found: list[Problem] = []
    for kind, check in checks.items():
        for path in sorted((folder / kind).glob("*.yaml")):
            try:
                check(path.stem, parse_yaml(path.read_text(encoding="utf-8")))
            except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
                found.append(Problem(None, f"{kind}/{path.name}", f"cannot be read: {error}"))
            except (TypeError, ValueError, KeyError, AttributeError) as error:
                found.append(Problem(None, f"{kind}/{path.name}", f"cannot be used: {error}"))
    return found + _problems_of_code(folder)


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
