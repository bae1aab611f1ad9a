"""The sample shop's mails are mails."""

from __future__ import annotations

import email
from collections import Counter
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from agent.demo.mails import build, write_maildir
from agent.demo.story import ShopMail, load_story

STORY = load_story()


def parsed(mail: ShopMail) -> EmailMessage:
    message = email.message_from_bytes(build(mail, STORY), policy=default)
    assert isinstance(message, EmailMessage)
    return message


def text(mail: ShopMail) -> str:
    body = parsed(mail).get_body(("html", "plain"))
    assert body is not None
    return str(body.get_content())


@pytest.mark.parametrize("mail", STORY.mails, ids=lambda mail: f"{mail.kind}-{mail.order_id}-{mail.at:%m%d}")
def test_a_mail_parses_without_defects(mail: ShopMail) -> None:
    """Each mail has one sender, subject, date and id, and no defect that the standard library could find."""
    message = parsed(mail)
    assert not message.defects
    assert not any(part.defects for part in message.walk())
    for header in ("From", "Subject", "Date", "Message-ID", "Authentication-Results", "Received"):
        assert len(message.get_all(header, [])) == 1, header
        assert not message[header].defects, header
    assert message["Date"].datetime == mail.at
    assert message["Subject"].strip() == message["Subject"]


def test_the_same_story_gives_the_same_bytes() -> None:
    """Building a mail twice gives identical bytes, and no two mails share an id."""
    assert [build(mail, STORY) for mail in STORY.mails] == [build(mail, STORY) for mail in STORY.mails]
    ids = Counter(parsed(mail)["Message-ID"] for mail in STORY.mails)
    assert set(ids.values()) == {1}


def test_mails_carry_the_facts_of_their_order() -> None:
    """A sale mail names order, buyer, total and address; a label mail names the parcel."""
    for mail in STORY.mails:
        if mail.kind == "sale" and mail.order_id:
            order = STORY.order(mail.order_id)
            for fact in (order.order_id, order.buyer.handle, order.buyer.address.postcode, order.items[0].item_id):
                assert fact in text(mail)
        if mail.kind == "label" and mail.order_id:
            parcel = STORY.order(mail.order_id).parcel
            assert parcel is not None
            assert parcel.number in text(mail).replace(" ", "")


def test_only_the_forged_mails_fail_authentication() -> None:
    """All senders are who they say they are, except the two that the story calls fakes."""
    for mail in STORY.mails:
        message = parsed(mail)
        domain = message["From"].addresses[0].domain
        signed = f"dmarc=pass header.from={domain}" in message["Authentication-Results"]
        if mail.kind == "fake_customs_fee":
            assert not signed
        else:
            assert signed
        assert ("ebay" in domain and domain.endswith(".example")) == (mail.kind == "fake_request")


def test_what_a_buyer_writes_cannot_become_markup() -> None:
    """Text of the story is escaped in HTML."""
    mail = next(mail for mail in STORY.mails if mail.kind == "message")
    hostile = ShopMail(
        kind="message",
        at=mail.at,
        arrives=mail.arrives,
        order_id=mail.order_id,
        details={"text": "<script>a & b</script>"},
    )
    assert "<script>" not in text(hostile)
    assert "&lt;script&gt;a &amp; b" in text(hostile)


def test_delivering_follows_the_clock(tmp_path: Path) -> None:
    """Each pass brings the mails that have arrived since, every mail comes once, in the order of arrival."""
    first, last = STORY.passes
    early = write_maildir(STORY, tmp_path, first)
    assert early == sum(1 + mail.delivered_twice for mail in STORY.mails if mail.arrives <= first)
    assert write_maildir(STORY, tmp_path, first) == 0
    assert early + write_maildir(STORY, tmp_path, last) == 1 + len(STORY.mails)
    files = sorted((tmp_path / "new").iterdir(), key=lambda path: path.stat().st_mtime)
    assert [path.name.split(".")[0] for path in files] == sorted(path.name.split(".")[0] for path in files)


def test_a_mail_that_was_moved_or_read_is_not_delivered_again(tmp_path: Path) -> None:
    """A mail that the mailbox keeps in `cur`, with flags, counts as present."""
    write_maildir(STORY, tmp_path, STORY.clock)
    for path in (tmp_path / "new").iterdir():
        path.rename(tmp_path / "cur" / f"{path.name}:2,S")
    assert write_maildir(STORY, tmp_path, STORY.clock) == 0


def test_two_maildirs_are_alike(tmp_path: Path) -> None:
    """Names and contents of the files do not change from run to run; the duplicate is a copy, byte for byte."""
    write_maildir(STORY, tmp_path / "a", STORY.clock)
    write_maildir(STORY, tmp_path / "b", STORY.clock)
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / x / "new").iterdir()} for x in "ab")
    assert one == two
    assert len(set(one.values())) == len(one) - 1
