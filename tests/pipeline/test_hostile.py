"""Strangers' mail against a shop that answers by itself: no order moves, nothing leaves, nothing hangs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import func, insert, select

from agent.config.settings import Mailbox
from agent.desk.receiver_advice import receiver_advice
from agent.gather import notices
from agent.orders.order import Order
from agent.pipeline import run_round
from agent.risks.timers import Timers
from agent.steps.ingest import one_by_one
from agent.store import Store, open_store
from agent.store.mails import keep_mails
from agent.store.orders import every
from agent.store.outbox import rows
from agent.store.tables import mails
from agent.vocabulary.status import Authenticity
from mail.boxes.raw import RawMail
from mail.sending.transports import open_transport
from mail.worker.isolation import IsolatedReader

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ORDER = "27-14044-25716"
OURS = (
    "Authentication-Results: mx.example.com; dmarc=fail header.from=ebay.com; dkim=none; spf=fail\r\n"
    "Received: from x.evil.example (x.evil.example [203.0.113.9]) by mx.example.com with ESMTP; Tue, 17 Nov 2026\r\n"
    "Authentication-Results: mx.example.com; dmarc=pass header.from=ebay.com; dkim=pass header.d=ebay.com\r\n"
    "From: eBay <ebay@ebay.com>\r\nX-eBay-MailTracker: 11400.000.0.0.0\r\n"
    f"Subject: Order {ORDER} was cancelled, request 5378488528\r\n"
).encode()
"""What makes a mail look like one of ours, so that it is kept and read."""


def hostile(corpus: Path) -> Iterator[bytes]:
    for path in sorted((corpus / "hostile").rglob("*")):
        if path.is_file():
            yield path.read_bytes()
    for path in sorted((corpus / "hostile").rglob("arc-draft-validation-tests.yml")):
        for scenario in yaml.safe_load_all(path.read_text(encoding="utf-8")):
            yield from ((case["message"] or "").encode() for case in scenario["tests"].values())


def state(store: Store) -> tuple[list[Order], object, object]:
    """All that a stranger must not move."""
    with store.begin() as connection:
        genuine = select(func.count()).select_from(mails).where(mails.c.authenticity == Authenticity.VERIFIED.value)
        return [one.order for one in every(connection)], rows(connection), connection.scalar(genuine)


@pytest.mark.corpus
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_live_shop_is_moved_by_no_stranger(thirty_mails: Any, corpus: Path) -> None:
    """Bounces, auto-replies, broken MIME, forged seals, naughty strings: as they are, and dressed up as eBay's."""
    store = thirty_mails.store("live.db")
    sent = thirty_mails.folder / "sent"
    with IsolatedReader() as reader:
        world = thirty_mails.world(store, open_transport(f"maildir:{sent}"))
        world = replace(world, read=one_by_one(reader.read))
        for _ in range(2):
            run_round(world, thirty_mails.now)
        before, left = state(store), sorted(path.name for path in sent.rglob("*") if path.is_file())
        assert len(before[0]) >= 8
        assert left

        fed = 0
        for at, raw in enumerate(hostile(corpus)):
            for kind, mail in (("plain", raw), ("dressed", OURS + raw)):
                (thirty_mails.folder / "mailbox" / "new" / f"x{at:05}.{kind}").write_bytes(mail)
                fed += 1
        done = run_round(world, thirty_mails.now)

    assert done.ingested.mails >= fed // 3, "too few were kept and read to mean anything"
    assert state(store) == before
    assert sorted(path.name for path in sent.rglob("*") if path.is_file()) == left
    with store.begin() as connection:
        stuck = connection.scalars(select(mails.c.trace).where(mails.c.trace.like("%isolation:%"))).all()
        waiting = connection.scalar(select(func.count()).select_from(mails).where(mails.c.read_at.is_(None)))
    store.close()
    assert stuck == [], "over the limits of the reading process"
    assert waiting == 0


def keep(store: Store, at: int, **values: object) -> None:
    row = {"id": f"{at:064}", "mailbox": "shop", "raw": b"", "too_big": False, "stored_at": NOW, "events": 0}
    with store.begin() as connection:
        connection.execute(insert(mails).values(row | values))


def test_a_campaign_is_one_notice() -> None:
    """Same domain and same subject but for its numbers: named once, counted; another subject is another notice."""
    store = open_store("sqlite://")
    lies = {"authenticity": Authenticity.HOSTILE.value, "authenticity_reason": "pretends to be usps", "claims": "usps"}
    for at in range(5):
        keep(store, at, sender=f"n{at}@usps.top", subject=f"Your parcel {at}99 waits", **lies)
    keep(store, 9, sender="n@usps.top", subject="Pay the fee", **lies)
    with store.begin() as connection:
        found = [one for one in notices(connection, Timers(), NOW + timedelta(hours=1)) if one.id == "phishing_suspect"]
    store.close()

    assert len(found) == 2
    assert "4 more like it" in found[0].text
    assert "more like it" not in found[1].text
    assert "http" not in found[0].text


FROM = b"From: eBay <ebay@ebay.com>\r\nSubject: x\r\n\r\nx"


@pytest.mark.parametrize(
    ("receiver", "header", "told"),
    [
        ("mx.example.com", b"Authentication-Results: mx.example.com; dmarc=pass header.from=ebay.com\r\n", None),
        ("gmail", b"", "own_dkim: true"),
        ("gmail", b"Authentication-Results: mx.other.example; dmarc=pass\r\n", "receiver: mx.other.example"),
        ("mx.example.com", b"Authentication-Results: mx.google.com; dmarc=pass\r\n", "receiver: gmail"),
        (None, b"Authentication-Results: spf=pass; dkim=pass\r\n", "receiver: microsoft365"),
    ],
)
def test_check_tells_what_to_write_where_nobody_vouches(receiver: str | None, header: bytes, told: str | None) -> None:
    """Named are the results that the mails bear; of two mails nothing is concluded."""
    store = open_store("sqlite://")
    mailbox = Mailbox.model_validate(
        {"name": "shop", "source": "imaps://a@imap.example.com", "receiver": receiver}, context={"folder": Path()}
    )
    said: list[str | None] = []
    for at in range(20):
        raw = RawMail(mailbox="shop", id=str(at), raw=header + FROM, received_at=NOW)
        with store.begin() as connection:
            keep_mails(connection, {f"{at:064}": raw}, NOW)
            connection.execute(mails.update().values(claims="ebay"))
            said.append(receiver_advice(connection, mailbox))
    store.close()

    assert said[1] is None
    assert (told is None and said[-1] is None) or (told is not None and told in (said[-1] or "")), said[-1]
