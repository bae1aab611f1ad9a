"""Whom a reply may go to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest

from agent.orders.order import Order, Received
from agent.replies.address import NoAddress, ReplyTo, bracketed, is_alias, reply_address, with_reference
from agent.replies.subject import order_subject
from mail.sending.outgoing import build_mail


def test_the_latest_message_is_answered(order: Order, message: Received) -> None:
    """The reference changes with every message of the buyer: only the latest one's is worth anything."""
    older = replace(message, at=message.at - timedelta(days=1), reference_id="[#0000000000000000000000000000old1#]")
    found = reply_address(replace(order, messages=(message, older)))
    assert found == ReplyTo(
        recipient="a1b2c3d4e5f6a7b8c9@members.ebay.com",
        reference_id="[#76c7a519878342c1975343bb626dbc5b#]",
        in_reply_to="<m1@members.ebay.com>",
        subject="Re: quiet_reader sent a message about Brass desk lamp #254012345678",
    )


@pytest.mark.parametrize(
    ("writer", "buyer", "answered"),
    [
        ("quiet_reader", "quiet_reader", True),
        ("Quiet_Reader", "quiet_reader", True),
        ("loud_writer", "quiet_reader", False),
        (None, "quiet_reader", True),
        ("loud_writer", None, True),
        ("q***r", "quiet_reader", True),
        ("quiet_reader", "Anna Keller", True),
    ],
)
def test_another_member_is_not_told_of_an_order(
    order: Order, message: Received, writer: str | None, buyer: str | None, answered: bool
) -> None:
    """A message that bears an order's number, but another member's name than its buyer's, is not answered by mail."""
    found = reply_address(replace(order, buyer=buyer, messages=(replace(message, buyer=writer),)))
    assert isinstance(found, ReplyTo) is answered


@pytest.mark.parametrize(
    "address",
    [
        "a1b2c3d4e5f6a7b8c9@members.ebay.com",
        "abcdef@members.ebay.co.uk",
        "abcdef@MEMBERS.ebay.de",
    ],
)
def test_aliases_of_members(address: str) -> None:
    """An alias stands at members.<one of eBay's own sites>."""
    assert is_alias(address)


@pytest.mark.parametrize(
    "address",
    [
        "ebay@ebay.com",
        "ebay@members.ebay.com",
        "noreply@members.ebay.com",
        "no-reply@members.ebay.de",
        "mailer-daemon@members.ebay.com",
        "abcdef@members.ebay.evil.com",
        "abcdef@members.ebay.com.evil.com",
        "abcdef@xmembers.ebay.com",
        "abcdef@members-ebay.com",
        "abcdef@members.ebay.xy",
        "abcdef@ebay.com",
        "a b@members.ebay.com",
        "abcdef@members.ebay.com>, <x@evil.com",
        "abcdef@members.ebay.com\nBcc: x@evil.com",
        "x@evil.com,abcdef@members.ebay.com",
        "@members.ebay.com",
        "anna@example.com",
        "",
    ],
)
def test_nothing_else_is_an_alias(address: str) -> None:
    """Look-alikes, eBay's machines, several addresses and header tricks are refused."""
    assert not is_alias(address)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"evidence": "item_and_buyer"}, "item and buyer"),
        ({"evidence": "title_and_date"}, "title and date"),
        ({"evidence": "nonsense"}, "nonsense"),
        ({"reply_to": None}, "no eBay alias"),
        ({"reply_to": "dhl@dhl.com"}, "no eBay alias"),
        ({"reference_id": None}, "no reference"),
        ({"reference_id": "[#x#]\r\nBcc: y"}, "no reference"),
    ],
)
def test_a_message_that_cannot_be_answered_says_why(
    change: dict[str, Any], why: str, order: Order, message: Received
) -> None:
    """Weak ties, missing aliases and missing references each give a reason, never an address."""
    found = reply_address(replace(order, messages=(replace(message, **change),)))
    assert isinstance(found, NoAddress)
    assert why in found.reason


def test_without_a_message_there_is_nobody_to_answer(order: Order) -> None:
    """A case, a sale, a parcel: none of these has an address that a reply may go to."""
    assert isinstance(reply_address(replace(order, messages=())), NoAddress)


def test_references_in_one_part_and_in_two() -> None:
    """The reference is kept as eBay wrote it; bare digits get their brackets."""
    two = "[#a11-8zuvn07rde#]_[#76c7a519878342c1975343bb626dbc5b#]"
    assert bracketed(two) == two
    assert bracketed("76c7a519878342c1975343bb626dbc5b") == "[#76c7a519878342c1975343bb626dbc5b#]"
    assert with_reference("Hello\n", two) == f"Hello\n\nEmail reference id: {two}\n"


@pytest.mark.parametrize(
    ("subject", "answered"),
    [
        ("Lamp", "Re: Lamp"),
        ("Re: Lamp", "Re: Lamp"),
        ("AW: Lampe", "AW: Lampe"),
        ("Lamp\r\nBcc: x@evil.com", "Re: Lamp Bcc: x@evil.com"),
        (None, "Re: Order 27-13930-98148"),
        ("", "Re: Order 27-13930-98148"),
        ("x" * 2000, f"Re: {'x' * 199}…"),
        ("真鍮のランプ" * 100, f"Re: {('真鍮のランプ' * 100)[:199]}…"),
    ],
)
def test_subjects_are_kept(subject: str | None, answered: str, order: Order, message: Received) -> None:
    """The subject stays, on one line, marked as an answer once."""
    found = reply_address(replace(order, messages=(replace(message, subject=subject),)))
    assert isinstance(found, ReplyTo)
    assert found.subject == answered


@pytest.mark.parametrize(
    ("language", "said"),
    [("en-US", "Order"), ("de", "Bestellung"), ("fr", "Commande"), ("it", "Ordine"), ("es", "Pedido"), ("pl", "Order")],
)
def test_a_subject_of_ours_is_in_the_replys_language(language: str, said: str, order: Order, message: Received) -> None:
    """Where the buyer's message has none, and where there is no message."""
    found = reply_address(replace(order, messages=(replace(message, subject=None),)), language=language)
    assert isinstance(found, ReplyTo)
    assert found.subject == f"Re: {said} {order.order_id}"
    assert order_subject(order, language) == f"{said} {order.order_id}"


@pytest.mark.parametrize(
    "odd", [None, "", "m1", "<m1>", "<m 1@x>", "<m1@x>\r\nBcc: y@evil.com", "<a@b> <c@d>", "<ä@x>"]
)
def test_an_odd_message_id_does_not_stop_the_answer(odd: str | None, order: Order, message: Received) -> None:
    """What no header can hold is left out: eBay goes by the reference in the body."""
    found = reply_address(replace(order, messages=(replace(message, message_id=odd),)))
    assert isinstance(found, ReplyTo)
    assert found.in_reply_to is None


@pytest.mark.parametrize("subject", ["Lamp", "真鍮のランプ" * 100, "x" * 2000, "Ω≈ç√ 😀 =?utf-8?q?=0ABcc:_x?="])
def test_an_answer_threads_and_keeps_its_subject(subject: str, order: Order, message: Received) -> None:
    """What a mail program reads: the subject once, In-Reply-To and References of the mail that is answered."""
    to = reply_address(replace(order, messages=(replace(message, subject=subject),)))
    assert isinstance(to, ReplyTo)
    built = build_mail(
        sender="shop@example.com",
        recipient=to.recipient,
        subject=to.subject,
        text="On its way.",
        message_id="<r1@example.com>",
        date=message.at,
        auto_submitted="auto-replied",
        in_reply_to=to.in_reply_to,
    )
    read = message_from_bytes(built, policy=default)
    assert read["In-Reply-To"] == read["References"] == "<m1@members.ebay.com>"
    assert read["To"] == "a1b2c3d4e5f6a7b8c9@members.ebay.com"
    assert read["Bcc"] is None
    assert str(read["Subject"]).startswith(f"Re: {subject[:4]}")
    assert len(str(read["Subject"])) <= 204
