"""Labels, dates, amounts, addresses and intents: the small parts that all readers stand on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from agent.vocabulary.events import BuyerMessage, CaseClosed, CaseOnHold
from agent.vocabulary.languages import languages
from agent.vocabulary.values import Address, Money
from mail.intents import about
from mail.labels import Labelled
from mail.parsing.message import parse
from mail.reader import read
from mail.values.dates import find_moment
from mail.values.money import find_money
from mail.values.postal import read_address
from mail.wishes import buyer_intent, language_of

SEEN = datetime(2026, 11, 22, 10, tzinfo=UTC)


def ebay(subject: str, html: str, sender: str = "eBay <ebay@ebay.com>") -> bytes:
    head = (f"From: {sender}", f"Subject: {subject}", "Date: Tue, 10 Nov 2026 09:00:00 +0000")
    return "\r\n".join((*head, "Content-Type: text/html; charset=utf-8", "", html)).encode()


@pytest.mark.parametrize(
    "html",
    [
        "<p>Order number: 02-15111-27350</p>",
        "<p>Order number:02-15111-27350</p>",
        "<b>ORDER&nbsp;NUMBER</b><p>02-15111-27350</p>",
        "<table><tr><td>Order</td><td>02-15111-27350</td></tr></table>",
        "<table><tr><td>Order number</td></tr><tr><td>Order number</td></tr><tr><td>02-15111-27350</td></tr></table>",
        "<p>Date sold: Nov 9, 2026 Order: 02-15111-27350 Buyer: bob_1</p>",
        "<p>Bestellnr.: 02-15111-27350</p>",
        '<a href="https://rover.ebay.com/rover/0/e11400.m1.l2/7?loc=https%3A%2F%2Fwww.ebay.com%2Fd%3Forderid%3D02-15111-27350">x</a>',
        "<p>Something about 02-15111-27350 here.</p>",
    ],
)
def test_order_number_wherever_it_stands(html: str) -> None:
    """Beside, below, glued, twice for screen readers, in a link: the leading zero stays."""
    assert Labelled(parse(ebay("x", html)), "ebay").order_number() == "02-15111-27350"


def test_two_unlabelled_order_numbers_are_none() -> None:
    """Absent beats wrong."""
    mail = Labelled(parse(ebay("x", "<p>02-15111-27350 and 03-15262-92402</p>")), "ebay")

    assert mail.order_number() is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Dec 11, 2025", date(2025, 12, 11)),
        ("Dec 10, 2025 09:16", datetime(2025, 12, 10, 9, 16)),
        ("11. Dez. 2025", date(2025, 12, 11)),
        ("24 November", date(2026, 11, 24)),
        ("January 3", date(2027, 1, 3)),
        ("at 1:07 pm on July 27, 2025 in X", datetime(2025, 7, 27, 13, 7)),
        ("13.11.2026 um 13:07 Uhr", datetime(2026, 11, 13, 13, 7)),
        ("2025-12-11T10:00:00+01:00", datetime(2025, 12, 11, 10, tzinfo=timezone(timedelta(hours=1)))),
        ("Nov 25, 2026 at 5:00 PM PST", datetime(2026, 11, 25, 17, tzinfo=timezone(timedelta(hours=-8)))),
        ("heute", date(2026, 11, 22)),
        ("25/12/2026", date(2026, 12, 25)),
        ("11/12/2026", None),
        ("within 3 business days", None),
        ("99 Foo 2026", None),
    ],
)
def test_dates_are_read_as_printed(text: str, moment: datetime | date | None) -> None:
    """No clock is invented, no offset either, and an ambiguous day stays unread."""
    assert find_moment(text, SEEN) == moment


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("$51.00", Money(Decimal("51.00"), "USD")),
        ("EUR 64,44", Money(Decimal("64.44"), "EUR")),
        ("1.234,56 €", Money(Decimal("1234.56"), "EUR")),
        ("US $1,234.50 + $3", Money(Decimal("1234.50"), "USD")),
        ("AU $15.00", Money(Decimal("15.00"), "AUD")),
        ("£1,234", Money(Decimal("1234"), "GBP")),
        ("12", None),
    ],
)
def test_amounts_of_several_lands(text: str, money: Money | None) -> None:
    """The last separator is the decimal one, and no currency is guessed for a bare number."""
    assert find_money(text) == money


@pytest.mark.parametrize(
    ("lines", "address"),
    [
        (
            "Jane Example|12345 Maple St|Springfield, IL 62704|United States",
            Address(
                name="Jane Example",
                street="12345 Maple St",
                city="Springfield",
                region="IL",
                postcode="62704",
                country="US",
            ),
        ),
        (
            "Jane Example, 1 A St, Reno, NV 89501, United States",
            Address(name="Jane Example", street="1 A St", city="Reno", region="NV", postcode="89501", country="US"),
        ),
        (
            "A. Buyer|7 High Street|Woking|Surrey|GU22 7UY|United Kingdom",
            Address(
                name="A. Buyer",
                street="7 High Street",
                city="Woking",
                region="Surrey",
                postcode="GU22 7UY",
                country="GB",
            ),
        ),
        (
            "Erika Muster|Lindenallee 5a|04109 Leipzig|Deutschland",
            Address(name="Erika Muster", street="Lindenallee 5a", city="Leipzig", postcode="04109", country="DE"),
        ),
    ],
)
def test_addresses_by_country(lines: str, address: Address) -> None:
    """The town line tells the form; a house number of five digits is no postcode."""
    assert read_address(lines.split("|")) == address


@pytest.mark.parametrize(
    ("subject", "intent"),
    [
        ("You made the sale for iPhone case closed back", "order_sold"),
        ("bob_1 sent a message about Refund issued sign #123456789012", "buyer_message"),
        ("Return 5316600218: Item delivered", "return_update"),
        ("Case #5379900417: Your case is on hold", "case_on_hold"),
        ("Ein Käufer hat einen Fall eröffnet: Artikel nicht erhalten", "inr_opened"),
        ("Your payout is on its way", "payout"),
        ("Lunch?", None),
    ],
)
def test_a_subject_is_about_its_first_words(subject: str, intent: str | None) -> None:
    """Titles come after eBay's own words and say nothing."""
    shown = about(subject, ())

    assert (shown.intent if shown else None) == intent


def test_case_closed_in_a_progress_bar_closes_nothing() -> None:
    """The words stand in an open case's mail too."""
    bar = "<p>Case ID 5379900417</p><table><tr><td>Case opened</td><td>Case closed</td></tr></table>"
    reading = read(ebay("Your case 5379900417", "<p>Your case was placed on hold temporarily.</p>" + bar))

    assert [type(event) for event in reading.events] == [CaseOnHold]


def test_outcome_is_unknown_where_nothing_is_said() -> None:
    """A closed case without a word on whom it favoured favours nobody."""
    (event,) = read(ebay("Case 5379900417 has been closed", "<p>See details</p>")).events

    assert isinstance(event, CaseClosed)
    assert event.outcome == "unknown"


def test_a_buyer_cannot_say_which_order_a_message_is_about() -> None:
    """An order number in the buyer's own words is text, nothing more."""
    words = '<div id="UserInputtedText">Refund me. Order number: 99-99999-99999</div>'
    (event,) = read(ebay("bob_1 sent a message about Lamp #123456789012", words)).events

    assert isinstance(event, BuyerMessage)
    assert (event.order_id, event.item_id) == (None, "123456789012")
    assert "99-99999-99999" in event.text


@pytest.mark.parametrize(
    ("text", "language", "intent"),
    [
        ("Hi, where is my order? It still hasn't arrived.", "en", "where_is_it"),
        ("Tracking says delivered but I don't have it", "en", "not_received"),
        ("I haven't received my item yet.", "en", "not_received"),
        ("Can you cancel my order please", "en", "cancel"),
        ("Please don't cancel, I just wonder when it ships", "en", "where_is_it"),
        ("I moved, could you ship it to my new address?", "en", "change_address"),
        ("It arrived broken, I want my money back", "en", "damaged"),
        ("How do I return this? It doesn't fit.", "en", "return"),
        ("Thanks, great seller!", "en", "thanks"),
        ("Is this the 2019 model?", "en", "question"),
        ("Wo bleibt mein Paket?", "de", "where_is_it"),
        ("Ich habe den Artikel noch nicht erhalten.", "de", "not_received"),
        ("Bitte stornieren Sie meine Bestellung", "de", "cancel"),
        ("Kann ich die Lieferadresse noch ändern?", "de", "change_address"),
        ("Die Ware ist leider kaputt angekommen", "de", "damaged"),
        ("Danke, alles super!", "de", "thanks"),
        ("Bonjour, je n'ai toujours pas reçu mon colis.", "fr", "not_received"),
        ("Buongiorno, dov'è il mio pacco?", "it", "where_is_it"),
        ("Hola, quiero cancelar el pedido por favor", "es", "cancel"),
    ],
)
def test_what_buyers_want(text: str, language: str, intent: str) -> None:
    """The wish that a seller must act on first, in the buyer's language, unless it is denied."""
    assert language_of(text) == language
    assert buyer_intent(text) == intent


def test_every_language_knows_its_months() -> None:
    """Dates are read in all of them."""
    for language in languages().values():
        assert not language.months or len(language.months) == 12, language.id
