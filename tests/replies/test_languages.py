"""Which language a buyer is written to in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agent.orders.order import Order, Received
from agent.replies.languages import buyers_language
from agent.vocabulary.values import Address

LONG = "wort " * 25


@pytest.mark.parametrize(
    ("text", "language", "alias", "country", "site", "expected"),
    [
        (LONG, "de", "x123@members.ebay.com", "US", "EBAY_US", "de"),
        ("Hallo?", "de", "x123@members.ebay.co.uk", "DE", "EBAY_DE", "en"),
        ("", None, "x123@members.ebay.de", "US", "EBAY_US", "de"),
        ("", None, None, "FR", "EBAY_US", "fr"),
        ("", None, None, None, "EBAY_DE", "de"),
        ("", None, None, "JP", None, "en"),
        ("", None, None, None, None, "en"),
        ("Wo ist denn mein Paket? Ich habe es noch nicht und warte sehr.", None, None, "US", "EBAY_US", "de"),
    ],
)
def test_the_best_sign_decides(
    text: str,
    language: str | None,
    alias: str | None,
    country: str | None,
    site: str | None,
    expected: str,
    order: Order,
    message: Received,
) -> None:
    """Enough own words, else the alias, else the country, else the site, else English."""
    last = replace(message, text=text, language=language, reply_to=alias)
    about = replace(order, messages=(last,), ship_to=Address(country=country), site=site)
    assert buyers_language(about) == expected
