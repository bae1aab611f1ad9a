"""`check` tries a seller's own templates: what would be refused when a buyer waits is told with file and line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mail.boxes.imap import ImapSource

Command = Callable[..., Any]
Write = Callable[..., Path]

BASE = """\
store: sqlite:///orderwatch.db
mailboxes: [{name: shop, source: maildir:mailbox, receiver: mx.example.com}]
outgoing: {transport: "maildir:sent", from: june@harbourlane.example}
looking: {enabled: false}
"""
FRONT = "---\nsituation: {}\nlanguage: en\nfacts: [item, shop]\nmay_use: [buyer_name]\n---\n"


def own(config: Path, situation: str, body: str, name: str = "en.md") -> None:
    folder = config.parent / "replies" / situation
    folder.mkdir(parents=True, exist_ok=True)
    folder.joinpath(name).write_text(FRONT.format(situation) + body)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("{{ item.__class__ }}", "7: SecurityError: access to attribute '__class__'"),
        ("Dear {{ buyer_name }}", "7: buyer_name is not always known: write {% if buyer_name is defined %}"),
        ("Hello,\n\n{{ itm }}", '9: uses itm, which stands neither in facts nor in may_use (did you mean "item"?)'),
    ],
)
def test_what_would_be_refused_is_an_error(command: Command, write_config: Write, body: str, told: str) -> None:
    """Exit code 2, before anything else is tried; other templates are told of at once."""
    config = write_config(BASE)
    own(config, "inr_in_transit", body)
    own(config, "late_proactive", "{{ item.nothing }}")

    done = command("check", "--config", config)

    assert done.code == 2
    assert f"config.yaml: replies/inr_in_transit/en.md:{told}" in done.err
    assert "config.yaml: replies/late_proactive/en.md:7: " in done.err


def test_what_gives_no_reply_is_a_warning(command: Command, write_config: Write) -> None:
    """A text that the lint would keep, a situation that nobody names, a file that is not read."""
    config = write_config(BASE)
    own(config, "inr_in_transit", "See lamps.example.com\n{{ shop }}")
    own(config, "inr_in_tranist", "Soon!\n{{ shop }}")
    own(config, "inr_no_scan", "Soon!\n{{ shop }}", "english.md")

    done = command("check", "--config", config)

    assert done.code == 1
    assert "replies: replies/inr_in_transit/en.md:7: link: example.com. No reply is written from it" in done.out
    assert 'replies/inr_in_tranist: no policy writes this reply (did you mean "inr_in_transit"?)' in done.out
    assert "replies/inr_no_scan/english.md is not read: templates are called SITUATION/LANGUAGE.md" in done.out


def test_a_drafts_folder_out_of_reach_is_named(
    command: Command, write_config: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`check` opens it as it opens the mailbox."""
    monkeypatch.setenv("SHOP_PASSWORD", "brass-bell")
    monkeypatch.setattr(ImapSource.__init__, "__kwdefaults__", {"sleep": lambda _: None})  # no pauses between tries
    text = BASE.replace("maildir:mailbox", '"imap://june@127.0.0.1:1/INBOX", password: {env: SHOP_PASSWORD}')

    done = command("check", "--config", write_config(text.replace("example}", "example, drafts_folder: Drafts}")))

    assert done.code == 3
    assert "FAILED   drafts folder: cannot reach 127.0.0.1:1" in done.out
