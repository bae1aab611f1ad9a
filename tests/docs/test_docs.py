"""The documentation is true: its YAML loads, its files exist, its commands are the command's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from agent.cli import app
from agent.config import loads
from agent.config.lines import parse

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]  # decisions are history
TEXTS = {page.relative_to(ROOT).as_posix(): page.read_text(encoding="utf-8") for page in PAGES}
BLOCKS = [(name, block) for name, text in TEXTS.items() for block in re.findall(r"```ya?ml\n(.*?)```", text, re.DOTALL)]
MINIMAL = {
    "mailboxes": "mailboxes: [{name: shop, source: 'maildir:mail'}]\n",
    "outgoing": "outgoing: {transport: 'maildir:out', from: seller@example.com}\n",
}
ROOTS = ("agent/", "mail/", "scrapers/", "tests/", "docs/", "bench/")


@pytest.mark.parametrize(("page", "block"), BLOCKS)
def test_every_configuration_shown_loads(page: str, block: str, tmp_path: Path) -> None:
    """Merged into a minimal one by its top-level keys."""
    del page  # names the case
    given = parse(block).data
    assert loads(block + "".join(text for key, text in MINIMAL.items() if key not in given), tmp_path / "config.yaml")


@pytest.mark.parametrize("page", TEXTS)
def test_every_file_named_exists(page: str) -> None:
    """Links relative to the page, and paths of ours in `code`, are files, but for patterns and new files to write."""
    text = TEXTS[page]
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
    assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []
    prose = re.sub(r"```.*?```", "", text.partition("# Adding things")[0], flags=re.DOTALL)
    named = [word for word in re.findall(r"`([\w./-]+)`", prose) if word.startswith(ROOTS)]
    assert [word for word in named if not ROOT.joinpath(word).exists()] == []


def command_names() -> set[str]:
    group = typer.main.get_command(app)
    return set(getattr(group, "commands", {}))


def test_every_command_of_the_table_exists_and_the_other_way_round() -> None:
    """What README's table lists is what `orderwatch --help` lists."""
    table = TEXTS["README.md"].partition("## Commands")[2].partition("Exit codes")[0]
    rows = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    listed = {cell.split()[0] for row in rows for cell in re.findall(r"`([^`]+)`", row)}
    assert listed == command_names()


@pytest.mark.parametrize("page", TEXTS)
def test_every_command_typed_exists(page: str) -> None:
    """`orderwatch WORD` in text or in a block is a command."""
    shells = "\n".join(re.findall(r"```sh\n(.*?)```", TEXTS[page], re.DOTALL))
    typed = set(re.findall(r"`orderwatch ([a-z]+)", TEXTS[page]))
    typed |= set(re.findall(r"^orderwatch ([a-z]+)", shells, re.MULTILINE))
    assert typed <= command_names()


def test_every_command_says_what_it_does() -> None:
    """One line of help each."""
    group = typer.main.get_command(app)
    for name, command in getattr(group, "commands", {}).items():
        assert command.get_short_help_str(200), name
