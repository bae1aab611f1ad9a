"""A reply from an order to what is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from agent.orders.order import Order
from agent.replies.prepare import NoReply, Prepared, check, prepare
from agent.vocabulary.values import Address
from tests.replies.samples import NOW, SHOPS, sample


def test_a_reply_is_ready_to_leave(order: Order, now: datetime) -> None:
    """Address, language, text and the reference that eBay needs, at the end of the body."""
    made = prepare("inr_in_transit", order, None, now, "Harbour Lane")
    assert isinstance(made, Prepared)
    assert made.to is not None
    assert made.language == "en"
    assert made.body == f"{made.text}\n\nEmail reference id: [#76c7a519878342c1975343bb626dbc5b#]\n"


def test_without_an_address_the_text_is_for_the_seller(order: Order, now: datetime) -> None:
    """A draft that answers no message is text to copy into eBay, and says why it cannot be sent."""
    made = prepare("inr_in_transit", replace(order, messages=()), None, now, "Harbour Lane")
    assert isinstance(made, Prepared)
    assert made.to is None
    assert made.no_address
    assert made.body == made.text
    assert made.subject == f"Order {order.order_id}"


def test_a_text_without_a_message_has_its_own_subject(order: Order, now: datetime) -> None:
    """In the language of the text."""
    buyer = Address(name="Jana Beispiel", city="Leipzig", postcode="04109", country="DE")
    made = prepare("inr_in_transit", replace(order, site="EBAY_DE", ship_to=buyer, messages=()), None, now, "Kontor")
    assert isinstance(made, Prepared)
    assert (made.language, made.subject) == ("de", f"Bestellung {order.order_id}")


def test_a_blank_is_a_refusal(order: Order, now: datetime) -> None:
    """Facts that nobody knows are named, and nothing is written."""
    made = prepare("inr_delivered_check", order, None, now, "Harbour Lane")
    assert made == NoReply("no reply written: inr_delivered_check needs delivered date, which nobody knows")


def test_an_edited_text_is_linted_like_ours(order: Order) -> None:
    """What a seller makes of a draft passes the same lint."""
    assert check("Thank you, we look into it.", order) == ()
    assert check("Call me on 020 7946 0018", order) != ()


@pytest.mark.parametrize("language", SHOPS)
def test_a_whole_body_passes_with_its_reference_line(language: str) -> None:
    """What an editor shows is the body as it is sent: unchanged, it is still clean."""
    order, risk = sample("inr_in_transit", language)
    made = prepare("inr_in_transit", order, risk, NOW, SHOPS[language].name)
    assert isinstance(made, Prepared)
    assert made.body.count("Email reference id: [#") == 1
    assert check(made.body, order) == ()
