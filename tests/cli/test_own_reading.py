"""A seller mends what is not read: phrases beside the configuration, and the unread mails read again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.vocabulary.data import use

Command = Callable[..., Any]
CARRIER = "id: swift\nname: Swift\ncountry: GB\nnumbers: [{name: own, pattern: 'SWP\\d{9}', confidence: 0.9}]\n"
UNREAD = (
    "From: eBay <ebay@ebay.com>\nTo: june@harbourlane.example\nSubject: A treasure found its home: tin robot\n"
    "Date: Thu, 12 Nov 2026 06:48:00 -0800\nMessage-ID: <1@ebay.com>\n"
    "Authentication-Results: mx.example.com; dkim=pass header.d=ebay.com; spf=pass smtp.mailfrom=ebay.com;"
    " dmarc=pass header.from=ebay.com\n\n"
    "A treasure found its home.\nOrder number: 27-13930-98148\n"
)


@pytest.fixture(autouse=True)
def shipped_again() -> Iterator[None]:
    yield
    use({})


def test_unread_mails_are_read_again_with_new_phrases(
    command: Command, write_config: Callable[..., Path], tmp_path: Path
) -> None:
    """A mail that nobody could read stays unread until it is asked for again; then the new phrase tells it."""
    config = write_config()
    (tmp_path / "mailbox" / "new" / "1").write_text(UNREAD)

    assert command("once", "--json", "--config", config).json["unread"] == 1
    (tmp_path / "phrases").mkdir()
    (tmp_path / "phrases" / "en.yaml").write_text("intents: {order_sold: [a treasure found its home]}\n")
    assert command("once", "--json", "--config", config).json["read"] == 0
    assert "1 mails" in command("rebuild", "--unread", "--config", config).out
    done = command("once", "--json", "--config", config).json

    assert (done["read"], done["unread"], done["sent"]) == (1, 0, 0)
    orders = command("orders", "--json", "--config", config).json["orders"]
    assert [order["order_id"] for order in orders] == ["27-13930-98148"]


def test_own_carriers_count_for_numbers(command: Command, write_config: Callable[..., Path], tmp_path: Path) -> None:
    """`number --config` knows the seller's own carrier; a configuration that is not there is bad usage."""
    (tmp_path / "carriers").mkdir()
    (tmp_path / "carriers" / "swift.yaml").write_text(CARRIER)
    done = command("number", "SWP123456789", "--json", "--config", write_config())

    assert json.loads(done.out)["candidates"][0]["carrier"] == "swift"
    assert command("number", "SWP123456789", "--config", tmp_path / "none.yaml").code == 2


@pytest.mark.parametrize(
    ("text", "code", "told"), [("x = (", 2, "readers/own.py"), ("import nothing_such", 3, "own.py cannot be loaded")]
)
def test_a_broken_reader_is_named(
    command: Command, write_config: Callable[..., Path], tmp_path: Path, text: str, code: int, told: str
) -> None:
    """`check` says which of the seller's readers cannot be used."""
    (tmp_path / "readers").mkdir()
    (tmp_path / "readers" / "own.py").write_text(text)
    done = command("check", "--config", write_config())

    assert done.code == code
    assert told in " ".join((done.out + done.err).split())
