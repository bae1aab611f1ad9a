"""Imports run one way, and only the edge touches the world."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PURE = (
    "agent/rules",
    "agent/orders",
    "agent/verification",
    "agent/enquiries",
    "agent/dossier",
    "agent/plans",
    "agent/approvals",
    "agent/risks",
    "agent/policies",
    "agent/replies",
    "agent/digest",
)
PURE_LIBRARIES = {
    "babel",
    "css_inline",
    "dateutil",
    "holidays",
    "jinja2",
    "pydantic",
    "yaml",
    "markupsafe",
    "rapidfuzz",
}
TOUCH_THE_WORLD = {
    "os",
    "socket",
    "subprocess",
    "shutil",
    "tempfile",
    "logging",
    "threading",
    "asyncio",
    "random",
    "time",
}
REAL_THINGS = {
    "mail.boxes.sources",
    "mail.boxes.imap",
    "mail.worker.isolation",
    "mail.worker.pool",
    "scrapers.looker",
    "scrapers.visiting.browser",
    "scrapers.visiting.browsing",
}
EDGE = {
    "agent/daemon.py",
    "agent/cli.py",
    "agent/commands/claims.py",
    "agent/commands/reading.py",
    "agent/commands/work.py",
    "agent/desk/checkup.py",
    "agent/demo/run.py",
}
"""Where real things are built (daemon, the commands), tried out (checkup) or shown (demo)."""


def sources(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def imports(tree: ast.Module) -> Iterator[str]:
    """Dotted names of all imports, those inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide who imports whom"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_under(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def is_standard(name: str) -> bool:
    return name.split(".")[0] in sys.stdlib_module_names


def wrong(folder: str, allowed: tuple[str, ...], libraries: set[str] | None) -> list[str]:
    """Imports of a folder that are neither allowed, standard, nor of these libraries (None: any library)."""
    ours = {"agent", "mail", "scrapers"}
    return [
        f"{name} imports {imported}"
        for name, tree in sources(folder)
        for imported in imports(tree)
        if not is_under(imported, *allowed)
        and (imported.split(".")[0] in ours or (libraries is not None and not is_standard(imported)))
        and (libraries is None or imported.split(".")[0] not in libraries)
        and imported not in {"agent", "mail", "scrapers"}
    ]


def test_the_vocabulary_imports_only_the_standard_library_and_a_yaml_loader() -> None:
    """The ground floor rests on nothing of ours."""
    assert wrong("agent/vocabulary", ("agent.vocabulary",), {"yaml"}) == []


@pytest.mark.parametrize("wing", ["mail", "scrapers"])
def test_a_wing_knows_only_itself_and_the_vocabulary(wing: str) -> None:
    """mail/ and scrapers/ never import each other, nor judgement."""
    assert wrong(wing, (wing, "agent.vocabulary"), None) == []


@pytest.mark.parametrize("folder", PURE)
def test_pure_folders_import_only_pure_things(folder: str) -> None:
    """Orders, risks, policies, replies and digest know the vocabulary, each other and pure libraries."""
    allowed = ("agent.vocabulary", *(name.replace("/", ".") for name in PURE))

    assert wrong(folder, allowed, PURE_LIBRARIES) == []


def test_looking_decides_by_values_alone() -> None:
    """When to look and whom to ask rests on pure folders and on the values and manners of looks."""
    of_looks = ("scrapers.look", "scrapers.manners", "scrapers.page")
    allowed = ("agent.vocabulary", "agent.looking", *(name.replace("/", ".") for name in PURE), *of_looks)

    assert wrong("agent/looking", allowed, PURE_LIBRARIES) == []


@pytest.mark.parametrize("folder", [*PURE, "agent/vocabulary", "agent/looking"])
def test_pure_folders_do_not_touch_the_world(folder: str) -> None:
    """No clock, environment, network, process or log in what judges."""
    touched = [
        f"{name} imports {imported}"
        for name, tree in sources(folder)
        for imported in imports(tree)
        if imported.split(".")[0] in TOUCH_THE_WORLD
    ]

    assert touched == []


def test_only_the_edge_builds_real_things() -> None:
    """Mailboxes, browsers and worker processes are opened by the daemon and the command line alone."""
    built = [
        f"{name} imports {imported}"
        for name, tree in sources("agent")
        for imported in imports(tree)
        if is_under(imported, *REAL_THINGS) and name not in EDGE
    ]

    assert built == []


def test_only_the_edge_asks_what_time_it_is() -> None:
    """Everywhere else `now` is a parameter."""
    asked = [
        f"{name}:{node.lineno}"
        for name, tree in sources("agent", "mail/readers")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"now", "utcnow", "today"}
        and isinstance(node.value, ast.Name)
        and node.value.id in {"datetime", "date"}
        and name not in EDGE
    ]

    assert asked == []
