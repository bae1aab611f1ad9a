"""Address headers: what could be read in two ways never gives exactly one address."""

import pytest

from mail.parsing.addresses import read_addresses
from mail.parsing.message import parse_headers


@pytest.mark.parametrize(
    ("value", "pairs"),
    [
        ("eBay <ebay@ebay.com>", [("eBay", "ebay@ebay.com")]),
        ('"eBay, Inc." <EBAY@eBay.Com>', [("eBay, Inc.", "ebay@ebay.com")]),
        ("ebay@ebay.com", [("", "ebay@ebay.com")]),
        ("ebay@ebay.com (eBay)", [("", "ebay@ebay.com")]),
        ("=?utf-8?q?K=C3=A4ufer?= <a1@members.ebay.de>", [("Käufer", "a1@members.ebay.de")]),
        ("Käufer <a@münchen.example>", [("Käufer", "a@xn--mnchen-3ya.example")]),
        ("undisclosed-recipients:;", []),
        ("Friends: a@example.com, B <b@example.com>;", [("", "a@example.com"), ("B", "b@example.com")]),
        ("", []),
    ],
)
def test_plain_addresses(value: str, pairs: list[tuple[str, str]]) -> None:
    """Names are decoded, addresses in lower case and ASCII."""
    assert list(read_addresses(value)) == pairs


@pytest.mark.parametrize(
    "value",
    [
        "<ebay@ebay.com>, <x@evil.example>",
        "<ebay@ebay.com><x@evil.example>",
        "<ebay@ebay.com> x@evil.example",
        "ebay@ebay.com, x@evil.example",
        "ebay@ebay.com x@evil.example",
        "<ebay@ebay.com",
        "<ebay@ebay.com@evil.example>",
        "<312501%ebay.com@evil.example%ebay.com>",
        "<@evil.example:ebay@ebay.com>",
        '"eBay <ebay@ebay.com>',
        "=?utf-8?q?ebay=40ebay=2Ecom?=",
        "<ebay@ebay.com\x00@evil.example>",
        "(" * 5_000,
    ],
)
def test_confusing_senders_are_not_exactly_one_address(value: str) -> None:
    """Each of these is read as eBay's by some program and as somebody else's by another."""
    assert [address for _, address in read_addresses(value)] != ["ebay@ebay.com"]
    assert "" in [address for _, address in read_addresses(value)] or len(read_addresses(value)) != 1


def test_the_display_name_is_never_the_address() -> None:
    """An address shown as a name stays a name."""
    assert read_addresses('"ebay@ebay.com" <x@evil.example>') == (("ebay@ebay.com", "x@evil.example"),)


def test_all_from_headers_count() -> None:
    """Two From headers give two senders, also when one has a blank before its colon."""
    message = parse_headers(b"From: ebay@ebay.com\nFrom : x@evil.example\n\n")

    assert [sender.address for sender in message.senders] == ["ebay@ebay.com", "x@evil.example"]
