"""What may never stand in a message to a buyer."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from agent.replies.lint import HARD_LIMIT, lint

FORBIDDEN = [
    "Write to anna@example.com.",
    "Write to anna (at) example (dot) com.",
    "My mail is anna at example dot com",
    "Mail anna＠example.com",
    "Call 020 7946 0018.",
    "Call +49 (30) 901820-0 today",
    "Call ０２０７９４６００１８",
    "Ring 555.867.5309",
    "See https://example.com/x",
    "See www.example.org",
    "See example.de for more",
    "Look at hxxp://bad",
    "Visit my shop . com",
    "Pay me by PayPal",
    "Send it with Pay Pal friends",
    "My IBAN follows",
    "Venmo works too",
    "A bank transfer would do",
    "Deal with me outside of eBay",
    "Bitte per Überweisung",
    "Wir können das außerhalb von eBay regeln",
    "Ask me on WhatsApp",
    "I am on Telegram",
    "Text me tonight",
    "Rufen Sie uns an",
    "Please leave us positive feedback",
    "If you change your feedback I will help",
    "Once you give 5 stars as feedback, we answer",
    "Ich helfe, wenn Sie Ihre Bewertung ändern",
    "We guarantee delivery by Friday",
    "We will refund you today",
    "You will receive a full refund",
    "Wir erstatten Ihnen das Geld",
    "Es kommt bestimmt morgen",
    "Please close the case first",
    "Please open a case with eBay",
    "Bitte den Fall schließen",
    "You cannot cancel now",
    "Das ist nicht mehr stornierbar",
    "This is your fault",
    "We will call our lawyer",
    "Hello {{ buyer_name }}",
    "Hello [buyer name]",
    "Hello <b>Anna</b>",
    "Hello ${name}",
    "It arrives on None",
    "TODO: write this",
    "",
]

HARMLESS = [
    "Your parcel is at the post office. It is on its way to you. In two days we look again.",
    "The lamp left on 13 November 2026 at 14:05 and is expected by 25 November 2026.",
    "Bestellung 27-13930-98148 kam am 24.11.2026 an. Es ist alles da.",
    "It was scanned on 2026-11-24.",
    "Number 9400111899223197428490 travels with USPS.",
    "Number 9400 1118 9922 3197 4284 90 travels with USPS.",
    "Thank you for your message. If it has not reached you, please answer here.",
    "Please start a return in eBay.",
    "Wir helfen gern. Antworten Sie bei eBay.",
    "It weighs 2.5 kg and cost USD 84.00.",
]

HERE = Path(__file__).parent


def sentences(name: str) -> list[str]:
    """The sentences of a file beside this one, without its comments and headings."""
    lines = (line.strip() for line in HERE.joinpath(name).read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#") and not (line[0] == "[" and line[-1] == "]")]


KNOWN = ("9400111899223197428490", "27-13930-98148")


@pytest.mark.parametrize("text", FORBIDDEN)
def test_forbidden_things_are_found(text: str) -> None:
    """Contact data, links, deals outside eBay, bargains over feedback, promises, blanks: each is named."""
    assert lint(text, KNOWN)


@pytest.mark.parametrize("text", HARMLESS)
def test_plain_facts_pass(text: str) -> None:
    """Dates, known numbers and ordinary sentences are no findings."""
    assert lint(text, KNOWN) == ()


@pytest.mark.parametrize("sentence", sentences("bad_sentences.txt"))
def test_bad_sentences_are_found_in_five_languages(sentence: str) -> None:
    """Contact data, deals, bargains, promises, blame, threats, legalese, rude tone: in an otherwise good letter."""
    assert lint(f"Hello Anna,\n\n{sentence}\n\nThank you\nHarbour Lane")


@pytest.mark.parametrize("sentence", sentences("good_sentences.txt"))
def test_what_a_seller_may_say_passes_in_five_languages(sentence: str) -> None:
    """News, dates, thanks, requests and offers to help are no findings."""
    assert lint(sentence) == ()


def test_there_are_enough_bad_sentences() -> None:
    """A rule that is dropped from the data is missed by some of them."""
    assert len(sentences("bad_sentences.txt")) >= 300
    assert len(sentences("good_sentences.txt")) >= 100


@pytest.mark.parametrize("name", ["HARBOUR LANE FINDS LTD", "Harbour Lane"])
def test_a_shop_may_sign_in_capitals(name: str) -> None:
    """Only the text above the signature can shout."""
    assert lint(f"It is on its way.\n{name}") == ()
    assert lint(f"PLEASE STOP WRITING NOW\n{name}") != ()


def test_codes_of_other_orders_are_unknown_numbers() -> None:
    """A number with letters is this order's, or it is a mistake."""
    assert lint("Number RN514027639GB travels with Royal Mail.", ["RN514027639GB"]) == ()
    assert lint("Number RN514028016GB travels with Royal Mail.", ["RN514027639GB"]) == (
        "unknown number: RN514028016GB",
    )
    assert lint("Order 27-13930-98149 is on its way.", ["27-13930-98148"]) != ()


def test_unknown_numbers_are_no_tracking_numbers() -> None:
    """Only numbers of this order pass; any other long one could be a phone."""
    assert lint("Number 9400111899223197428490") != ()
    assert lint("Number 9400111899223197428491", KNOWN) != ()


def test_the_listings_own_title_may_hold_our_forbidden_words() -> None:
    """A title is the seller's and eBay's own: words and part numbers pass, addresses do not."""
    title = "Police badge 04906088, WhatsApp era"
    assert lint(f'Your "{title}" is on its way.', quoted=[title]) == ()
    assert lint(f'Your "{title}" is on its way.') != ()
    bad = "Lamp see example.com or a@example.com"
    assert len(lint(f'Your "{bad}".', quoted=[bad])) >= 1


def test_length_is_bounded() -> None:
    """A text above its limit is refused."""
    assert lint("x " * 1000)
    assert lint("word " * 100, max_length=100)


@pytest.mark.parametrize(
    "filler", ["a", " ", '"', "1 ", "a.", "@", "-", "{", "<a", "1-", "wir wenn ", "A", "AB ", "A1", "!", "si vous "]
)
def test_no_text_makes_the_lint_slow(filler: str) -> None:
    """The longest text that is looked at, and one beyond it, take less than a second of the processor."""
    before = time.process_time()
    lint(filler * (HARD_LIMIT // len(filler)))
    lint(filler * (100_000 // len(filler)))
    assert time.process_time() - before < 1
