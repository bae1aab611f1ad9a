"""Reading the YAML data files that lie beside the code, and a seller's own beside the configuration."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

_OURS = ("agent", "mail", "scrapers")
_own: dict[str, Path] = {}
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse_yaml(text: str) -> Any:
    """The plain values of a YAML text; raises yaml.YAMLError."""
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 -- CSafeLoader is the safe loader in C


def use(folders: Mapping[str, Path]) -> None:
    """From now on a seller's own files of a kind (`carriers`, `phrases`) count too. Once, before anything is read.

    Other folders than before make this process forget all that it remembers of data.
    """
    if folders == _own:
        return
    _own.clear()
    _own.update(folders)
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in _OURS:
            for value in list(vars(module).values()):
                if forget := getattr(value, "cache_clear", None):
                    forget()


def own_folder(kind: str) -> Path | None:
    """Where a seller's own files of a kind lie, where there are any."""
    return _own.get(kind)


def data_files(package: str, kind: str | None = None) -> Iterator[tuple[str, Any]]:
    """Name without suffix and content of each YAML file: the package's own in order, then the seller's of that kind.

    Raises yaml.YAMLError or OSError.
    """
    for entry in sorted(resources.files(package).iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".yaml"):
            yield entry.name.removesuffix(".yaml"), parse_yaml(entry.read_text(encoding="utf-8"))
    if kind in _own:
        for path in sorted(_own[kind].glob("*.yaml")):
            yield path.stem, parse_yaml(path.read_text(encoding="utf-8"))
