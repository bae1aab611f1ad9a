"""Whose word about a mail's sender is believed, as a seller configures it."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.config import ConfigProblems, loads, warnings
from mail.genuine.receivers import providers
from mail.genuine.trust import Trust

BOX = "mailboxes: [{{name: shop, source: 'maildir:mail'{}}}]\n"


def trust(tmp_path: Path, more: str) -> Trust:
    return loads(BOX.format(more), tmp_path / "config.yaml").mailboxes[0].trust


def test_nothing_is_trusted_by_itself(tmp_path: Path) -> None:
    """No receiver, no forwarder, and no question to the DNS."""
    assert trust(tmp_path, "") == Trust()
    assert not trust(tmp_path, ", receiver: gmail").needs_keys


def test_forwarders_and_own_dkim_are_read(tmp_path: Path) -> None:
    """Both ask the DNS."""
    found = trust(tmp_path, ", receiver: gmail, forwarders: [google.com, lists.example], own_dkim: true")

    assert found == Trust(receiver="gmail", forwarders=("google.com", "lists.example"), own_dkim=True)
    assert found.needs_keys
    assert trust(tmp_path, ", forwarders: [google.com]").needs_keys


@pytest.mark.parametrize(
    "wrong", ["forwarders: google.com", "forwarders: ['a b']", "own_dkim: perhaps", "forwarder: [a]"]
)
def test_mistakes_are_told(tmp_path: Path, wrong: str) -> None:
    """A list, of names, and a plain yes or no."""
    with pytest.raises(ConfigProblems):
        trust(tmp_path, f", {wrong}")


def test_no_receiver_is_a_warning_unless_signatures_are_checked_here(tmp_path: Path) -> None:
    """Something has to tell genuine mail from forged."""
    with_none = loads(BOX.format(""), tmp_path / "config.yaml")
    with_own = loads(BOX.format(", own_dkim: true"), tmp_path / "config.yaml")

    assert any("receiver" in one for one in warnings(with_none))
    assert not any("receiver" in one for one in warnings(with_own))


@pytest.mark.parametrize("name", providers())
def test_every_providers_name_can_be_written(tmp_path: Path, name: str) -> None:
    """What receivers.yaml calls a provider is a receiver to the configuration."""
    assert trust(tmp_path, f", receiver: {name}").receiver == name
