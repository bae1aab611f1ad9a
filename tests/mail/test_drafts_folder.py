"""The Drafts folder of a real server: put once, taken back alone, and missed when it was sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from imapclient import IMAPClient

from agent.demo.dovecot import find_dovecot, running_dovecot
from mail.boxes.drafts_folder import DraftsFolder
from mail.boxes.mailbox import MailboxSpec
from mail.boxes.raw import Refused
from mail.boxes.sent_folders import LaidMail, sent_folders
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


LAID = LaidMail(
    message_id=OURS,
    recipient="b@mail.example",
    subject="Re: Ihre Frage zu Bestellung 27-11111-22222",
    in_reply_to="<question@mail.example>",
    at=datetime(2026, 10, 20, 9, 0, tzinfo=UTC),
)
LATER, EARLIER = LAID.at + timedelta(hours=3), LAID.at - timedelta(hours=3)


def finished(message_id: str, **headers: str) -> bytes:
    """As a mail program sends what it took for a draft."""
    said = {"From": "s@shop.example", "To": "Jo <B@mail.example>", "Message_ID": message_id, **headers}
    return "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in said.items()).encode() + b"\r\nHi\r\n"


@pytest.mark.parametrize("name", ["Sent", "Gesendete Objekte", "Éléments envoyés", "Archiv.Posta inviata"])
def test_a_draft_that_was_sent_is_found_among_sent_mail(server: tuple[MailboxSpec, IMAPClient], name: str) -> None:
    """By its own Message-ID, however the mail program names the folder; one that lies there still is not missing."""
    spec, client = server
    client.create_folder("Drafts")
    client.create_folder(name)
    folder = DraftsFolder(spec, "Drafts")
    folder.change({OURS: mail(OURS)}, set())
    assert folder.missing([LAID], set()) == {}

    client.select_folder("Drafts")
    uids = client.search()
    client.copy(uids, name)
    client.add_flags(uids, [rb"\Deleted"])
    assert folder.missing([LAID], set()) == {OURS: True}
    client.expunge()
    assert folder.missing([LAID], set()) == {OURS: True}


def test_a_draft_that_was_thrown_away_was_not_sent(server: tuple[MailboxSpec, IMAPClient]) -> None:
    """With a folder of sent mail, and without one."""
    spec, client = server
    client.create_folder("Drafts")
    assert DraftsFolder(spec, "Drafts").missing([LAID], set()) == {OURS: False}
    client.create_folder("Sent")
    client.append("Sent", finished("<else@shop.example>", To="c@mail.example", Subject=LAID.subject), msg_time=LATER)
    assert DraftsFolder(spec, "Drafts").missing([LAID], set()) == {OURS: False}


@pytest.mark.parametrize(
    ("headers", "at", "sent"),
    [
        ({"Subject": "anything", "In_Reply_To": "<question@mail.example>"}, LATER, True),
        ({"Subject": "=?utf-8?q?Re=3A_Ihre_Frage_zu_Bestellung?=\r\n 27-11111-22222"}, LATER, True),
        ({"Subject": LAID.subject}, EARLIER, False),
        ({"Subject": "Something else"}, LATER, False),
        ({"Subject": LAID.subject, "To": "bb@mail.example"}, LATER, False),
        ({"Subject": LAID.subject, "Message_ID": "<reply-of-ours@shop.example>"}, LATER, False),
    ],
)
def test_another_message_id_is_no_disguise(
    server: tuple[MailboxSpec, IMAPClient], headers: dict[str, str], at: datetime, sent: bool
) -> None:
    """Some mail programs give what they send an id of their own: whom it goes to and what it answers tell."""
    spec, client = server
    for name in ("Drafts", "Sent"):
        client.create_folder(name)
    client.append("Sent", finished(**{"message_id": "<made-by-the-program@shop.example>", **headers}), msg_time=at)
    found = DraftsFolder(spec, "Drafts").missing([LAID], {"<reply-of-ours@shop.example>"})
    assert found == {OURS: sent}


def test_one_sent_mail_stands_for_one_draft(server: tuple[MailboxSpec, IMAPClient]) -> None:
    """Of two drafts with one subject, one was sent and one thrown away."""
    spec, client = server
    for name in ("Drafts", "Sent"):
        client.create_folder(name)
    client.append("Sent", finished("<made@shop.example>", Subject=LAID.subject), msg_time=LATER)
    other = replace(LAID, message_id="<draft.2.abc@shop.example>")
    assert sorted(DraftsFolder(spec, "Drafts").missing([LAID, other], set()).values()) == [False, True]
    client.append("Sent", finished(OURS, Subject=LAID.subject), msg_time=LATER)
    assert DraftsFolder(spec, "Drafts").missing([LAID, other], set()) == {OURS: True, other.message_id: True}
    assert DraftsFolder(spec, "Drafts").missing([LAID], {"<made@shop.example>"}) == {OURS: True}


def test_the_folder_that_the_server_marks_comes_first() -> None:
    """RFC 6154 over names; what cannot be opened is left out."""

    class Listing:
        def list_folders(self) -> list[tuple[tuple[bytes, ...], bytes, str]]:
            return [
                ((rb"\HasNoChildren",), b".", "INBOX.Sent"),
                ((rb"\Noselect",), b".", "Sent"),
                ((rb"\HasNoChildren", rb"\Sent"), b".", "INBOX.Ausgang"),
                ((), b".", "INBOX.Presents"),
            ]

    assert sent_folders(Listing()) == ["INBOX.Ausgang", "INBOX.Sent"]
