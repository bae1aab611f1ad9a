"""The Drafts folder of a real server: put once, taken back alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from imapclient import IMAPClient

from agent.demo.dovecot import find_dovecot, running_dovecot
from mail.boxes.drafts_folder import DraftsFolder
from mail.boxes.mailbox import MailboxSpec
from mail.boxes.raw import Refused
from mail.boxes.server_address import server_address

pytestmark = pytest.mark.server
USER, PASSWORD = "seller@example.com", "one two"
OURS = "<draft.1.abc@shop.example>"


def mail(message_id: str) -> bytes:
    return f"From: s@shop.example\r\nTo: b@mail.example\r\nMessage-ID: {message_id}\r\n\r\nHello\r\n".encode()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[MailboxSpec, IMAPClient]]:
    if find_dovecot() is None:
        pytest.skip("Dovecot is not installed")
    with running_dovecot(tmp_path / "dovecot", USER, PASSWORD) as running:
        address = server_address(running.url, {"imap": 143})
        client = IMAPClient(address.host, address.port, ssl=False)
        client.login(USER, PASSWORD)
        yield MailboxSpec(name="shop", url=running.url, password=PASSWORD), client
        client.shutdown()


def there(client: IMAPClient) -> dict[str, tuple[bytes, ...]]:
    """Message-ID → flags."""
    client.select_folder("Drafts", readonly=True)
    found = client.fetch(client.search(), ["ENVELOPE", "FLAGS"])
    return {facts[b"ENVELOPE"].message_id.decode(): facts[b"FLAGS"] for facts in found.values()}


def test_a_draft_is_put_once_and_taken_back_alone(server: tuple[MailboxSpec, IMAPClient]) -> None:
    """It is a draft to any mail program; the seller's own drafts are left alone."""
    spec, client = server
    client.create_folder("Drafts")
    client.append("Drafts", mail("<own@shop.example>"), flags=[rb"\Draft"])
    folder = DraftsFolder(spec, "Drafts")

    folder.change({OURS: mail(OURS)}, set())
    folder.change({OURS: mail(OURS)}, set())

    assert sorted(there(client)) == [OURS, "<own@shop.example>"]
    assert rb"\Draft" in there(client)[OURS]
    folder.change({}, {OURS})
    assert list(there(client)) == ["<own@shop.example>"]
    folder.change({}, {OURS})


def test_a_missing_folder_is_for_a_human(server: tuple[MailboxSpec, IMAPClient]) -> None:
    """The message names the key of the configuration, and what folders there are."""
    spec, client = server
    client.create_folder("Entwürfe")
    with pytest.raises(Refused, match=r"drafts_folder.*Entwürfe"):
        DraftsFolder(spec, "Drafts").change({OURS: mail(OURS)}, set())
