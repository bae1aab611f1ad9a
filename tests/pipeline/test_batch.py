"""A storm's drafts, approved by one answer: each buyer's own text, once, as it was shown; whole or not at all."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from agent import gather
from agent.risks.storms import Incident
from agent.store.outbox import OutboxRow, rewrite
from tests.pipeline.test_approving import Shop

ORDERS = ("02-15335-90271", "14-14050-31128", "27-14044-25716")


@pytest.fixture
def shop(thirty_mails: Any, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """The sample shop, whose drafts are about parcels that one storm stopped; the third buyer has no address."""
    made = Shop(thirty_mails)
    storm = Incident(
        carrier="usps",
        since=made.now,
        order_ids=ORDERS,
        tracking_numbers=("9400111206040724873652", "9400111206040724873669", "9400111206040724873676"),
        under_way=4,
    )
    monkeypatch.setattr(gather, "storms", lambda *_: (storm,))
    monkeypatch.setattr(gather, "STOPPED", ("not_received_message", "delivered_not_received", "inr_opened"))
    made.round()
    assert [bool(row.recipient) for row in made.drafts()] == [True, True, False]
    return made


def mailable(shop: Shop) -> list[OutboxRow]:
    return [row for row in shop.drafts() if row.recipient]


def test_one_answer_sends_each_buyer_their_own_text_once(shop: Shop) -> None:
    """The digest says what to write; the same answer again sends nothing."""
    wanted = {row.recipient: row.body.split() for row in mailable(shop)}
    assert "“1, 2 ok”" in " ".join(shop.text().split())

    shop.answer("1, 2 ok\n\n> quoted")
    done = shop.round(minutes=10)

    assert (done.answered.taken, done.answered.refused, done.acted.sent) == (1, 0, 2)
    assert {str(reply["To"]): reply.get_content().split() for reply in shop.replies()} == wanted
    shop.answer("1, 2 ok\n\n> quoted", name="again")
    again = shop.round(minutes=10)
    assert (again.answered.taken, again.answered.refused, again.acted.sent) == (0, 1, 0)


def test_one_button_writes_that_answer(shop: Shop) -> None:
    """Subject and text as the mail program fills them in, without the digest's thread."""
    button = parse_qs(next(urlsplit(url) for url in shop.buttons() if "1%2C%202%20ok" in url).query)

    shop.answer(button["body"][0], Subject=button["subject"][0], In_Reply_To="")

    assert shop.round(minutes=10).acted.sent == 2


def test_a_text_that_changed_since_holds_all_of_them(shop: Shop) -> None:
    """The answer was to other words: nothing leaves, and each may still be answered."""
    with shop.store.begin() as connection:
        rewrite(connection, mailable(shop)[1].id, "Another text.", shop.now)
    shop.answer("1, 2 ok")
    done = shop.round(minutes=10)

    assert (done.answered.refused, done.acted.sent) == (1, 0)
    shop.answer("1 ok", name="single")
    assert shop.round(minutes=10).acted.sent == 1


def test_who_is_left_out_waits(shop: Shop) -> None:
    """Each draft keeps its own number and word."""
    shop.answer("2 ok")
    shop.round(minutes=10)

    assert [str(reply["To"]) for reply in shop.replies()] == [shop.rows()[1].recipient]
    assert len(mailable(shop)) == 1
