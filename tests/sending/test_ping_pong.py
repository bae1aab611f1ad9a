"""Two shops that answer by themselves and buy from each other: after one mail each there is silence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest

from mail.parsing.message import parse
from tests.sending.answering import COMPLAINT, NOW, AnsweringShop, with_headers

New = Callable[..., AnsweringShop]
Carry = Callable[[AnsweringShop, bytes, datetime], bytes]
"""What becomes of a shop's mail on its way to the other, as the other receives it."""


def directly(to: AnsweringShop, mail: bytes, at: datetime) -> bytes:
    """As it left."""
    return mail.replace(b"\r\n", b"\n")


def by_ebay(to: AnsweringShop, mail: bytes, at: datetime) -> bytes:
    """As a buyer's message, with what the mail said of itself."""
    kept = {
        name: value for name, value in parse(mail).headers if name in ("auto-submitted", "x-auto-response-suppress")
    }
    return with_headers(to.message(text_of(mail), at), kept)


def by_ebay_without_headers(to: AnsweringShop, mail: bytes, at: datetime) -> bytes:
    """As a buyer's message that nothing tells from a person's."""
    return to.message(text_of(mail), at)


def by_ebay_as_a_complaint(to: AnsweringShop, mail: bytes, at: datetime) -> bytes:
    """The worst: nothing tells it from a person's, and its words are a complaint."""
    return to.message(COMPLAINT, at)


def text_of(mail: bytes) -> str:
    body = message_from_bytes(mail, policy=policy.default).get_body(("plain",))
    return str(body.get_content()) if body else ""


def play(
    one: AnsweringShop, other: AnsweringShop, carry: Carry, hours: int, monkeypatch: pytest.MonkeyPatch
) -> list[int]:
    """The first complaint, and then every mail of the one carried to the other, hour by hour; how many each sent."""
    shops = (one, other)
    sent: tuple[list[bytes], list[bytes]] = ([], [])
    for shop, letters in zip(shops, sent, strict=True):

        def keep(mail: bytes, sender: str, recipient: str, letters: list[bytes] = letters) -> None:
            letters.append(mail)

        monkeypatch.setattr(shop.town.postbox, "send", keep)
    other.deliver(other.message(COMPLAINT))
    carried = [0, 0]
    for hour in range(hours):
        at = NOW + timedelta(hours=hour)
        for here, there in ((0, 1), (1, 0)):
            shops[here].round(at)
            for mail in sent[here][carried[here] :]:
                shops[there].deliver(carry(shops[there], mail, at), at)
            carried[here] = len(sent[here])
    return [len(letters) for letters in sent]


@pytest.mark.timeout(120)
@pytest.mark.parametrize("carry", [directly, by_ebay, by_ebay_without_headers], ids=lambda carry: carry.__name__)
def test_two_daemons_stop_after_one_mail_each(carry: Any, new_shop: New, monkeypatch: pytest.MonkeyPatch) -> None:
    """However their mails travel: nobody answers what a robot says of itself, or what is no complaint."""
    counts = play(new_shop(), new_shop(), carry, 12, monkeypatch)

    assert counts[1] == 1, "the complaint is answered"
    assert max(counts) <= 1


@pytest.mark.timeout(300)
def test_where_nothing_tells_them_from_people_the_caps_end_it(new_shop: New, monkeypatch: pytest.MonkeyPatch) -> None:
    """One mail each in two days, three in all, whatever comes in."""
    counts = play(new_shop(), new_shop(), by_ebay_as_a_complaint, 24, monkeypatch)

    assert max(counts) == 1
