"""What has fooled readers of eBay's mail: words of another step, numbers that look alike, titles that say anything."""

from __future__ import annotations

from datetime import date

import pytest

from agent.vocabulary.events import (
    BuyerMessage,
    CaseOnHold,
    Event,
    InrOpened,
    LabelBought,
    OrderPaid,
    OrderSold,
    ReturnUpdate,
    ShipReminder,
)
from agent.vocabulary.status import Unread
from mail.intents import about
from mail.reader import Reading, read

LINK = "https://www.ebay.com/mesh/ord/details?orderid="


def reading(subject: str, html: str, sender: str = "eBay <ebay@ebay.com>") -> Reading:
    head = (f"From: {sender}", f"Subject: {subject}", "Date: Tue, 10 Nov 2026 09:00:00 +0000")
    return read("\r\n".join((*head, "Content-Type: text/html; charset=utf-8", "", html)).encode())


def only(subject: str, html: str, sender: str = "eBay <ebay@ebay.com>") -> Event:
    (event,) = reading(subject, html, sender).events
    return event


# ---- words of another step ----


@pytest.mark.parametrize(
    "bar",
    [
        "<table><tr><td>Case opened</td><td>eBay decides</td><td>Case closed</td></tr></table>",
        "<p>Case opened Nov 3, 2026 Case closed</p>",
        "<p>Fall eröffnet – Fall geschlossen</p>",
    ],
)
def test_a_progress_bar_is_no_news(bar: str) -> None:
    """ "Case closed" is printed in the mail of an open case too."""
    event = only("Case #5379900417: Your case is on hold", f"<p>It was placed on hold temporarily.</p>{bar}")

    assert isinstance(event, CaseOnHold)


def test_a_day_on_which_ebay_will_write_is_no_deadline() -> None:
    """The seller need not answer by the day of eBay's next update."""
    event = only(
        "Case #5379900417: Your case is on hold", "<p>We will get back to you with an update by May 11, 2027.</p>"
    )

    assert isinstance(event, CaseOnHold)
    assert event.respond_by is None


@pytest.mark.parametrize(
    ("subject", "status"),
    [
        ("Return 5315309886: Item delivered", "delivered_to_seller"),
        ("Return 5315309886: Issue refund", "refund_due"),
        ("Return 5315309886: Refund issued", "refunded"),
        ("Return 5315309886: Buyer shipped item", "shipped"),
        ("Return approved: request 5315309886", "approved"),
        ("Return 5315309886: return label provided", "label_provided"),
        ("Return 5315309886 closed", "closed"),
        ("Your buyer asked us to step in on return 5315309886", "escalated"),
        ("Rückgabe 5315309886: Artikel zugestellt", "delivered_to_seller"),
        ("Rückgabe 5315309886: Bitte veranlassen: Rückerstattung veranlassen", "refund_due"),
        ("Rückgabe 5315309886 wurde geschlossen", "closed"),
    ],
)
def test_a_step_of_a_return_is_a_step_of_a_return(subject: str, status: str) -> None:
    """ "Item delivered" in a return's subject: the return has come back, the sale has not arrived."""
    event = only(subject, "<p>See the details.</p>")

    assert isinstance(event, ReturnUpdate)
    assert (event.status, event.request_id) == (status, "5315309886")


def test_a_request_that_is_closed_is_not_opened() -> None:
    """The name of a request says what it is about, not what has become of it."""
    shown = about("The item not received request 5315309886 has been closed", ())

    assert shown is not None
    assert shown.intent == "case_closed"


@pytest.mark.parametrize("subject", ["Your buyer closed the return request", "Ihre Rückgabe wurde geschlossen"])
def test_a_returns_case_is_the_returns(subject: str) -> None:
    """ "Case" and "request" are what all of eBay's procedures are called."""
    shown = about(subject, ())

    assert shown is not None
    assert shown.intent == "return_update"


def test_a_payment_that_is_still_to_come_is_no_payment() -> None:
    """A sale that waits for money says "paid" too."""
    event = only(
        "Messingglocke – verkauft, Zahlung steht noch aus",
        "<p>bob_77 hat Ihren Artikel gekauft, aber noch nicht bezahlt.</p><p>Artikelnummer: 256712345678</p>",
    )

    assert isinstance(event, OrderSold)
    assert event.paid is False


# ---- titles ----


@pytest.mark.parametrize(
    ("subject", "intent"),
    [
        ("You made the sale for Return shipping label printer, refund issued rubber stamp", "order_sold"),
        ("bob_77 left you positive feedback: Item not received stamp", "feedback_left"),
        ("Remember to ship Case closed: complete detective series", "ship_reminder"),
        ("Order confirmed: Return of the space pirates", "purchase"),
        ("Price drop: Payment dispute, a novel", "purchase"),
        ("Artikel verkauft - Rückgabe-Etiketten, Fall geschlossen Aufkleber", "order_sold"),
        ("Bestellbestätigung für: Rückgabe der Kronjuwelen", "purchase"),
    ],
)
def test_a_title_says_nothing(subject: str, intent: str) -> None:
    """Words of events stand in titles; eBay's own words come before them."""
    shown = about(subject, ())

    assert shown is not None
    assert shown.intent == intent


@pytest.mark.parametrize("cut", ["...", "…", " ..."])
def test_a_title_that_the_subject_cuts_is_whole_in_the_body(cut: str) -> None:
    """Subjects are cut, within words too; the body's line is not."""
    event = only(
        f"You made the sale for Brass desk lamp with gre{cut}",
        "<h1>You made the sale</h1><p>Brass desk lamp with green shade, 1930s</p><p>Order: 08-12121-34343</p>",
    )

    assert isinstance(event, OrderSold)
    assert [item.title for item in event.items] == ["Brass desk lamp with green shade, 1930s"]


def test_a_title_that_is_cut_ends_no_sentence() -> None:
    """What follows the dots still belongs to what stands before them."""
    shown = about("Erinnerung: Bitte Messinglampe mit grü... verschicken", ())

    assert shown is not None
    assert shown.intent == "ship_reminder"


# ---- numbers ----


def test_the_number_behind_a_messages_subject_is_the_items() -> None:
    """It is never the order's."""
    event = only(
        "bob_77 sent a message about Brass bell #256712345678",
        '<div id="UserInputtedText">Is it loud?</div>',
        "eBay - bob_77 <bob_77_x9@members.ebay.com>",
    )

    assert isinstance(event, BuyerMessage)
    assert (event.item_id, event.order_id) == ("256712345678", None)


def test_twelve_digits_of_an_item_are_no_parcel() -> None:
    """A carrier's numbers may look like an item's: without its label one is none."""
    event = only(
        "Your shipping label is ready",
        f'<p>Item number: 256712345678</p><p>Order: <a href="{LINK}08-12121-34343">08-12121-34343</a></p>',
    )

    assert isinstance(event, LabelBought)
    assert event.tracking_number is None


def test_an_order_numbers_leading_zero_stays() -> None:
    """It is text."""
    assert only("You made the sale for Bell", "<p>Order: 02-00012-00034</p>").order_id == "02-00012-00034"


# ---- labels on one line, on two, doubled, in columns ----


@pytest.mark.parametrize(
    "html",
    [
        "<p>Bestellnr.: 08-12121-34343</p><p>Versenden bis: 14.11.2026</p>",
        "<p>Bestellnr.:</p><p>08-12121-34343</p><p>Versenden bis:</p><p>14. Nov. 2026</p>",
        "<p>Bestellnr.Bestellnr. 08-12121-34343</p><p>08-12121-34343</p><p>Versenden bis 14.11.2026</p>",
        "<table><tr><td>Bestellnr.</td><td>Versenden bis</td></tr>"
        "<tr><td>08-12121-34343</td><td>14.11.2026</td></tr></table>",
        "<p>Bestellnr. 08-12121-34343 · Versenden bis 14.11.2026</p>",
    ],
)
def test_values_wherever_a_layout_puts_them(html: str) -> None:
    """Beside the label, below it, behind its twin for screen readers, in a row of cells, behind a dot."""
    event = only("Artikel verkauft - Messingglocke", html)

    assert isinstance(event, OrderSold)
    assert (event.order_id, event.ship_by) == ("08-12121-34343", date(2026, 11, 14))


def test_a_subtotal_is_no_total() -> None:
    """ "Zwischensumme" contains "Summe"."""
    event = only(
        "Artikel verkauft - Messingglocke",
        "<p>Zwischensumme: 20,00 EUR</p><p>Versand: 5,00 EUR</p><p>Bestellnr.: 08-12121-34343</p>",
    )

    assert isinstance(event, OrderSold)
    assert event.total is None


# ---- days to answer by ----


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("Take a look by 30 November 2026.", date(2026, 11, 30)),
        ("You can challenge it, or accept it, before Mon, 30 Nov 2026.", date(2026, 11, 30)),
        ("Sie haben bis 30. Nov. 2026 Zeit.", date(2026, 11, 30)),
        ("They have until 30 November 2026 to send it back.", None),
        ("The item will be delivered by 30 November 2026.", None),
        ("The request was opened by the buyer on 3 November 2026.", None),
        ("Please answer within 3 business days.", None),
    ],
)
def test_a_day_in_a_sentence_is_a_deadline_if_it_is_the_sellers(sentence: str, day: date | None) -> None:
    """Another's deadline, a forecast, or a span of days that nobody printed as a date is none."""
    event = only("Item not received: Request 5379900417", f"<p>{sentence}</p>")

    assert isinstance(event, InrOpened)
    assert event.respond_by == day


# ---- several in one mail ----


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><th>Order</th><th>Ship by</th></tr>"
        f'<tr><td><a href="{LINK}08-12121-34343">08-12121-34343</a></td><td>Nov 14, 2026</td></tr>'
        f'<tr><td><a href="{LINK}08-12121-99999">08-12121-99999</a></td><td>Nov 16, 2026</td></tr></table>',
        f'<p>Brass bell</p><p>Order: <a href="{LINK}08-12121-34343">08-12121-34343</a></p><p>Ship by: Nov 14, 2026</p>'
        f'<p>Tin drum</p><p>Order: <a href="{LINK}08-12121-99999">08-12121-99999</a></p><p>Ship by: Nov 16, 2026</p>',
        f'<p>Ship by: Nov 14, 2026</p><p>Order: <a href="{LINK}08-12121-34343">08-12121-34343</a></p>'
        f'<p>Ship by: Nov 16, 2026</p><p>Order: <a href="{LINK}08-12121-99999">08-12121-99999</a></p>',
    ],
)
def test_a_reminder_of_several_orders_tells_of_each(html: str) -> None:
    """Each order has its own day, whether the day stands beside, below or above its number."""
    events = reading("Reminder: 2 orders to ship", html).events

    assert all(isinstance(event, ShipReminder) for event in events)
    assert [(e.order_id, e.ship_by) for e in events if isinstance(e, ShipReminder)] == [
        ("08-12121-34343", date(2026, 11, 14)),
        ("08-12121-99999", date(2026, 11, 16)),
    ]


# ---- people ----


def test_the_sellers_own_name_is_no_buyers() -> None:
    """The footer names the seller; nobody else is named here."""
    event = only(
        "Item not received: Request 5379900417",
        "<p>Member: shop_77</p><p>A request was opened.</p><p>Details</p>"
        "<p>eBay sent this message to Sam Seller (shop_77).</p>",
    )

    assert event.buyer is None


@pytest.mark.parametrize(
    "subject", ["bob_77 opened an item not received request", "oldvalves says the item never arrived: 5379900417"]
)
def test_who_opened_a_request_may_stand_in_its_sentence(subject: str) -> None:
    """A member's name begins no sentence of eBay's otherwise."""
    assert only(subject, "<p>Request: 5379900417</p>").buyer == subject.split()[0]


@pytest.mark.parametrize("heading", ["New message to: bob_77 (12)", "Neue Nachricht an: bob_77"])
def test_the_sellers_own_message_is_no_event(heading: str) -> None:
    """It comes back as a copy: to answer it would go round in circles."""
    echo = reading("my-shop sent a message about Brass bell #256712345678", f"<p>{heading}</p><p>Hello!</p>")

    assert (echo.events, echo.unread) == ((), Unread.NOT_OURS)


# ---- noise ----


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Your payout of $412.77 is on the way", "Includes order 08-12121-34343. You sold it on eBay."),
        ("New listings for refund cheque", "Brass bell"),
        ("New sign-in to your account", "A new device."),
        ("Your listing is live: Brass bell", "Your item is listed."),
        ("You accepted an offer from bob_77", "The buyer now has to pay."),
        ("Ihre Auszahlung ist unterwegs", "Enthält Bestellung 08-12121-34343."),
        ("Änderungen der Allgemeinen Geschäftsbedingungen", "Rückgaben werden schneller entschieden."),
    ],
)
def test_noise_is_known(subject: str, body: str) -> None:
    """It is neither an event nor a mail that nobody could read."""
    found = reading(subject, f"<p>{body}</p>")

    assert (found.events, found.unread) == ((), Unread.NOT_OURS)


def test_noise_in_a_subject_drops_no_sale() -> None:
    """A mail about a listing whose body tells of an order is the order's."""
    event = only("News about your listing: offer accepted", "<h1>Your item has sold</h1><p>Order: 08-12121-34343</p>")

    assert event.order_id == "08-12121-34343"


def test_what_is_new_is_kept_for_a_human() -> None:
    """A mail of eBay's that nobody knows may hide a deadline."""
    assert reading("We need something new of you", "<p>Order: 08-12121-34343</p>").unread is Unread.NO_READER


def test_news_that_print_a_day_to_answer_by_are_kept_for_a_human() -> None:
    """What seems harmless and wants an answer is not understood."""
    found = reading(
        "Your buyer changed the delivery address", "<p>Order: 08-12121-34343</p><p>Respond by: Nov 14, 2026</p>"
    )

    assert (found.events, found.unread) == ((), Unread.UNREADABLE)


def test_a_paid_mail_that_tells_of_the_sale_too_is_one_sale() -> None:
    """One mail, one sale, paid."""
    sold = only("News for you", "<p>Your buyer paid.</p><p>You made the sale!</p><p>Order: 08-12121-34343</p>")
    paid = only("You got paid for Brass bell", "<p>Order: 08-12121-34343</p>")

    assert isinstance(sold, OrderSold)
    assert sold.paid is True
    assert isinstance(paid, OrderPaid)
