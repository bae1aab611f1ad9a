"""A reply that came back is a case again; a notice of anything else is nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from agent.digest.text import render_text
from agent.steps.digest import current_day
from agent.store.orders import one
from mail.boxes.interest import could_be_ours, is_interesting
from mail.parsing.message import parse_headers
from tests.sending.answering import NOW, AnsweringShop, with_headers

New = Callable[..., AnsweringShop]
LATER = NOW + timedelta(hours=1)
REPORT = """\
Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.tidewater.example>
To: olive@tidewater.example
Subject: Undelivered mail: Re: lamp
Date: Mon, 8 Jun 2026 15:30:00 -0700
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
 boundary="b"

--b
Content-Type: text/plain

It could not be delivered to the address below.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.tidewater.example

Action: failed
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

From: olive@tidewater.example
Subject: Re: lamp
Message-ID: {id}

--b--
"""


def report(message_id: str) -> bytes:
    return REPORT.format(id=message_id).encode()


def risks(shop: AnsweringShop) -> dict[str, str]:
    with shop.town.store.begin() as connection:
        found = one(connection, shop.order.order_id)
    assert found is not None
    return {risk.id: risk.summary for risk in found.risks if not risk.handled}


def answered(shop: AnsweringShop) -> str:
    """The buyer complains and is answered; the answer's Message-ID."""
    shop.deliver(shop.message())
    shop.round()
    (row,) = shop.outbox()
    assert row.state == "sent"
    return row.message_id


def by_ebay(shop: AnsweringShop, message_id: str) -> bytes:
    raw = with_headers(shop.message("Your message was blocked.", LATER), {"Subject": "Your message wasn't sent"})
    return with_headers(raw, {"In-Reply-To": message_id, "From": "eBay <ebay@ebay.com>", "Message-ID": "<n@ebay.com>"})


@pytest.mark.parametrize("of_ebay", [False, True])
def test_a_reply_that_came_back_is_told_and_not_sent_again(of_ebay: bool, new_shop: New) -> None:
    """The flag names the day, the complaint is open again, and nothing more leaves by itself."""
    shop = new_shop()
    message_id = answered(shop)
    assert "reply_bounced" not in risks(shop)
    shop.deliver(by_ebay(shop, message_id) if of_ebay else report(message_id), LATER)
    shop.round(LATER)
    shop.round(LATER + timedelta(days=3))

    assert set(risks(shop)) >= {"reply_bounced", "not_received_message"}
    assert "did not reach the buyer" in risks(shop)["reply_bounced"]
    assert len(shop.sent) == 1
    world = shop.town.world(shop.town.settings("live"))
    assert "reply came back" in render_text(current_day(shop.town.store, world.scope, LATER)).lower()


def test_it_is_over_once_a_later_message_got_through(new_shop: New) -> None:
    """An answer to the buyer's next message is an answer."""
    shop = new_shop()
    shop.deliver(report(answered(shop)), LATER)
    shop.round(LATER)
    again = NOW + timedelta(days=3)
    shop.deliver(shop.message("I still have not received my order.", again), again)
    shop.round(again)

    assert "reply_bounced" not in risks(shop) or len(shop.sent) == 1


@pytest.mark.parametrize(
    "id_", ["<0123456789abcdef0123456789abcdef@tidewater.example>", "<other@tidewater.example>", ""]
)
def test_a_notice_of_what_we_did_not_send_is_nothing(id_: str, new_shop: New) -> None:
    """The seller's own letters bounce too."""
    shop = new_shop()
    answered(shop)
    shop.deliver(report(id_), LATER)
    done = shop.round(LATER)

    assert "reply_bounced" not in risks(shop)
    assert done.ingested.unread == 0


def test_told_twice_it_is_one(new_shop: New) -> None:
    """A server that repeats itself moves no date."""
    shop = new_shop()
    message_id = answered(shop)
    for hour in (1, 30):
        at = NOW + timedelta(hours=hour)
        shop.deliver(report(message_id).replace(b"15:30", f"1{hour % 10}:30".encode()), at)
        shop.round(at)

    with shop.town.store.begin() as connection:
        found = one(connection, shop.order.order_id)
    assert found is not None
    (contact,) = found.order.contacts
    assert contact.bounced_at == LATER


def test_notices_are_fetched_and_other_letters_are_not() -> None:
    """By their headers alone, whichever way they are looked at."""
    told = report("<x@y.example>").partition(b"\n\n")[0] + b"\n\n"
    letter = b"From: Harold <harold@pier.example>\nSubject: dinner, delivery-status\nContent-Type: text/plain\n\n"

    for header, wanted in ((told, True), (letter, False)):
        assert is_interesting(header) is wanted
        assert could_be_ours(parse_headers(header)) is wanted
