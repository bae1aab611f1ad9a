"""Whether a buyer's words are a robot's: notes of the absent and of desks are, people who sound alike are not."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from agent.vocabulary.data import parse_yaml
from mail.automatic import automatic, automatic_text
from mail.parsing.message import parse_headers

TEXTS: dict[str, list[str]] = parse_yaml((Path(__file__).parent / "automatic_texts.yaml").read_text(encoding="utf-8"))
SHOP = "shop@tidewater.example"
SHOWN = (
    ("X-Loop", "harold@pier.example"),
    ("Precedence", "Auto-Reply"),
    ("Precedence", "bulk; x"),
    ("Auto-Submitted", "AUTO-REPLIED"),
    ("Auto-Submitted", "auto-replied (vacation)"),
    ("X-Auto-Submitted", "auto-replied"),
    ("X-Auto-Response-Suppress", "-1"),
    ("Return-Path", "<double-bounce@mx.pier.example>"),
    ("Return-Path", "<#@[]>"),
    ("From", "no-reply@pier.example"),
    ("From", "noreply+abc@pier.example"),
    ("From", "nicht-antworten@pier.example"),
    ("From", "ne-pas-repondre@pier.example"),
    ("X-MS-Exchange-Generated-Message-Source", "Mailbox Rules Agent"),
    ("X-Mailer", "vacation 1.2"),
    ("X-Cron-Env", "<SHELL=/bin/sh>"),
    ("X-POST-MessageClass", "9; Autoresponder"),
    ("X-RT-Loop-Prevention", "pier"),
    ("X-OTRS-Loop", "yes"),
    ("X-Zendesk-From-Account-Id", "47"),
    ("Content-Type", "text/calendar; method=REPLY"),
    ("Subject", "Accepted: call on Monday"),
    ("Subject", "Zugesagt: Termin"),
    ("Subject", "Lido: pedido"),
    ("Subject", "Automatiskt svar: paket"),
    ("Subject", "Otomatik yanıt: paket"),
    ("Subject", "Automatická odpověď"),
    ("Subject", "Αυτόματη απάντηση: δέμα"),
    ("Subject", "[Request received] parcel"),
    ("Subject", "Re: [Ticket ID: 55] parcel"),
    ("Subject", "Eingangsbestätigung"),
    ("Subject", "Out of Office Re: parcel"),
)
HARMLESS = (
    ("X-Loop", SHOP),
    ("Precedence", "normal"),
    ("Auto-Submitted", "no"),
    ("X-Auto-Response-Suppress", "DR, NDR, RN, NRN"),
    ("Feedback-ID", "1:ebay"),
    ("X-eBay-MailTracker", "1.2.3"),
    ("List-Unsubscribe", "<https://www.ebay.com/u>"),
    ("X-Mailer", "Apple Mail"),
    ("X-OTRS-Loop", "no"),
    ("From", "norep@pier.example"),
    ("Subject", "Read this before shipping"),
    ("Subject", "Ticket for concert not arrived"),
    ("Subject", "Automatic watch band question"),
    ("Subject", "Accepted offer, when do you ship?"),
    ("Subject", "Out of stock?"),
    ("Reply-To", "no-reply@pier.example"),
    ("X-MS-Exchange-Inbox-Rules-Loop", SHOP),
)


@pytest.mark.parametrize("text", TEXTS["robots"])
def test_a_robots_words_are_known(text: str) -> None:
    """Absence, tickets, receipts, bounces and challenges, in the languages that buyers' programs speak."""
    assert automatic_text(text)


@pytest.mark.parametrize("text", TEXTS["people"])
def test_people_who_sound_alike_are_heard(text: str) -> None:
    """Somebody on holiday who asks for a parcel is a person; so is one who complains of robots."""
    assert automatic_text(text) is None


def shown(name: str, value: str) -> str | None:
    headers = {"From": "harold@pier.example", "To": SHOP, "Subject": "parcel", name: value}
    return automatic(parse_headers("".join(f"{key}: {said}\r\n" for key, said in headers.items()).encode() + b"\r\n"))


@pytest.mark.parametrize(("name", "value"), SHOWN)
def test_one_header_is_enough(name: str, value: str) -> None:
    """Each of these alone shows a robot, a list or a calendar."""
    assert shown(name, value)


@pytest.mark.parametrize(("name", "value"), HARMLESS)
def test_what_every_mail_may_bear_shows_nothing(name: str, value: str) -> None:
    """A forwarding's own mark, a sender's statistics, a subject that begins alike."""
    assert shown(name, value) is None


def test_a_senders_answer_address_makes_an_unread_one_harmless() -> None:
    """Shops' systems write from an address that nobody reads, and name where answers go."""
    raw = b"From: no-reply@pier.example\r\nReply-To: harold@pier.example\r\nSubject: parcel\r\n\r\n"
    assert automatic(parse_headers(raw)) is None


@pytest.mark.parametrize(
    "filler",
    ["a", " ", "your ", "your message ", "i will ", "orders placed during ", "am ", "ihre nachricht ", ".", "("],
)
def test_no_text_makes_it_slow(filler: str) -> None:
    """A long text of what patterns begin with takes no more of the processor than any other."""
    before = time.process_time()
    automatic_text(filler * 20_000)
    assert time.process_time() - before < 1
