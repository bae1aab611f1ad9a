"""Approval by reply, whole: a digest leaves, its answer comes into the mailbox, one reply leaves, once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from agent.approvals.approving import Approving
from agent.desk import words
from agent.pipeline import Round, World, run_round
from agent.store.outbox import OutboxRow, rewrite, rows
from agent.vocabulary.status import Mode
from mail.sending.transports import open_transport

SELLER = "june@harbourlane.example"
GENUINE = "mx.example.com; dmarc=pass header.from=harbourlane.example"


class Shop:
    """The sample shop in mode draft, whose seller answers digests."""

    def __init__(self, day: Any, **approving: Any) -> None:
        self.folder: Path = day.folder
        self.now = day.now
        self.store = day.store("shop.db")
        found: World = day.world(self.store, open_transport(f"maildir:{self.folder}/sent"))
        limit = Approving(approver=SELLER, answers_to=SELLER, up_to=Decimal(approving.get("up_to", 5000)))
        plan = replace(found.digest_plan, approving=limit if approving.get("on", True) else None)  # type: ignore[type-var]
        self.world = replace(
            found,
            rules=replace(found.rules, mode=Mode.DRAFT),
            scope=replace(found.scope, mode=Mode.DRAFT),
            digest_plan=plan,
        )

    def round(self, **later: float) -> Round:
        self.now += timedelta(**later)
        return run_round(self.world, self.now)

    def digest(self) -> EmailMessage:
        """The last digest that left."""
        found = [one for one in self._sent() if str(one["Message-ID"]).startswith("<digest.")]
        return max(found, key=lambda mail: str(mail["Message-ID"]))

    def replies(self) -> list[EmailMessage]:
        return [one for one in self._sent() if not str(one["Message-ID"]).startswith(("<digest.", "<alert"))]

    def _sent(self) -> Iterator[EmailMessage]:
        for path in sorted((self.folder / "sent" / "new").iterdir()):
            yield message_from_bytes(path.read_bytes(), policy=policy.default)

    def answer(self, text: str, name: str = "answer", results: str = GENUINE, **headers: str) -> None:
        digest = self.digest()
        said = {
            "From": f"June Alder <{SELLER}>",
            "Subject": f"Re: {digest['Subject']}",
            "In-Reply-To": digest["Message-ID"],
        }
        mail = EmailMessage(policy=policy.SMTP)
        mail["Authentication-Results"] = results
        for key, value in {**said, "To": SELLER, "Message-ID": f"<{name}@harbourlane.example>", **headers}.items():
            mail[key.replace("_", "-")] = value
        mail.set_content(text)
        (self.folder / "mailbox" / "new" / f"{name}.eml").write_bytes(mail.as_bytes())

    def rows(self) -> list[OutboxRow]:
        with self.store.begin() as connection:
            return rows(connection)

    def drafts(self) -> list[OutboxRow]:
        return [row for row in self.rows() if row.state == "awaiting_approval"]

    def text(self) -> str:
        return str(self.digest().get_body(("plain",)).get_content())  # type: ignore[union-attr]

    def buttons(self) -> list[str]:
        page = LexborHTMLParser(str(self.digest().get_body(("html",)).get_content()))  # type: ignore[union-attr]
        found = (node.attributes.get("href") or "" for node in page.css("a"))
        return [href for href in found if href.startswith("mailto:")]


@pytest.fixture
def shop(thirty_mails: Any) -> Shop:
    made = Shop(thirty_mails)
    made.round()
    assert made.drafts()
    assert made.replies() == []
    return made


def test_an_answer_sends_its_draft_once(shop: Shop) -> None:
    """What was shown leaves as it was shown; the answer, come a second time under another name, sends nothing."""
    first = shop.drafts()[0]
    shop.answer("1 ok\n\n> quoted")
    done = shop.round(minutes=10)

    assert (done.answered.taken, done.answered.refused, done.acted.sent) == (1, 0, 1)
    (reply,) = shop.replies()
    assert reply["To"] == first.recipient
    assert reply.get_content().split() == first.body.split()
    shop.answer("1 ok\n\n> quoted", name="again")
    again = shop.round(minutes=10)
    assert (again.answered.taken, again.answered.refused, again.acted.sent) == (0, 1, 0)
    assert len(shop.replies()) == 1
    assert shop.round(minutes=10).answered.refused == 0  # judged once


def test_buttons_are_answers_written_already(shop: Shop) -> None:
    """Send, drop and change for each draft: subject and text as the mail program fills them in."""
    drop = next(urlsplit(url) for url in shop.buttons() if "%20no%20" in url)
    written = parse_qs(drop.query)
    assert unquote(drop.path) == SELLER

    shop.answer(written["body"][0], Subject=written["subject"][0], In_Reply_To="")
    shop.round(minutes=10)

    assert [row.state for row in shop.rows()].count("rejected") == 1
    assert shop.replies() == []


def test_what_changed_since_is_not_sent(shop: Shop) -> None:
    """The answer was to other words."""
    with shop.store.begin() as connection:
        rewrite(connection, shop.drafts()[0].id, "Another text.", shop.now)
    shop.answer("1 ok")
    done = shop.round(minutes=10)

    assert (done.answered.refused, done.acted.sent) == (1, 0)
    shop.round(days=1)
    assert "An answer that I did not take" in " ".join(shop.text().split())
    assert "has changed since it was shown" in " ".join(shop.text().split())


def test_an_edit_waits_for_another_word(shop: Shop) -> None:
    """The new text stands in the draft, with eBay's reference; it leaves when the next digest is answered."""
    reference = re.findall(r"\[?#[^\s]+", shop.drafts()[0].body)[-1]
    shop.answer(
        "1 edit: Thank you for your message.\n\nI have checked the tracking and understand that you are waiting."
    )
    done = shop.round(minutes=10)

    assert (done.answered.taken, done.acted.sent) == (1, 0)
    assert shop.drafts()[0].body.startswith("Thank you for your message.")
    assert reference in shop.drafts()[0].body
    shop.round(days=1)
    shop.answer("1 ok", name="second")
    assert shop.round(minutes=10).acted.sent == 1


def test_an_edit_at_the_command_line_keeps_the_reference(shop: Shop) -> None:
    """The editor shows the line that ties the reply to its conversation; it is no telephone number, and it stays."""
    draft = shop.drafts()[0]
    words.edit(shop.store, draft.id, shop.now, lambda body: body.replace("Hello", "Dear"))
    assert shop.drafts()[0].body == draft.body.replace("Hello", "Dear")


def test_an_edit_that_breaks_the_rules_is_refused(shop: Shop) -> None:
    """An edited text is checked like every text."""
    before = shop.drafts()[0].body
    shop.answer("1 edit: Write to me at june@harbourlane.example or call +1 503 555 0142, I give you $20 off eBay.")
    assert shop.round(minutes=10).answered.refused == 1
    assert shop.drafts()[0].body == before


@pytest.mark.parametrize(
    ("results", "headers"),
    [
        ("mx.example.com; dmarc=fail header.from=harbourlane.example", {}),
        ("mx.example.com; none", {}),
        (GENUINE, {"From": "Ana <ana@mail.example>"}),
        (GENUINE, {"Auto_Submitted": "auto-replied"}),
    ],
)
def test_what_is_not_proven_is_refused_and_told(shop: Shop, results: str, headers: dict[str, str]) -> None:
    """Nothing leaves, and the next digest says which answer was not taken and why."""
    shop.answer("1 ok", results=results, **headers)
    done = shop.round(minutes=10)

    assert (done.answered.taken, done.answered.refused, done.acted.sent) == (0, 1, 0)
    shop.round(days=1)
    assert "An answer that I did not take" in " ".join(shop.text().split())


def test_a_digest_in_its_own_mailbox_is_no_answer(shop: Shop) -> None:
    """It goes to the mailbox that is read: it is neither taken nor told of."""
    (shop.folder / "mailbox" / "new" / "own.eml").write_bytes(shop.digest().as_bytes())
    done = shop.round(minutes=10)

    assert (done.ingested.mails, done.answered.taken, done.answered.refused) == (1, 0, 0)
    shop.round(days=1)
    assert "did not take" not in shop.text()


def test_seven_days_later_it_is_too_old(shop: Shop) -> None:
    """An offer ends."""
    shop.answer("1 ok")
    done = shop.round(days=8)

    assert (done.answered.taken, done.acted.sent) == (0, 0)


@pytest.mark.parametrize("approving", [{"on": False}, {"up_to": 1}])
def test_no_buttons_where_answers_cannot_count(thirty_mails: Any, approving: dict[str, Any]) -> None:
    """Without a receiver to trust, and for orders above the amount, the command line is the way."""
    shop = Shop(thirty_mails, **approving)
    shop.round()

    assert shop.drafts()
    assert shop.buttons() == []
    assert "Press a button" not in shop.text()
    assert "orderwatch approve" in shop.text()
