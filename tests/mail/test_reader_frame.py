"""The frame around the readers: exactly one speaks, and nothing that a mail does gets out of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.vocabulary.events import CaseOnHold, Event, Other
from agent.vocabulary.status import Authenticity, Unread
from mail.labels import Labelled
from mail.parsing.message import parse
from mail.reader import Reader, TwoClaimants, Unreadable, claimant, load, read

PASS = "Authentication-Results: mx.example.com; dmarc=pass header.from=ebay.com"


def mail(subject: str, body: str = "Hello", sender: str = "eBay <ebay@ebay.com>", *more: str) -> bytes:
    head = (f"From: {sender}", f"Subject: {subject}", "Date: Tue, 10 Nov 2026 09:00:00 +0000", *more)
    return "\r\n".join((*head, "Content-Type: text/plain; charset=utf-8", "", body)).encode()


def other(_: Labelled) -> list[Event]:
    return [Other()]


def broken(_: Labelled) -> list[Event]:
    raise IndexError("geo[1]")


def unreadable(_: Labelled) -> list[Event]:
    raise Unreadable("no order number")


def a_reader(name: str, extract: object = other) -> Reader:
    return Reader(name, extract, frozenset({"ebay"}), frozenset({"order_sold"}))  # type: ignore[arg-type]


def test_two_claimants_are_an_error_that_names_both() -> None:
    """Two readers that claim one mail: no event, and both are named."""
    raw = mail("You made the sale for Lamp")
    readers = (a_reader("first"), a_reader("second"))

    reading = read(raw, None, readers)

    assert (reading.unread, reading.events) == (Unread.NO_READER, ())
    assert any("first and second" in line for line in reading.trace)
    with pytest.raises(TwoClaimants, match="first and second"):
        claimant(Labelled(parse(raw), "ebay"), ("ebay",), readers)


@pytest.mark.parametrize("extract", [broken, unreadable])
def test_a_reader_that_breaks_leaves_a_mail_unreadable(extract: object) -> None:
    """Whatever a reader raises becomes a result with its trace."""
    reading = read(mail("You made the sale for Lamp"), None, (a_reader("one", extract),))

    assert (reading.unread, reading.events) == (Unread.UNREADABLE, ())
    assert reading.trace


def test_ebay_mail_that_nobody_claims_is_kept_as_unread() -> None:
    """A genuine mail without a reader is shown, not dropped."""
    assert read(mail("Something quite new"), None).unread is Unread.NO_READER


def test_strangers_mail_is_not_ours() -> None:
    """A mail of neither eBay nor a carrier is none of ours."""
    assert read(mail("Lunch?", "At noon", "Anna <anna@example.org>"), None).unread is Unread.NOT_OURS


def test_marketing_address_is_not_ours() -> None:
    """Nothing about an order comes from eBay's marketing addresses."""
    assert read(mail("Spring is here", sender="eBay <ebay@reply1.ebay.com>"), None).unread is Unread.NOT_OURS


def test_unverified_mail_is_read_too() -> None:
    """Authenticity is judged, not guarded, here: the caller decides what an event is worth."""
    reading = read(mail("Case #5379900417: Your case is on hold", "Case ID 5379900417"), None)

    assert reading.authenticity is Authenticity.UNVERIFIED
    assert isinstance(reading.events[0], CaseOnHold)


@pytest.mark.parametrize(
    "raw", [b"", b"\x00" * 50, b"From: ebay@ebay.com\r\n\r\n", mail("You made the sale for ")[:60]]
)
def test_scraps_never_raise(raw: bytes) -> None:
    """Broken bytes are a result."""
    assert read(raw, "mx.example.com").events == ()


def test_a_sellers_own_reader_is_found_by_its_file(tmp_path: Path) -> None:
    """One file in the seller's folder adds a reader."""
    decorated = "@reader(sender='ebay', intent='own_kind')\ndef extract(mail):\n    return []\n"
    code = f"from mail.reader import reader\n\n{decorated}"
    (tmp_path / "ebay_own_kind.py").write_text(code, encoding="utf-8")

    before = {reader.name for reader in load()}
    known = {reader.name for reader in load(tmp_path)}

    assert known - before == {"ebay_own_kind"}
    assert "ebay_own_kind" not in {reader.name for reader in load()}
