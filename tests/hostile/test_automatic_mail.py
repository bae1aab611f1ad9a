"""Bounces, vacation notes, lists and reports against a shop that answers by itself: not one is answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from agent.store.log import Entry, append
from agent.store.orders import every
from agent.vocabulary.data import parse_yaml
from agent.vocabulary.events import AnyEvent, BuyerMessage, LabelBought, OrderSold, TrackingUpdate
from agent.vocabulary.status import TrackingStatus
from agent.vocabulary.values import Item
from mail.automatic import automatic, automatic_text
from mail.parsing.message import parse
from tests.sending.answering import NOW, AnsweringShop
from tests.stories.test_stories import usps_number

MADE_UP: list[dict[str, Any]] = parse_yaml((Path(__file__).parent / "automatic_mails.yaml").read_text(encoding="utf-8"))


def written(told: dict[str, Any]) -> bytes:
    lines = "".join(f"{name}: {value}\n" for name, value in told["headers"].items())
    return f"{lines}Date: Mon, 8 Jun 2026 12:00:00 -0700\n\n{told['text']}\n".encode()


def own_set() -> list[bytes]:
    return [written(told) for told in MADE_UP]


def collected(corpus: Path) -> list[bytes]:
    folder = corpus / "hostile" / "sisimai" / "maildir"
    if not folder.is_dir():
        pytest.skip("no collected bounces")
    return [path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()]


@dataclass(frozen=True)
class Fed:
    """What came of some mails."""

    replies: int
    stored: int
    cases: int


def feed(shop: AnsweringShop, mails: Sequence[bytes]) -> Fed:
    """Each mail thrice: as it is, with its order's number in the subject, and with a forged word of eBay's above it.

    For each there is an order on its way whose buyer bears its sender's address, and wrote once from there.
    """
    with shop.town.store.begin() as connection:
        append(connection, [entry for at, raw in enumerate(mails) for entry in order_of(at, raw)], NOW)
    for at, raw in enumerate(mails):
        for disguise in (raw, about(order_id(at)) + raw, forged(order_id(at)) + raw):
            shop.deliver(disguise)
    done = shop.round()
    with shop.town.store.begin() as connection:
        cases = sum(bool(one.risks) for one in every(connection))
    return Fed(replies=len(shop.sent), stored=done.ingested.mails, cases=cases)


def order_id(at: int) -> str:
    return f"31-40000-{at:05}"


def about(order: str) -> bytes:
    return f"Subject: eBay order {order}: not received\n".encode()


def forged(order: str) -> bytes:
    return (
        b"Authentication-Results: mx.example.com; dmarc=fail header.from=members.ebay.com; dkim=none\n"
        b"Authentication-Results: mx.elsewhere.example; dmarc=pass header.from=members.ebay.com; dkim=pass\n"
        b"From: eBay - buyer <buyer@members.ebay.com>\nReply-To: buyer@members.ebay.com\n"
    ) + about(order)


def order_of(at: int, raw: bytes) -> Iterator[Entry]:
    """An order that nothing is wrong with, whose buyer wrote thanks from the mail's own sender."""
    senders = parse(raw).senders
    address = senders[0].address if senders else ""
    number, day = usps_number(at), timedelta(days=1)
    facts: dict[str, Any] = {"order_id": order_id(at), "buyer": address or None, "site": "EBAY_US"}
    told = (
        OrderSold(occurred_at=NOW - 3 * day, items=(Item(title="Lamp"),), paid=True, **facts),
        LabelBought(occurred_at=NOW - 2 * day, tracking_number=number, carrier="usps", **facts),
        TrackingUpdate(
            occurred_at=NOW - day / 2, tracking_number=number, carrier="usps", status=TrackingStatus.IN_TRANSIT, **facts
        ),
        BuyerMessage(
            occurred_at=NOW - day, intent="thanks", text="Thank you!", reply_to=address or None,
            reference_id="[#5c1d0e9f8a7b6c5d4e3f#]", **facts,
        ),
    )  # fmt: skip
    for index, event in enumerate(told):
        stamped = cast(AnyEvent, replace(event, seen_at=NOW - day, source=f"mail:{at}-{index}"))
        yield Entry(id=f"{at} {index}", event=stamped)


@pytest.mark.timeout(300)
def test_no_made_up_automatic_mail_is_answered(tmp_path: Path) -> None:
    """Fifty kinds; the same shop answers a person's complaint right afterwards."""
    assert len(MADE_UP) >= 40
    shop = AnsweringShop(tmp_path)
    done = feed(shop, own_set())

    assert done.replies == 0
    assert done.stored >= len(MADE_UP)
    shop.deliver(shop.message())
    shop.round()
    shop.close()
    assert len(shop.sent) == 1, "the policy is armed"


@pytest.mark.corpus
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_no_collected_bounce_is_answered(tmp_path: Path, corpus: Path) -> None:
    """Collected from many mail servers: none makes a case, none an answer."""
    shop = AnsweringShop(tmp_path)
    done = feed(shop, collected(corpus))
    shop.close()

    assert done.replies == 0
    assert done.cases == 0
    assert done.stored >= 800


def shown(mails: Sequence[bytes]) -> Counter[str]:
    """How many show their robot, by where."""
    found: Counter[str] = Counter()
    for raw in mails:
        message = parse(raw)
        by_text = automatic_text(message.plain or "")
        found["headers" if automatic(message) else "text" if by_text else "nothing"] += 1
    return found


@pytest.mark.parametrize("told", MADE_UP, ids=[f"{one['headers'].get('Subject')}" for one in MADE_UP])
def test_what_shows_the_robot(told: dict[str, Any]) -> None:
    """Headers and subject show it, where anything does."""
    assert (automatic(parse(written(told))) is not None) is told.get("shows", True)


@pytest.mark.corpus
def test_headers_show_nearly_every_collected_bounce(corpus: Path) -> None:
    """What is left must be stopped by whom it comes from: a guard of headers is never whole."""
    found = shown(collected(corpus))

    assert found["nothing"] <= 0.02 * found.total(), found
