"""A shop that answers by itself whatever a rule lets it, its orders on their way and its buyers' messages as eBay's."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from agent.demo.mails import build
from agent.demo.story import ShopMail, ShopOrder, Story
from agent.pipeline import Round, run_round
from agent.store import open_store
from agent.store.orders import every
from agent.store.outbox import OutboxRow, rows
from tests.stories.conftest import Town
from tests.stories.test_stories import page_of, shop_of

ANYTHING = """
policies:
  - name: everything
    when: [{severity: [P1, P2, P3, P4]}]
    then: [{reply: inr_in_transit}]
"""
"""A catch-all that no careful seller would arm: what holds against it holds against any."""
NOW = datetime.fromisoformat("2026-06-08T15:00-07:00")
COMPLAINT = "I have not received my order yet."
PAGE = {
    "rows": [
        ["2026-06-04T10:00-07:00", "in_transit/accepted", "USPS in possession of item", "PORTLAND, OR"],
        ["2026-06-07T11:00-07:00", "in_transit/arrived", "Arrived at USPS Facility", "REDMOND, OR"],
    ]
}


class AnsweringShop:
    """A town in mode live with an armed catch-all, and one order of which the buyer may complain."""

    def __init__(self, folder: Path, own: frozenset[str] = frozenset()) -> None:
        for part in ("tmp", "new", "cur"):
            (folder / "mailbox" / part).mkdir(parents=True)
        self.town = Town(folder, open_store(f"sqlite:///{folder / 'orderwatch.db'}"))
        self.own = own
        self.story: Story
        self.story, orders = shop_of(0)
        self.order: ShopOrder = orders["lamp"]
        assert self.order.parcel
        self.town.looker.pages[self.order.parcel.number] = page_of(PAGE)
        sold = NOW - timedelta(days=7)
        self.deliver(self.mail("sale", sold, layout="cards"), sold)
        self.deliver(self.mail("label", sold + timedelta(days=1), layout="order"), sold + timedelta(days=1))
        self.round(sold + timedelta(days=2))

    def mail(self, kind: str, at: datetime, *, layout: str = "", **details: object) -> bytes:
        return build(
            ShopMail(kind=kind, at=at, arrives=at, order_id=self.order.order_id, layout=layout, details=details),
            self.story,
        )

    def message(self, text: str = COMPLAINT, at: datetime = NOW, **headers: str) -> bytes:
        """The buyer's words as eBay relays them, with headers besides; `Return_Path` is `Return-Path`."""
        raw = self.mail("message", at, text=text)
        return with_headers(raw, {name.replace("_", "-"): value for name, value in headers.items()})

    def deliver(self, mail: bytes, at: datetime = NOW) -> None:
        self.town.deliver(mail, at)

    def round(self, at: datetime = NOW) -> Round:
        world = self.town.world(self.town.settings("live", ANYTHING))
        world = replace(world, inboxes=tuple(replace(inbox, own=self.own) for inbox in world.inboxes))
        return run_round(world, at)

    @property
    def sent(self) -> list[tuple[str, str]]:
        return self.town.postbox.sent

    def why_not(self) -> list[str]:
        with self.town.store.begin() as connection:
            return [made.refused for one in every(connection) for made in one.decisions if made.refused]

    def outbox(self) -> list[OutboxRow]:
        with self.town.store.begin() as connection:
            return rows(connection)

    def close(self) -> None:
        self.town.store.close()


def with_headers(raw: bytes, headers: dict[str, str]) -> bytes:
    """A mail with these headers, in place of its own of that name, below what its host wrote above it."""
    head, _, body = raw.partition(b"\n\n")
    replaced = tuple(name.lower().encode() + b":" for name in headers)
    lines = [line for line in head.split(b"\n") if not line.lower().startswith(replaced)]
    added = [f"{name}: {value}".encode() for name, value in headers.items()]
    return b"\n".join([*lines, *added]) + b"\n\n" + body
