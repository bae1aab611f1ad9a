"""Worlds for stories: real Maildir, real SQLite, pages and the way out as plain values."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from email import message_from_bytes, policy
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from agent.config import loads
from agent.config.settings import Settings
from agent.daemon import look_plan, rules_of, scope_of
from agent.pipeline import World
from agent.steps.ingest import Inbox, one_by_one
from agent.store import Store, open_store
from agent.vocabulary.status import LookOutcome
from mail.boxes.maildir import MaildirSource
from mail.reader import read
from scrapers.look import Evidence, Look, Scan, Tracked

SETTINGS = """\
mode: {mode}
mailboxes: [{{name: shop, source: "maildir:mailbox", site: EBAY_US, receiver: mx.example.com,
             registered_address: olive@tidewater.example}}]
outgoing: {{transport: "maildir:sent", from: olive@tidewater.example}}
digest: {{to: olive@tidewater.example, at: "07:30", timezone: America/Los_Angeles}}
{policies}
"""


@dataclass
class Postbox:
    """A way out that keeps the mails to buyers: (recipient, text)."""

    sent: list[tuple[str, str]] = field(default_factory=list)

    def send(self, mail: bytes, sender: str, recipient: str) -> None:
        body = message_from_bytes(mail, policy=policy.default).get_body(("plain",))
        self.sent.append((recipient, body.get_content() if body else ""))

    def check(self) -> None:
        """It always takes mail."""

    def close(self) -> None:
        """Nothing is held open."""


def headline(tracked: Tracked, shown: tuple[Scan, ...]) -> dict[str, Any]:
    """What a page says above its rows when it shows only these: the newest one's, unless it has words of its own."""
    if not tracked.scans or tracked.status is not tracked.scans[0].status:
        return {}
    if not shown:
        return {"status": tracked.scans[-1].status, "reason": None}
    own = tracked.reason if shown[0] is tracked.scans[0] else None
    return {"status": shown[0].status, "reason": own or shown[0].reason}


@dataclass
class ScriptedLooker:
    """Carriers that answer what the story says; of a parcel that it tells nothing of, that they cannot be reached."""

    pages: dict[str, tuple[LookOutcome, Tracked | None]] = field(default_factory=dict)
    looks: list[tuple[str, datetime]] = field(default_factory=list)

    def look(self, number: str, carrier: str, postcode: str | None, now: datetime) -> Look:
        outcome, tracked = self.pages.get(number, (LookOutcome.UNREACHABLE, None))
        self.looks.append((number, now))
        if tracked is not None:
            scans = tuple(scan for scan in tracked.scans if scan.occurred_at is None or scan.occurred_at <= now)
            tracked = replace(tracked, carrier=carrier, tracking_number=number, **headline(tracked, scans), scans=scans)
        body = repr(tracked).encode()
        evidence = Evidence(
            url="https://carrier.example/", at=now, text="", body=body, sha256=hashlib.sha256(body).hexdigest()
        )
        return Look(
            carrier=carrier,
            tracking_number=number,
            at=now,
            outcome=outcome,
            outcome_reason=None if tracked or outcome is LookOutcome.NOT_FOUND else "so the story goes",
            tracked=tracked,
            evidence=evidence if tracked else None,
        )

    def close(self) -> None:
        """Nothing is held open."""


@dataclass
class Town:
    """A shop's mailbox, store, carriers and way out."""

    folder: Path
    store: Store
    postbox: Postbox = field(default_factory=Postbox)
    looker: ScriptedLooker = field(default_factory=ScriptedLooker)

    def settings(self, mode: str, policies: str = "") -> Settings:
        return loads(SETTINGS.format(mode=mode, policies=policies), self.folder / "config.yaml")

    def world(self, settings: Settings, *, looking: bool = True) -> World:
        source = MaildirSource("shop", self.folder / "mailbox")
        return World(
            store=self.store,
            inboxes=(Inbox(source=source, receiver="mx.example.com", site="EBAY_US"),),
            read=one_by_one(read),
            looker=lambda: self.looker,
            look_plan=replace(look_plan(settings), enabled=looking),
            rules=replace(rules_of(settings), armed=frozenset(one.name for one in settings.policies)),
            scope=scope_of(settings),
            transport=self.postbox,
            digest_plan=None,
        )

    def deliver(self, mail: bytes, at: datetime) -> None:
        """Put a mail into the mailbox as a host does, under a name of its own."""
        new = self.folder / "mailbox" / "new"
        path = new / f"{int(at.timestamp())}.{len(list(new.iterdir())):04}.shop"
        path.write_bytes(mail)
        os.utime(path, (at.timestamp(), at.timestamp()))


@pytest.fixture
def new_town(tmp_path: Path) -> Iterator[Callable[[], Town]]:
    """Builds fresh towns, as many as asked for; closed when the test ends."""
    numbers = count()
    with ExitStack() as stack:

        def build() -> Town:
            folder = tmp_path / f"town-{next(numbers)}"
            for part in ("tmp", "new", "cur"):
                (folder / "mailbox" / part).mkdir(parents=True)
            store = open_store(f"sqlite:///{folder / 'orderwatch.db'}")
            stack.callback(store.close)
            return Town(folder, store)

        yield build
