"""A day of the sample shop for whole rounds: real Maildir, real SQLite, pages as bytes, no network and no browser."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, replace
from datetime import datetime, time
from pathlib import Path

import pytest

from agent.config import loads
from agent.daemon import look_plan, rules_of, scope_of
from agent.demo.carriers_pages import answer
from agent.demo.mails import build
from agent.demo.story import Story, load_story
from agent.pipeline import World
from agent.steps.digest import DigestPlan
from agent.steps.ingest import Inbox, one_by_one
from agent.store import Store, open_store
from agent.vocabulary.status import LookOutcome
from mail.boxes.maildir import MaildirSource
from mail.reader import read
from mail.sending.transport import Transport
from scrapers.look import Evidence, Look
from scrapers.page import read_page

LIVE = """\
mode: live
mailboxes: [{name: shop, source: "maildir:mailbox", site: EBAY_US, receiver: mx.example.com,
             registered_address: june@harbourlane.example}]
outgoing: {transport: "maildir:sent", from: june@harbourlane.example}
digest: {to: june@harbourlane.example, at: "07:30", timezone: America/Los_Angeles}
policies:
  - name: answer-at-once
    when: [{risk: [not_received_message, inr_opened]}]
    then: [{flag: "Answered"}, alert, {reply: late_proactive}]
  - name: answer-delivered
    when: [{risk: delivered_not_received}]
    then: [{flag: "Answered"}, {reply: inr_delivered_check}]
  - name: everything-else
    when: [{severity: [P1, P2, P3]}]
    then: [{flag: "Look at it"}]
"""
ADDRESSES = {
    "usps": ("tools.usps.com", "/go/TrackConfirmAction?tLabels={number}"),
    "dhl-paket-de": ("www.dhl.de", "/int-verfolgen/data/search?piececode={number}"),
    "postnl": ("jouw.postnl.nl", "/track-and-trace/api/trackAndTrace/{number}?language=en"),
    "japan-post": ("trackings.post.japanpost.jp", "/services/srv/search/direct?reqCodeNo1={number}&locale=en"),
}


@dataclass
class PagesLooker:
    """A looker that reads the sample shop's pages as bytes."""

    story: Story

    def look(self, number: str, carrier: str, postcode: str | None, now: datetime) -> Look:
        if carrier not in ADDRESSES:
            return Look(carrier=carrier, tracking_number=number, at=now, outcome=LookOutcome.BLOCKED)
        host, path = ADDRESSES[carrier]
        body = answer(self.story, now, host, path.format(number=number)).body
        reading = read_page(body, carrier=carrier, number=number)
        evidence = Evidence(url=f"https://{host}/", at=now, text="", body=body, sha256=hashlib.sha256(body).hexdigest())
        tracked = reading.parcels[0] if reading.parcels else None
        return Look(
            carrier=carrier,
            tracking_number=number,
            at=now,
            outcome=reading.outcome,
            outcome_reason=reading.outcome_reason,
            tracked=tracked,
            evidence=evidence,
        )

    def close(self) -> None:
        """Nothing is held open."""


@dataclass(frozen=True)
class ThirtyMails:
    """Thirty mails of the sample shop in a Maildir, and the world of one round over them."""

    story: Story
    folder: Path
    now: datetime

    def world(self, store: Store, transport: Transport) -> World:
        settings = loads(LIVE, self.folder / "config.yaml")
        looker = PagesLooker(self.story)
        source = MaildirSource("shop", self.folder / "mailbox")
        return World(
            store=store,
            inboxes=(Inbox(source=source, receiver="mx.example.com", site="EBAY_US"),),
            read=one_by_one(read),
            looker=lambda: looker,
            look_plan=look_plan(settings),
            rules=replace(rules_of(settings), armed=frozenset(one.name for one in settings.policies)),
            scope=scope_of(settings),
            transport=transport,
            digest_plan=DigestPlan(
                to="june@harbourlane.example",
                at=time(7, 30),
                zone=settings.zone,
                sender="june@harbourlane.example",
            ),
        )

    def store(self, name: str) -> Store:
        return open_store(f"sqlite:///{self.folder / name}")


TOLD = ("02-15335-90271", "14-14050-31128", "27-14044-25716", "02-15344-36615", "27-14055-60478", "14-14064-27751",
        "27-14057-88120", "02-15318-73349")  # fmt: skip
"""Orders whose whole story is among the thirty mails: messages, a request, cancellations, parcels of every kind."""


@pytest.fixture
def thirty_mails(tmp_path: Path) -> ThirtyMails:
    story = load_story()
    arrived = [mail for mail in story.mails if mail.arrives <= story.clock]
    chosen = [mail for mail in arrived if mail.order_id in TOLD]
    chosen += [mail for mail in arrived if mail.order_id is None and mail not in chosen]
    chosen += [mail for mail in reversed(arrived) if mail not in chosen]
    for part in ("tmp", "new", "cur"):
        (tmp_path / "mailbox" / part).mkdir(parents=True)
    for index, mail in enumerate(chosen[:30]):
        path = tmp_path / "mailbox" / "new" / f"{index:03}.shop"
        path.write_bytes(build(mail, story))
        os.utime(path, (mail.arrives.timestamp(), mail.arrives.timestamp()))
    return ThirtyMails(story, tmp_path, story.clock)
