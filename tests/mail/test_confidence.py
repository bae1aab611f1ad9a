"""How sure an event is: the more of its mail agrees, the surer."""

from __future__ import annotations

from agent.vocabulary.events import Event
from mail.reader import read

LINK = '<a href="https://www.ebay.com/mesh/ord/details?orderid=08-12121-34343">See it</a>'


def event(subject: str, body: str, sender: str = "eBay <ebay@ebay.com>") -> Event:
    head = (f"From: {sender}", f"Subject: {subject}", "Date: Tue, 10 Nov 2026 09:00:00 +0000")
    raw = "\r\n".join((*head, "Content-Type: text/html; charset=utf-8", "", body)).encode()
    (found,) = read(raw).events
    return found


def test_what_agrees_makes_it_surer() -> None:
    """Subject, label and link are independent witnesses of one sale."""
    bare = event("You made the sale for Brass bell", "<p>Well done</p>")
    labelled = event("You made the sale for Brass bell", "<p>Order: 08-12121-34343</p>")
    linked = event("You made the sale for Brass bell", f"<p>Order: 08-12121-34343</p>{LINK}")

    assert bare.confidence < labelled.confidence < linked.confidence < 1


def test_two_orders_and_no_link_are_not_sure_enough() -> None:
    """A mail that names two orders may mean either."""
    torn = event("You made the sale for Brass bell", "<p>Order: 08-12121-34343</p><p>See 08-12121-99999</p>")

    assert torn.confidence <= 0.6


def test_a_strangers_mail_is_less_sure() -> None:
    """The sender is a witness too: a look-alike domain is none."""
    ours = event("You made the sale for Brass bell", "<p>Order: 08-12121-34343</p>")
    theirs = event("You made the sale for Brass bell", "<p>Order: 08-12121-34343</p>", "eBay <ebay@ebay-sales.example>")

    assert theirs.confidence < ours.confidence


def test_a_parcel_without_news_is_not_sure() -> None:
    """A carrier's mail that names a parcel and says nothing of it is half sure at most."""
    said = event("About your parcel", "<p>Tracking number: 9400111206206406260787</p>", "USPS <auto-reply@usps.com>")

    assert said.confidence <= 0.5
