"""Which mails are fetched whole, judged from their headers."""

import pytest

from mail.interest import could_be_ours
from mail.message import parse_headers

OURS = [
    ("eBay <ebay@ebay.com>", "You made the sale for Old radio"),
    ("eBay <ebay@ebay.de>", "Artikel verkauft"),
    ("ebay@reply.ebay.co.uk", "Deals"),
    ("kaeufer_b42 <74684c24ca049e0c2e13@members.ebay.de>", "Frage"),
    ("someone <x@members.ebay.evil.example>", "Frage"),
    ("alerts@new-subdomain.ebay.com", "Something new"),
    ("auto-reply@usps.com", "USPS Item Delivered"),
    ("UPS <mcinfo@ups.com>", "Your package"),
    ("no-reply@royalmail.com", "On its way"),
    ("Royal Mail <x@parcel-fee.example>", "Pay now"),
    ("eBay Support <help@mail.example>", "Your account"),
    ("x@ebay-case-centre.example", "Respond now"),
    ("x@mysteryboxbyusps.com", "Prize"),
    ("eBаy <x@mail.example>", "Cyrillic a in the name"),
    ("shop@forwarder.example", "Fwd: Your eBay item sold"),
    ("friend@mail.example", "Order 27-13930-98148?"),
    ("tool@shipping.example", "Your label 9400 1118 9956 2854 0577 25"),
    ("x@mail.example", "your parcel 1Z5R89390357567127"),
    ("undecipherable eBay <", "x"),
]

NOT_OURS = [
    ("Mum <mum@family.example>", "Sunday dinner at 7?"),
    ("Anna <anna@family.example>", "Photos of the trip, call me +49 170 1234567"),
    ("Newsletter <news@garden.example>", "20% off everything until 30.11.2026"),
    ("Bank <service@bank.example>", "Your statement for November 2026"),
    ("Doctor <praxis@doctor.example>", "Termin am 25.11.2026 um 14:30"),
    ("GitHub <noreply@github.example>", "[repo] Pull request #12345 merged"),
    ("Ursula <ursula@family.example>", "Groups and ups and downs"),
    ("Club <mail@club.example>", "Invoice 2026-1042"),
    ("Post Malone <tour@music.example>", "Tickets on sale"),
]


def headers(sender: str, subject: str) -> bytes:
    return f"From: {sender}\r\nTo: me@example.com\r\nSubject: {subject}\r\n\r\n".encode()


@pytest.mark.parametrize(("sender", "subject"), OURS)
def test_what_could_be_ours_is_fetched(sender: str, subject: str) -> None:
    """Senders, look-alikes, names, aliases and numbers in the subject; a mail left out is lost."""
    assert could_be_ours(parse_headers(headers(sender, subject)))


@pytest.mark.parametrize(("sender", "subject"), NOT_OURS)
def test_private_mail_is_left_alone(sender: str, subject: str) -> None:
    """Family, newsletters, bank, doctor: nothing of it is fetched or kept."""
    assert not could_be_ours(parse_headers(headers(sender, subject)))


def test_ebays_own_headers_are_enough() -> None:
    """A forwarded notification keeps eBay's tracker header."""
    assert could_be_ours(parse_headers(b"From: a@example.com\nX-eBay-MailTracker: 11400.000.0.0.abc\n\n"))


def test_the_reply_address_counts() -> None:
    """A member's message is known by where its answer goes."""
    assert could_be_ours(parse_headers(b"From: a@example.com\nReply-To: ab12@members.ebay.fr\nSubject: x\n\n"))
