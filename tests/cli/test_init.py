"""`init` turns answers into a configuration that loads; wrong answers are asked for again."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from agent.config import loads
from agent.desk.init import PROVIDERS, home_zone, interview

ANSWERS = [
    "june@gmail.com",
    "imap.gmail.com",
    "smtp.gmail.com",
    "env SHOP_PASSWORD",
    'june "the bell"',
    "EBAY_GB",
    "gmail",
    "june@gmail.com",
    "06:45",
    "Europe/London",
]


def answering(answers: Iterator[str]) -> Callable[[str, str], str]:
    return lambda _question, _offered: next(answers)


def test_answers_become_a_configuration(tmp_path: Path) -> None:
    """It loads, starts in observe, and holds what was said."""
    text = interview(tmp_path / "config.yaml", answering(iter(ANSWERS)), lambda _: None, "UTC")
    settings = loads(text, tmp_path / "config.yaml")

    (mailbox,) = settings.mailboxes
    assert settings.mode == "observe"
    assert mailbox.source == "imaps://june@gmail.com@imap.gmail.com/INBOX"
    assert (mailbox.ebay_username, mailbox.site, mailbox.receiver) == ('june "the bell"', "EBAY_GB", "gmail")
    assert settings.digest is not None
    assert (settings.digest.to, f"{settings.digest.at:%H:%M}") == ("june@gmail.com", "06:45")
    assert "# Only read" in text


def test_a_wrong_answer_is_asked_for_again(tmp_path: Path) -> None:
    """In the words of the configuration's own check."""
    said: list[str] = []
    given = ["june", *ANSWERS[:3], "hunter2", "file", *ANSWERS[3:5], "EBAY_UK", *ANSWERS[5:8], "25:00", *ANSWERS[8:]]

    interview(tmp_path / "config.yaml", answering(iter(given)), said.append, "UTC")

    assert '"june" is no mail address (write the address alone: you@example.com)' in said
    assert 'unknown site "EBAY_UK" (did you mean "EBAY_GB"?)' in said
    assert '"25:00" is no time of day: write "07:30"' in said


def test_servers_of_known_providers_are_offered(tmp_path: Path) -> None:
    """Enter is enough for those; an unknown receiver stays a comment."""
    first = {"Your mail address (the one of your eBay account)": "june@icloud.com", "Your eBay user name": "june"}
    text = interview(tmp_path / "c.yaml", lambda q, offered: first.get(q, offered), lambda _: None, "Asia/Tokyo")
    assert PROVIDERS["icloud.com"].imap in text
    own = first | {"Your mail address (the one of your eBay account)": "june@harbourlane.example"}
    text = interview(tmp_path / "c.yaml", lambda q, offered: own.get(q, offered), lambda _: None, "Asia/Tokyo")
    settings = loads(text, tmp_path / "c.yaml")
    assert settings.mailboxes[0].receiver is None
    assert settings.zone.key == "Asia/Tokyo"


def test_the_zone_of_the_machine(tmp_path: Path) -> None:
    """By the name that /etc/localtime points to, else UTC."""
    assert home_zone(tmp_path / "none") == "UTC"


def test_it_needs_a_terminal(command: Any, tmp_path: Path) -> None:
    """Without one it says what to do instead, and writes nothing."""
    done = command("init", "--config", tmp_path / "config.yaml")

    assert done.code == 2
    assert "needs a terminal" in done.err
    assert not (tmp_path / "config.yaml").exists()


def test_it_asks_before_it_overwrites(tmp_path: Path) -> None:
    """On a terminal, a No leaves the file as it is."""
    path = tmp_path / "config.yaml"
    path.write_text("mine")
    ours, theirs = pty.openpty()
    started = subprocess.Popen(
        [sys.executable, "-c", "from agent.cli import main; main()", "init", "--config", str(path)],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    os.write(ours, b"n\n")
    out, _ = started.communicate(timeout=30)
    os.close(ours)
    os.close(theirs)

    assert started.returncode == 1
    assert b"exists" in out
    assert path.read_text() == "mine"
