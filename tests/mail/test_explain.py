"""`read --why`: what each part saw, for every sample."""

from __future__ import annotations

from pathlib import Path

import pytest

from mail.explain import explain
from mail.parsing.message import parse
from mail.reader import load, read_message

MAILS = sorted((Path(__file__).resolve().parent.parent / "mails").glob("*/*.eml"))


def steps(raw: bytes) -> str:
    message, readers = parse(raw), load()
    return "\n".join(explain(message, read_message(message, "mx.example.com", readers), readers))


def test_a_sale_is_explained_from_sender_to_event() -> None:
    """Sender, words, labels, numbers, readers and what agreed: one line each."""
    told = steps(next(path for path in MAILS if path.name == "us_paid.en.eml").read_bytes())

    for line in (
        "sender: ebay@ebay.com, a domain of ebay",
        "subject shows order_sold (en) by “you made the sale”",
        "label: order_number, beside it “02-15111-27350”",
        "order number: 02-15111-27350, also in a link",
        "reader ebay_case: not what it reads",
        "reader ebay_sale: claims it",
        "event: order_sold, confidence 0.9",
    ):
        assert line in told


def test_a_mail_that_nobody_reads_says_where_each_gave_up() -> None:
    """The reader behind all carriers says what it missed."""
    raw = b"From: USPS <auto-reply@usps.com>\r\nSubject: About your parcel\r\n\r\nIt is somewhere.\r\n"

    assert "tried: carrier: no tracking number" in steps(raw)
    assert "unread: unreadable" in steps(raw)


def test_strangers_are_not_looked_at() -> None:
    """Of a stranger's mail only the sender is told."""
    assert "nothing more was looked at" in steps(b"From: a@b.example\r\nSubject: Lunch\r\n\r\nAt noon\r\n")


@pytest.mark.parametrize("path", MAILS[::7], ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_every_sample_is_explained(path: Path) -> None:
    """No mail is too odd to explain."""
    assert len(steps(path.read_bytes()).splitlines()) > 6
