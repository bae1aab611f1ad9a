"""Reading the YAML data files that lie beside the code, and a seller's own beside the configuration."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse_yaml(text: str) -> Any:
    """The plain values of a YAML text; raises yaml.YAMLError."""
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 -- CSafeLoader is the safe loader in C


def data_files(package: str, *folders: Path) -> Iterator[tuple[str, Any]]:
    """Name without suffix and content of each YAML file: the package's own in order, then those of `folders`."""
    for entry in sorted(resources.files(package).iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".yaml"):
            yield entry.name.removesuffix(".yaml"), parse_yaml(entry.read_text(encoding="utf-8"))
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")):
            yield path.stem, parse_yaml(path.read_text(encoding="utf-8"))
