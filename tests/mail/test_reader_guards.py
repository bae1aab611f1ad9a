"""What must not be believed of a mail: a buyer's note, a warning, a title, a stranger's number."""

from __future__ import annotations

import time

import pytest

from agent.vocabulary.status import TrackingStatus, Unread
from mail.ebay.members import buyer_of
from mail.intents import about
from mail.labels import Labelled
from mail.parsing.html_text import read_blocks
from mail.parsing.message import parse
from mail.phrases import states
from mail.reader import read
from mail.wishes import buyer_intent


def mail(subject: str, body: str, sender: str = "eBay <ebay@ebay.com>", kind: str = "html") -> bytes:
    head = (f"From: {sender}", f"Subject: {subject}", "Date: Tue, 10 Nov 2026 09:00:00 +0000")
    return "\r\n".join((*head, f"Content-Type: text/{kind}; charset=utf-8", "", body)).encode()


def labelled(html: str, kind: str = "html") -> Labelled:
    return Labelled(parse(mail("You made the sale for Bell", html, kind=kind)), "ebay")


@pytest.mark.parametrize(
    "note",
    [
        "<p><b>Note to seller:</b></p><p>Order: 99-00000-00001<br>Buyer: mallory_1</p>",
        "<p><b>Note to seller:</b> Order: 99-00000-00001<br>Buyer: mallory_1</p>",
        "<table><tr><td>Buyer note</td><td>Order: 99-00000-00001<br>Buyer: mallory_1</td></tr></table>",
        "<h2>A message from the buyer</h2><div>Order: 99-00000-00001<br/>Buyer: mallory_1</div>",
        "<p>Nachricht des Käufers:</p><p>Bestellnummer: 99-00000-00001<br>Käufer: mallory_1</p>",
    ],
)
def test_a_buyers_note_labels_nothing(note: str) -> None:
    """What a buyer writes into a note is no order number and no buyer, whatever it looks like."""
    found = labelled(f"{note}<p>Order: 08-12121-34343</p><p>Buyer: greta_latch</p>")

    assert (found.order_number(), buyer_of(found)) == ("08-12121-34343", "greta_latch")


def test_a_buyers_note_in_plain_text_ends_with_its_paragraph() -> None:
    """Plain text: the paragraph of the note says nothing, the next one does."""
    text = "Buyer note:\r\nOrder: 99-00000-00001\r\n\r\nOrder: 08-12121-34343\r\n"

    assert labelled(text, "plain").order_number() == "08-12121-34343"


def test_a_link_of_ebays_decides_between_two_order_numbers() -> None:
    """Text can be made up; the order in eBay's own link cannot be written by a buyer."""
    found = labelled(
        "<p>Order: 99-00000-00001</p><p>Order: 08-12121-34343</p>"
        '<a href="https://www.ebay.com/mesh/ord/details?orderid=08-12121-34343">See it</a>'
    )

    assert found.order_number() == "08-12121-34343"


def test_blocks_tell_paragraphs_apart() -> None:
    """Lines that a line break parts share their block; a new paragraph has its own."""
    lines, _, blocks = read_blocks("<div><p>a<br>b</p><p>c</p>d</div>")

    assert lines == ("a", "b", "c", "d")
    assert blocks[0] == blocks[1]
    assert len(set(blocks)) == 3


def test_a_heading_row_gives_each_label_the_value_below_it() -> None:
    """A row of labels above a row of values, as tables print it."""
    found = labelled(
        "<table><tr><th>Order number</th><th>Quantity</th><th>Price</th><th>Buyer</th></tr>"
        "<tr><td>08-12121-34343</td><td>2</td><td>$15.00</td><td>greta_latch</td></tr></table>"
    )

    assert (found.order_number(), found.quantity(), buyer_of(found)) == ("08-12121-34343", 2, "greta_latch")
    price = found.money("price")
    assert price is not None
    assert str(price.value) == "15.00"


@pytest.mark.parametrize("title", ["Total Recall: $9.99 bin VHS", "Price Guide to coins, $5 off"])
def test_a_title_that_begins_like_a_label_is_no_amount(title: str) -> None:
    """Without a colon a label's amount must follow it at once."""
    assert labelled(f"<p>{title}</p>").money("total") is None
    assert labelled(f"<p>{title}</p>").money("price") is None


@pytest.mark.parametrize(
    "line",
    [
        "If you don't respond, the case may be closed in the buyer's favor.",
        "The buyer can ask us to step in.",
        "If your buyer wants to cancel, tell us.",
        "Your buyer may open an item not received request.",
        "Wenn Sie nicht antworten, wird der Fall zugunsten des Käufers geschlossen.",
    ],
)
def test_a_warning_is_no_event(line: str) -> None:
    """What may come has not happened."""
    assert about("Important information about your order", (line,)) is None


def test_a_case_on_hold_until_may_is_still_on_hold() -> None:
    """May is a month too."""
    shown = about("News for you", ("Your case was placed on hold temporarily until May 11, 2026.",))

    assert shown is not None
    assert shown.intent == "case_on_hold"


def test_an_outcome_counts_where_it_is_stated_outright() -> None:
    """Neither denied nor only possible."""
    assert states("outcome.buyer", "we decided the case in the buyer's favor.")
    assert not states("outcome.buyer", "the case was not decided in the buyer's favor.")
    assert not states("outcome.buyer", "if the case was closed in the buyer's favor, you can appeal.")


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("You made the sale for Of Mice and Men", "Of Mice and Men"),
        ("You made the sale for For Whom the Bell Tolls", "For Whom the Bell Tolls"),
        ("You made the sale for Get Smart complete series", "Get Smart complete series"),
        ('You made the sale for Enamel sign 12" x 8"', 'Enamel sign 12" x 8"'),
        ("You've made a sale: Order of the Phoenix", "Order of the Phoenix"),
        ("Ihr Artikel hat einen Käufer gefunden: Messinglampe, um 1920", "Messinglampe, um 1920"),
        ("You made the sale for Lot: five brass keys", "Lot: five brass keys"),
    ],
)
def test_a_title_is_taken_whole(subject: str, title: str) -> None:
    """Words of the frame are no reason to cut a title that begins or ends with them."""
    reading = read(mail(subject, "<p>Your buyer paid.</p><p>Order: 08-12121-34343</p>"))

    assert [item.title for event in reading.events for item in event.items] == [title]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("subject", "intent"),
    [
        ("You've approved the cancellation request", "order_cancelled"),
        ("You voided a shipping label", "label_voided"),
        ("Where's my item? A buyer opened a request", "inr_opened"),
        ("Käufer meldet: Artikel ist nicht eingetroffen", "inr_opened"),
        ("Verkauft! Messingglocke", "order_sold"),
    ],
)
def test_what_a_subject_is_about(subject: str, intent: str) -> None:
    """Wordings that were once taken for something else, or for nothing."""
    shown = about(subject, ())

    assert shown is not None
    assert shown.intent == intent


def test_marketing_that_pitches_a_sale_is_not_ours() -> None:
    """A sale's words without a sale, from the marketing address, need nobody's look."""
    pitch = mail("Your item sold? List another one free", "<p>Great deals.</p>", "eBay <ebay@reply1.ebay.com>")

    assert read(pitch).unread is Unread.NOT_OURS


def test_of_several_numbers_the_one_in_the_carriers_shape_counts() -> None:
    """A shop's own reference is no parcel number, nor is a reference label proof of one."""
    body = "<p>Your reference: 4567890123</p><p>Reference: QM 1234 5678 5GB</p>"
    (event,) = read(mail("Your parcel has been delivered", body, "Royal Mail <no-reply@royalmail.com>")).events

    assert event.tracking_number == "QM123456785GB"  # type: ignore[attr-defined]
    assert event.status is TrackingStatus.DELIVERED  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Is it new or damaged?", "question"),
        ("It arrived damaged, is there a replacement?", "damaged"),
        ("I have not received a refund yet", "return"),
        ("What's your return policy?", "question"),
        ("My parcel never turned up!!", "not_received"),
        ("Package arrived empty.", "damaged"),
        ("Ist das Gerät defekt oder in Ordnung?", "question"),
        ("Die Tasse kam in tausend Teilen an.", "damaged"),
        ("Bitte den Kauf stornieren, habe mich verklickt.", "cancel"),
    ],
)
def test_what_a_buyer_wants(text: str, intent: str) -> None:
    """A question about a fault reports none; a missing refund is no missing parcel."""
    assert buyer_intent(text) == intent


def test_thousands_of_labels_are_read_in_time() -> None:
    """A mail of nothing but labels takes linear time, whatever they pretend to head."""
    started = time.process_time()
    reading = read(mail("You made the sale for x", "<p>Order</p><p>Buyer</p><p>Price</p>" * 2_000))

    assert reading.unread is Unread.UNREADABLE
    assert time.process_time() - started < 5
