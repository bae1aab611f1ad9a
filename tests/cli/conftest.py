"""The sample shop as a user has it on disk, and the command as a user types it."""

from __future__ import annotations

import io
import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from agent import cli
from agent.demo.mails import write_maildir
from agent.demo.story import load_story

CONFIG = """\
mode: {mode}
store: sqlite:///orderwatch.db
clock: {clock}
mailboxes:
  - name: shop
    source: {source}
    registered_address: june@harbourlane.example
    ebay_username: harbour-lane-curios
    site: EBAY_US
    receiver: mx.example.com
outgoing: {{transport: "{transport}", from: june@harbourlane.example}}
digest: {{to: june@harbourlane.example, at: "07:30", timezone: America/Los_Angeles}}
looking: {{enabled: false}}
"""


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


Command = Callable[..., Done]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Command:
    """`command("orders", "--json")` in this process: the same entry point, without the start of an interpreter."""
    monkeypatch.setattr(logging, "basicConfig", lambda **_: None)  # the test run has its own

    def run(*arguments: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["orderwatch", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.StringIO())  # nobody at the keyboard
        out, err = io.StringIO(), io.StringIO()
        code: object = 0
        with redirect_stdout(out), redirect_stderr(err):
            try:
                cli.main()
            except SystemExit as end:
                code = end.code
        return Done(code if isinstance(code, int) else 0, out.getvalue(), err.getvalue())

    return run


@pytest.fixture
def process() -> Callable[..., subprocess.Popen[str]]:
    """The command as a process of its own."""

    def start(*arguments: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", "from agent.cli import main; main()", *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "SHOP_PASSWORD": "brass-bell"},
        )

    return start


@pytest.fixture
def write_config(tmp_path: Path) -> Callable[..., Path]:
    """A valid configuration over an empty Maildir in `tmp_path`; keywords change it."""

    def write(
        text: str | None = None,
        *,
        mode: str = "draft",
        source: str = "maildir:mailbox",
        transport: str = "maildir:sent",
    ) -> Path:
        for part in ("cur", "new", "tmp"):
            (tmp_path / "mailbox" / part).mkdir(parents=True, exist_ok=True)
        clock = load_story().clock.isoformat()
        path = tmp_path / "config.yaml"
        if text is None:
            text = CONFIG.format(mode=mode, clock=clock, source=source, transport=transport)
        path.write_text(text)
        return path

    return write


@pytest.fixture(scope="session")
def _played_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    story = load_story()
    write_maildir(story, folder / "mailbox", story.clock)
    text = CONFIG.format(
        mode="draft", clock=story.clock.isoformat(), source="maildir:mailbox", transport="maildir:sent"
    )
    (folder / "config.yaml").write_text(text)
    once = [sys.executable, "-c", "from agent.cli import main; main()", "once", "--json", "--config"]
    done = subprocess.run([*once, str(folder / "config.yaml")], capture_output=True, text=True, check=True)
    (folder / "once.json").write_text(done.stdout)
    return folder


@pytest.fixture
def shop(_played_once: Path, tmp_path: Path) -> Path:
    """The configuration of the sample shop after one pass over its month, for this test alone."""
    shutil.copytree(_played_once, tmp_path / "shop")
    return tmp_path / "shop" / "config.yaml"
