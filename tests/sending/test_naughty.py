"""Naughty strings as buyer, item, note and tracking text, in every template and header of a mail that leaves."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from agent.orders.order import Order
from agent.replies.compose import compose
from agent.replies.plain import one_line
from agent.replies.prepare import NoReply, prepare
from agent.replies.templates import templates
from agent.vocabulary.values import Address
from mail.parsing.message import parse
from mail.sending.outgoing import build_mail, clean, clean_text
from tests.replies.samples import NOW, SHOPS, sample
from tests.sending.naughty import NAUGHTY

ALIAS = "a1b2c3d4e5f6a7b8c9@members.ebay.com"
SHOP = "olive@tidewater.example"
HEADERS = [
    "auto-submitted",
    "content-transfer-encoding",
    "content-type",
    "date",
    "from",
    "in-reply-to",
    "message-id",
    "mime-version",
    "references",
    "subject",
    "to",
    "x-auto-response-suppress",
]


def built(**changes: Any) -> bytes:
    asked: dict[str, Any] = {
        "sender": SHOP,
        "recipient": ALIAS,
        "subject": "Re: lamp",
        "text": "On its way.",
        "message_id": "<r1@tidewater.example>",
        "date": datetime(2026, 11, 20, 14, 5, tzinfo=UTC),
        "auto_submitted": "auto-replied",
        "in_reply_to": "<b1@ebay.com>",
    }
    return build_mail(**asked | changes)


def check(raw: bytes, text: str | None = None) -> None:
    """The same headers, once each; one recipient, for two different readers; the text as it was."""
    head = raw.partition(b"\r\n\r\n")[0]
    ours, stranger = parse(raw), message_from_bytes(raw, policy=policy.compat32)
    assert sorted(name for name, _ in ours.headers) == HEADERS
    assert sorted(name.lower() for name in stranger) == HEADERS
    assert [box.address for box in ours.recipients] == [ALIAS] == [stranger["To"]]
    assert [box.address for box in ours.senders] == [SHOP]
    assert raw.isascii()
    assert b"\n" not in head.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    if text is not None:
        read = stranger.get_payload(decode=True)
        assert isinstance(read, bytes)
        assert read.decode("utf-8").replace("\r\n", "\n") == text


def as_header(strings: Sequence[str]) -> None:
    for string in strings:
        raw = built(subject=f"Re: {string}")
        check(raw)
        wanted = clean(f"Re: {string}")[:250].strip()
        assert str(make_header(decode_header(message_from_bytes(raw)["Subject"]))).split() == wanted.split()
        check(built(sender_name=string))


def as_text(strings: Sequence[str]) -> None:
    for string in strings:
        check(built(text=f"Hello {string},\nthanks."), clean_text(f"Hello {string},\nthanks."))
        if all(char == "\n" or unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp") for char in string):
            assert string.translate(dict.fromkeys(range(0x202A, 0x202F))) in clean_text(f"Hello {string},\nthanks.")


def in_templates(strings: Sequence[str]) -> None:
    """Each string as every fact of a template of each situation, the languages in turn: there, and never run."""
    known = templates()
    situations = sorted({situation for situation, _ in known})
    languages = sorted({language for _, language in known if len(language) == 2})
    for at, string in enumerate(strings):
        value = one_line(string)
        if not value:
            continue
        for nth, situation in enumerate(situations):
            template = known[situation, languages[(at + nth) % len(languages)]]
            names = (*template.facts, *template.may_use)
            text = compose(situation, template.language, dict.fromkeys(names, value)).text
            used = sum(f"{{{{ {name}" in template.body for name in names)
            assert text.count(value) >= min(1, used), (situation, template.language, string)
        check(built(text=text), clean_text(text))


def of_orders(strings: Sequence[str]) -> int:
    """Each string as all that strangers write of an order, through the whole making of a reply; how many were made."""
    situations = sorted({situation for situation, _ in templates()})
    made = 0
    for at, string in enumerate(strings):
        for language in islice((*SHOPS, *SHOPS), at % len(SHOPS), at % len(SHOPS) + 2):
            order, risk = sample(situations[at % len(situations)], language)
            reply = prepare(situations[at % len(situations)], naughty(order, string), risk, NOW, SHOPS[language].name)
            if isinstance(reply, NoReply):
                continue
            made += 1
            assert reply.to is not None
            assert reply.to.recipient == SHOPS[language].alias
            check(built(subject=reply.to.subject, text=reply.body), clean_text(reply.body))
    return made


def naughty(order: Order, string: str) -> Order:
    """The order as if strangers had written this wherever they may."""
    items = tuple(replace(item, title=string) for item in order.items)
    messages = tuple(replace(one, text=string, subject=f"{string} sent a message") for one in order.messages)
    address = Address(name=string, street=string, city=string, postcode=string[:12], country="US")
    parcels = tuple(
        replace(
            parcel,
            scans=tuple(
                replace(
                    scan, description=string, location=replace(scan.location, city=string) if scan.location else None
                )
                for scan in parcel.scans
            ),
        )
        for parcel in order.shipments
    )
    return replace(order, items=items, messages=messages, ship_to=address, shipments=parcels, buyer=string[:60])


def test_there_are_enough_of_them() -> None:
    """Line breaks, encoded words, templates, scripts, controls, lengths."""
    assert len(NAUGHTY) >= 300


def test_in_headers() -> None:
    """The subject says the same on one line; no header comes, none goes."""
    as_header(NAUGHTY)


def test_in_texts() -> None:
    """Verbatim, but for controls; line separators become line ends."""
    as_text(NAUGHTY)


@pytest.mark.timeout(240)
def test_in_every_template() -> None:
    """A value is a value: nothing in it is a template."""
    in_templates(NAUGHTY)


@pytest.mark.timeout(240)
def test_in_orders() -> None:
    """Whole replies: made and clean, or not made."""
    assert of_orders(NAUGHTY) >= 100


@pytest.mark.corpus
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_big_list_of_naughty_strings(corpus: Path) -> None:
    """A collection of others', in the same places."""
    path = corpus / "hostile" / "blns" / "blns.txt"
    if not path.is_file():
        pytest.skip("no such list")
    lines = path.read_text(encoding="utf-8").splitlines()
    strings = [line for line in lines if line and not line.startswith("#")]
    assert len(strings) >= 400
    as_header(strings)
    as_text(strings)
    in_templates(strings)
    assert of_orders(strings) >= 100
