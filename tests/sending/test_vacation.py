"""When an answer leaves by itself and when it must not: mail in, armed policy, way out (RFC 3834, RFC 5230)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from mail.automatic import automatic
from mail.parsing.message import parse, parse_headers
from tests.sending.answering import COMPLAINT, NOW, AnsweringShop, with_headers

New = Callable[..., AnsweringShop]
OWN = frozenset({"olive@tidewater.example", "Shop@Tidewater.example"})

SILENT = {
    "a mailing list": {"List-Id": "Lamps <lamps.lists.example.org>"},
    "a list's bounces as envelope sender": {"Return-Path": "<lamps-bounces+olive=tidewater.example@lists.example.org>"},
    "bulk": {"Precedence": "bulk"},
    "sent automatically": {"Auto-Submitted": "auto-replied"},
    "sent automatically, with a parameter": {"Auto-Submitted": " Auto-Notified ; owner-email=a@example.org"},
    "All suppressed": {"X-Auto-Response-Suppress": "All"},
    "OOF suppressed": {"X-Auto-Response-Suppress": "OOF"},
    "one of a list, oddly spaced": {"X-Auto-Response-Suppress": "DR, OOF,\tRN"},
    "a request address": {"Return-Path": "<lamps-request@lists.example.org>"},
    "an owner address": {"Return-Path": "<owner-lamps@lists.example.org>"},
    "a mail server": {"Return-Path": "<MAILER-DAEMON@mx.example.org>"},
    "nobody": {"Return-Path": "<>"},
    "nobody, oddly spaced": {"Return-Path": " < > "},
    "not named in To or Cc": {"To": "undisclosed-recipients:;"},
    "sent to a list that was rewritten to us": {
        "To": "lamps@lists.example.org", "X-Original-To": "olive@tidewater.example",
    },
    "to somebody else": {"To": "harold@pier.example"},
}  # fmt: skip


@pytest.mark.parametrize("headers", SILENT.values(), ids=SILENT)
def test_no_answer_to(headers: dict[str, str], new_shop: New) -> None:
    """The complaint is a case for the seller, nothing leaves, and the reason is told."""
    shop = new_shop(OWN)
    shop.deliver(with_headers(shop.message(), headers))
    done = shop.round()

    assert shop.sent == []
    assert done.decided.cases == 1
    assert any("not to be a person's" in why for why in shop.why_not())


@pytest.mark.parametrize(("name", "harmless"), [("Auto-Submitted", "no"), ("Precedence", "first-class")])
def test_a_header_that_stands_twice_counts_twice(name: str, harmless: str) -> None:
    """A relay's own harmless header above the robot's does not hide it."""
    telling = {"Auto-Submitted": "auto-replied", "Precedence": "bulk"}[name]
    assert automatic(parse_headers(f"{name}: {harmless}\r\n{name}: {telling}\r\n\r\n".encode()))
    assert not automatic(parse_headers(f"{name}: {harmless}\r\n{name}: {harmless}\r\n\r\n".encode()))


@pytest.mark.parametrize("own", [True, False])
def test_no_answer_to_the_shops_own_addresses(own: bool, new_shop: New) -> None:
    """A mail that the shop, or anybody who is not eBay, wrote is no buyer's message: no case and no answer."""
    shop = new_shop(OWN)
    sender = "olive@tidewater.example" if own else "shop@tidewater.example"
    shop.deliver(with_headers(shop.message(), {"From": f"eBay <{sender}>", "Reply-To": sender}))
    done = shop.round()

    assert shop.sent == []
    assert done.decided.cases == 0


TALKS = {
    "a normal mail": {},
    "a further address, whatever its case": {"To": "SHOP@tidewater.EXAMPLE"},
    "a Cc": {"To": "harold@pier.example", "Cc": "Olive Marsh <olive@tidewater.example>"},
    "Auto-Submitted: no": {"Auto-Submitted": "no"},
    "only delivery reports suppressed": {"X-Auto-Response-Suppress": "DR, RN"},
    "a mail that can be unsubscribed from": {"List-Unsubscribe": "<https://www.ebay.com/u>"},
    "first class": {"Precedence": "first-class"},
}


@pytest.mark.parametrize("headers", TALKS.values(), ids=TALKS)
def test_an_answer_to(headers: dict[str, str], new_shop: New) -> None:
    """Exactly one answer, to the buyer's alias and nobody else."""
    shop = new_shop(OWN)
    raw = with_headers(shop.message(), headers)
    shop.deliver(raw)
    shop.round()

    alias = parse(raw).reply_to[0].address
    assert [recipient for recipient, _ in shop.sent] == [alias]


def test_where_no_address_is_configured_any_recipient_is_answered(new_shop: New) -> None:
    """A mailbox without `registered_address` asks nobody for whom its mail was."""
    shop = new_shop()
    shop.deliver(shop.message(To="harold@pier.example"))
    shop.round()

    assert len(shop.sent) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Reply-To": "victim@example.org, 5c1d0e9f8a7b6c5d4e3f@members.ebay.com"},
        {"Reply-To": "<<5c1d0e9f>@@members.ebay.com>"},
        {"Reply-To": "ebay@ebay.com"},
        {"Reply-To": "victim@example.org"},
        {"Return-Path": "<victim@@example.org>", "Errors-To": "victim@example.org"},
    ],
)
def test_a_malformed_or_foreign_address_is_no_recipient(headers: dict[str, str], new_shop: New) -> None:
    """The answer goes to the buyer's alias at eBay, or to nobody."""
    shop = new_shop()
    shop.deliver(with_headers(shop.message(), headers))
    shop.round()

    assert all(recipient.endswith("@members.ebay.com") for recipient, _ in shop.sent)


def test_a_mail_without_a_sender_is_not_answered(new_shop: New) -> None:
    """Nobody to answer, nobody to believe."""
    shop = new_shop()
    raw = shop.message()
    shop.deliver(b"\n".join(line for line in raw.split(b"\n") if not line.startswith((b"From:", b"Reply-To:"))))
    shop.round()

    assert shop.sent == []


SUBJECTS = {
    "explicit": "lamplighter_lee sent a message about a lamp #287700010001",
    "missing": "",
    "2,000 characters": "lamplighter_lee sent a message about " + "very " * 392 + "#287700010001",
    "long Japanese": "lamplighter_lee sent a message about " + "真鍮の学生用ランプ、緑の笠つき、配線し直し" * 12,
}


@pytest.mark.parametrize("subject", SUBJECTS.values(), ids=SUBJECTS)
def test_the_subject_is_kept(subject: str, new_shop: New, monkeypatch: pytest.MonkeyPatch) -> None:
    """With `Re:` before it, never longer than a header may be; a missing one becomes the order's."""
    shop = new_shop()
    kept: list[bytes] = []
    monkeypatch.setattr(shop.town.postbox, "send", lambda mail, sender, recipient: kept.append(mail))
    shop.deliver(with_headers(shop.message(), {"Subject": subject}))
    shop.round()

    (raw,) = kept
    written = message_from_bytes(raw, policy=policy.default)["Subject"]
    assert written.startswith("Re: lamplighter_lee sent" if subject else f"Re: Order {shop.order.order_id}")
    assert len(written) <= 250
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


def test_an_answer_is_marked_and_threaded(new_shop: New, monkeypatch: pytest.MonkeyPatch) -> None:
    """`Auto-Submitted: auto-replied`, suppressing all, under the message that it answers (RFC 3834 3.1)."""
    shop = new_shop()
    kept: list[tuple[bytes, str, str]] = []
    monkeypatch.setattr(shop.town.postbox, "send", lambda *args: kept.append(args))
    raw = shop.message()
    shop.deliver(raw)
    shop.round()

    ((mail, sender, recipient),) = kept
    answer, question = parse(mail), parse(raw)
    assert answer.header("auto-submitted") == "auto-replied"
    assert answer.header("x-auto-response-suppress") == "All"
    assert answer.header("in-reply-to") == question.message_id
    assert (answer.header("references") or "").split()[-1] == question.message_id
    assert sender == "olive@tidewater.example" == answer.senders[0].address
    assert recipient == question.reply_to[0].address == answer.recipients[0].address


ABSENT = (
    "Automatic reply: I am away until Monday. I have not received anything here.",
    "I am out of the office until 15 June.\nMy order has not arrived.",
    "Ich bin im Urlaub. Die Lampe ist nicht angekommen.",
    "Réponse automatique : je n'ai pas reçu ma commande.",
    "Risposta automatica: non ho ricevuto il pacco.",
    "Respuesta automática: no he recibido mi pedido.",
)


@pytest.mark.parametrize("text", ABSENT)
def test_words_of_a_robot_that_a_relay_passed_on_are_not_answered(text: str, new_shop: New) -> None:
    """eBay keeps nothing of the headers of what a buyer sends by mail: the words must do."""
    shop = new_shop()
    shop.deliver(shop.message(text))
    shop.round()

    assert shop.sent == []


@pytest.mark.parametrize(
    "text",
    [
        "Hello, " + COMPLAINT,
        COMPLAINT + " I get only automatic replies from USPS, and I was out of the office all week.",
        "I was on vacation and when I came home the lamp was not there. It has not arrived.",
    ],
)
def test_a_person_who_speaks_of_robots_is_answered(text: str, new_shop: New) -> None:
    """Only how a text begins counts."""
    shop = new_shop()
    shop.deliver(shop.message(text))
    shop.round()

    assert len(shop.sent) == 1


def test_a_robots_answer_ends_what_leaves_by_itself(new_shop: New) -> None:
    """A person's message is answered; when a robot answers that, nothing more leaves, however often it repeats."""
    shop = new_shop()
    shop.deliver(shop.message())
    shop.round()
    for day in range(1, 6):
        at = NOW + timedelta(days=day)
        shop.deliver(shop.message("Auto-reply. " + COMPLAINT, at), at)
        shop.round(at)

    assert len(shop.sent) == 1
