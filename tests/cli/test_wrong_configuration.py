"""Whatever is wrong in the configuration or around it: one clear message, exit code 2 or 3, never a traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.demo.dovecot import find_dovecot, running_dovecot
from mail.boxes.imap import ImapSource

Command = Callable[..., Any]
Write = Callable[..., Path]

BASE = """\
mode: observe
store: sqlite:///orderwatch.db
mailboxes:
  - name: shop
    source: maildir:mailbox
    receiver: mx.example.com
outgoing: {transport: "maildir:sent", from: june@harbourlane.example}
looking: {enabled: false}
"""
POLICY = "policies: [{{name: late, when: [{when}], then: [{then}]}}]\n"
IMAP = "imap://june@127.0.0.1:1/INBOX\n    password: {way}"


def changed(old: str, new: str) -> str:
    assert old in BASE
    return BASE.replace(old, new)


def with_password(way: str) -> str:
    return changed("maildir:mailbox", IMAP.replace("{way}", way))


WRONG = {
    "unknown key": (BASE + "polll: 5m\n", 'config.yaml:9: unknown key "polll" (did you mean "poll"?)'),
    "bad duration": (BASE + "poll: soon\n", 'config.yaml:9: poll: bad duration "soon"'),
    "no pause": (BASE + "poll: 0s\n", 'config.yaml:9: poll: "0s" is out of range: write 10s to 1d'),
    "endless pause": (BASE + "poll: 9w\n", 'config.yaml:9: poll: "9w" is out of range'),
    "unknown condition": (
        BASE + POLICY.format(when="no_scan_fro: 3d", then="flag: x"),
        'config.yaml:9: policies[0].when: unknown condition "no_scan_fro" (did you mean "no_scan_for"?)',
    ),
    "unknown action": (
        BASE + POLICY.format(when="risk: inr_opened", then="refund: x"),
        "config.yaml:9: policies[0].then",
    ),
    "missing template": (
        BASE + POLICY.format(when="risk: inr_opened", then="draft: nosuch"),
        'config.yaml:9: policies[0].then: no reply template "nosuch"',
    ),
    "bad YAML": (BASE + "  x: [\n", "config.yaml:9: not valid YAML"),
    "wrong type": (
        changed("enabled: false", "enabled: maybe"),
        "config.yaml:8: looking.enabled: expected true or false",
    ),
    "empty": ("", 'config.yaml:1: missing "mailboxes"'),
    "clock in live": (
        changed("observe", "live") + "clock: 2026-11-25T07:30:00-08:00\n",
        "config.yaml:9: clock: clock is for tests and demo: refused in mode live",
    ),
    "connect_to in live": (
        changed("observe", "live").replace("enabled: false", "connect_to: 127.0.0.1:8099"),
        "config.yaml:8: looking.connect_to",
    ),
    "drafts folder without a server": (
        changed("example}", "example, drafts_folder: Drafts}"),
        "config.yaml:7: outgoing.drafts_folder: no mailbox is on an IMAP server, which has such a folder "
        "(give one of your mailboxes an imaps:// source, or take this line out)",
    ),
    "store without a file": (changed("/orderwatch.db", "/"), "config.yaml:2: store: the store names no file"),
    "store of an odd driver": (changed("sqlite:", "sqlite+other:"), "config.yaml:2: store:"),
    "store with an odd port": (
        changed("sqlite:///orderwatch.db", "postgresql://u:secret-word@host:abc/x"),
        "config.yaml:2: store: the store's address cannot be read",
    ),
}


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("what", ["check", "once", "run", "orders"])
def test_a_wrong_line_is_named(command: Command, write_config: Write, what: str, name: str) -> None:
    """By every command alike, with the file, the line and what to write."""
    text, said = WRONG[name]
    done = command(what, "--config", write_config(text))

    assert done.code == 2
    assert done.err.startswith(f"orderwatch: {said}")
    assert done.out == ""
    assert "secret-word" not in done.err


def test_all_wrong_lines_are_told_at_once(command: Command, write_config: Write) -> None:
    """Nobody mends one line to learn of the next."""
    done = command("check", "--config", write_config(changed("observe", "look") + "poll: 5\nextra: 1\n"))

    assert [line.split(":")[1 + line.startswith("orderwatch")] for line in done.err.splitlines()] == ["1", "9", "10"]


def test_a_missing_configuration_is_named(command: Command, tmp_path: Path) -> None:
    """With what to do."""
    done = command("once", "--config", tmp_path / "none.yaml")

    assert done.code == 2
    assert "none.yaml: cannot be read (No such file or directory)" in done.err
    assert "--config" in done.err


NO_PASSWORD = {
    "missing variable": ("{env: ORDERWATCH_NOT_SET}", "the environment variable ORDERWATCH_NOT_SET is not set"),
    "missing file": ("{file: none.txt}", "none.txt: No such file or directory"),
    "readable by others": ("{file: open.txt}", "run chmod 600"),
    "failing command": ("{command: 'false'}", "the password command false failed with code 1"),
    "empty command": ("{command: ' '}", "the password command is empty"),
    "empty list": ("{command: []}", "the password command is empty"),
    "no credential": ("{credential: shop}", "LoadCredential=shop:PATH"),
}


@pytest.mark.parametrize("name", NO_PASSWORD)
@pytest.mark.parametrize("what", ["check", "once", "run"])
def test_a_password_that_cannot_be_had(
    command: Command, write_config: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, name: str
) -> None:
    """Exit code 3, and the step to take."""
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    (tmp_path / "open.txt").write_text("brass-bell")
    (tmp_path / "open.txt").chmod(0o644)
    way, said = NO_PASSWORD[name]

    done = command(what, "--config", write_config(with_password(way)))

    assert done.code == 3
    assert said in " ".join((done.out + done.err).split())
    assert "brass-bell" not in done.out + done.err


UNREACHED = {
    "server down": (with_password("{env: SHOP_PASSWORD}"), "cannot reach 127.0.0.1:1"),
    "no Maildir": (changed("maildir:mailbox", "maildir:none"), "none is no Maildir"),
    "no mbox": (changed("maildir:mailbox", "mbox:none"), "none does not exist"),
}


@pytest.mark.parametrize("name", UNREACHED)
@pytest.mark.parametrize("what", ["check", "once"])
def test_a_mailbox_out_of_reach_is_named(
    command: Command, write_config: Write, monkeypatch: pytest.MonkeyPatch, what: str, name: str
) -> None:
    """The pass does what it can; then exit code 3 and why."""
    monkeypatch.setattr(ImapSource.__init__, "__kwdefaults__", {"sleep": lambda _: None})  # no pauses between tries
    monkeypatch.setenv("SHOP_PASSWORD", "brass-bell")
    text, said = UNREACHED[name]

    done = command(what, "--config", write_config(text))

    assert done.code == 3
    assert said in done.out + done.err


def test_backfill_says_that_it_read_nothing(command: Command, write_config: Write) -> None:
    """A history that could not be reached is not an empty one."""
    done = command("backfill", "--config", write_config(changed("maildir:mailbox", "maildir:none")))

    assert done.code == 3
    assert "none is no Maildir" in done.err


@pytest.mark.parametrize(
    ("path", "said"),
    [("/proc/none/x.db", "check `store:`"), ("mailbox", "Is a directory"), ("text.db", "not a database")],
)
@pytest.mark.parametrize("what", ["check", "once", "run", "orders"])
def test_a_store_that_cannot_be_written(
    command: Command, write_config: Write, tmp_path: Path, what: str, path: str, said: str
) -> None:
    """One line, exit code 3."""
    (tmp_path / "text.db").write_text("no database at all, just words " * 40)

    done = command(what, "--config", write_config(changed("orderwatch.db", path)))

    assert done.code == 3
    assert said in done.out + done.err
    if what != "check":
        assert len(done.err.splitlines()) == 1


def test_a_digest_that_cannot_leave_is_not_passed_over(command: Command, write_config: Write) -> None:
    """`once` says why the digest stayed, exit code 3; `check` finds the same."""
    text = changed("maildir:sent", "smtp://127.0.0.1:1") + "digest: {to: june@harbourlane.example, at: '00:00'}\n"

    done = command("once", "--config", write_config(text))

    assert done.code == 3
    assert "digest could not be sent" in done.out
    assert "127.0.0.1:1" in done.err
    assert command("check", "--config", write_config(text)).code == 3


def test_no_browser_is_said_with_what_to_install(
    command: Command, write_config: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looks need one: exit code 3."""
    from scrapers.visiting.browser import BrowserState

    none = BrowserState(path=None, sandboxed=False, note="no Chromium is installed: apt install chromium")
    monkeypatch.setattr("agent.desk.checkup.browser_state", lambda **_options: none)
    monkeypatch.setattr("scrapers.looker.PageLooker.check", lambda _self: none)

    done = command("check", "--config", write_config(changed("looking: {enabled: false}\n", "")))

    assert done.code == 3
    assert "apt install chromium" in done.out
    assert "apt install chromium" in command("look", "9400111206053491081000").err


@pytest.mark.slow
@pytest.mark.server
@pytest.mark.skipif(find_dovecot() is None, reason="Dovecot is not installed")
def test_a_wrong_password_is_told_by_the_server(
    command: Command, write_config: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The login is refused: exit code 3, what to check, and no password in the message."""
    monkeypatch.setenv("SHOP_PASSWORD", "wrong-word")
    with running_dovecot(tmp_path / "server", "june", "brass-bell") as server:
        text = changed("maildir:mailbox", f"{server.url}\n    password: {{env: SHOP_PASSWORD}}")
        for what in ("check", "once"):
            done = command(what, "--config", write_config(text))

            assert done.code == 3
            assert "Check user and password" in done.out + done.err
            assert "wrong-word" not in done.out + done.err

        monkeypatch.setenv("SHOP_PASSWORD", "brass-bell")
        assert command("once", "--config", write_config(text)).code == 0
