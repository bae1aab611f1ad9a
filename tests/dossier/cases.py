"""Three orders for a dossier: delivered and denied, stalled on its way, and a lost case with something new."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from agent.config import Settings, load
from agent.store import Store, open_store
from agent.store.log import Entry, append
from agent.store.looks import LookRow, Snapshot, keep_look
from agent.store.tables import mails
from agent.vocabulary import events as ev
from agent.vocabulary.events import AnyEvent
from agent.vocabulary.status import LookOutcome, Reason, TrackingStatus
from agent.vocabulary.values import Address, Item, Money, Place, Window

ORDER = "12-34567-89012"
NUMBER = "AB123456785GB"
START = datetime(2026, 10, 19, 9, 0, tzinfo=UTC)
S = TrackingStatus
NEVER: Mapping[str, datetime] = {}
CONFIG = """
mode: observe
store: sqlite:///orderwatch.db
mailboxes:
  - name: shop
    source: maildir:mailbox
    registered_address: shop@teapots.example
    site: EBAY_GB
    receiver: mx.example.org
digest: {to: shop@teapots.example, at: "07:30", timezone: Europe/London}
outgoing: {transport: "maildir:sent", from: shop@teapots.example}
looking: {enabled: false}
"""


def settings(folder: Path) -> Settings:
    for part in ("cur", "new", "tmp"):
        (folder / "mailbox" / part).mkdir(parents=True, exist_ok=True)
    (folder / "config.yaml").write_text(CONFIG)
    return load(folder / "config.yaml")


def day(number: float) -> datetime:
    """That many days after the sale."""
    return START + timedelta(days=number)


def sale(title: str = "Brown Betty teapot, 4 cups") -> list[tuple[AnyEvent, str]]:
    to = Address(name="Anna Holm", street="4 Mill Lane", city="Leeds", postcode="LS1 4AP", country="GB")
    sold = ev.OrderSold(
        occurred_at=day(0),
        order_id=ORDER,
        site="EBAY_GB",
        buyer="anna_holm",
        items=(Item(title=title, quantity=1, price=Money(Decimal("64.00"), "GBP")),),
        total=Money(Decimal("68.50"), "GBP"),
        ship_to=to,
        paid=True,
        ship_by=date(2026, 10, 21),
        estimated_delivery=Window(date(2026, 10, 23), date(2026, 10, 26)),
    )
    label = ev.LabelBought(
        occurred_at=day(0.2), order_id=ORDER, tracking_number=NUMBER, carrier="royal-mail", ship_to=to
    )
    return [(sold, "You sold it: order confirmed"), (label, "Tracking number added")]


def scan(at: datetime, words: str, city: str, status: S = S.IN_TRANSIT, reason: Reason | None = None) -> AnyEvent:
    postcode = "LS1 4AP" if status is S.DELIVERED else None
    return ev.TrackingUpdate(
        occurred_at=at,
        tracking_number=NUMBER,
        carrier="royal-mail",
        status=status,
        reason=reason,
        description=words,
        location=Place(city=city, postcode=postcode, country="GB"),
    )


def fill(store: Store, told: Iterable[tuple[AnyEvent, str]], late: Mapping[str, datetime] = NEVER) -> None:
    """Each event in a mail of its own, of the subject beside it; what a human says comes without one.

    `late`: mails that came later than what they tell of, by subject.
    """
    for index, (event, subject) in enumerate(told):
        at = late.get(subject, event.occurred_at)
        assert isinstance(at, datetime)
        mail = f"{index:02}" if subject else None
        with store.begin() as connection:
            if mail:
                raw = zlib.compress(f"Subject: {subject}\n\nthe whole mail {index}".encode())
                row = {"id": mail, "mailbox": "shop", "raw": raw, "stored_at": at, "date": at, "subject": subject}
                row |= {
                    "sender": "ebay@ebay.com",
                    "authenticity": "verified",
                    "authenticity_reason": "DKIM of ebay.com",
                }
                connection.execute(mails.insert().values(**row))
            source = f"mail:{mail}" if mail else "human"
            stamped = type(event)(**{**vars(event), "source": source, "seen_at": at})
            append(connection, [Entry(id=f"e{index}", event=stamped, mail_id=mail)], at)


def look(store: Store, at: datetime, status: S, words: str, png: bytes | None = None) -> None:
    row = LookRow(
        id=f"l{at:%m%d%H}", carrier="royal-mail", tracking_number=NUMBER, at=at, outcome=LookOutcome.READ, status=status
    )
    body = f"<p>{words}</p>".encode()
    shot = Snapshot(
        url=f"https://www.royalmail.com/track-your-item#/tracking-results/{NUMBER}",
        at=at,
        text=words,
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
        media_type="text/html",
        screenshot=png,
        headers=(),
    )
    with store.begin() as connection:
        keep_look(connection, row, shot, f"{status} {at}")


WAY = [
    (1.1, "Item received", "York", Reason.ACCEPTED),
    (1.9, "Item at mail centre", "Leeds", None),
]


def moving() -> list[tuple[AnyEvent, str]]:
    return [
        (scan(day(at), words, city, reason=reason), f"Your parcel: {words.lower()}") for at, words, city, reason in WAY
    ]


def complaint(at: float, text: str = "Hello, the teapot has still not arrived. Can you look into it?") -> AnyEvent:
    return ev.BuyerMessage(
        occurred_at=day(at), order_id=ORDER, buyer="anna_holm", intent="not_received", text=text, language="en"
    )


def request(at: float) -> AnyEvent:
    return ev.InrOpened(
        occurred_at=day(at), order_id=ORDER, request_id="5312345678", respond_by=date(2026, 11, 5), buyer="anna_holm"
    )


def delivered_and_denied(png: bytes | None = None) -> tuple[Store, datetime]:
    """Delivered at the order's address and signed for; the buyer says otherwise."""
    store = open_store("sqlite://")
    gone = scan(day(2.3), "Delivered and signed for by HOLM", "Leeds", S.DELIVERED, Reason.SIGNED)
    fill(store, [*sale(), *moving(), (gone, "Your parcel was delivered"), (complaint(10), "A message"),
                 (request(14), "The buyer opened a request")])  # fmt: skip
    look(store, day(1.95), S.IN_TRANSIT, "Item at mail centre, Leeds", png)
    look(store, day(2.4), S.DELIVERED, "Delivered and signed for by HOLM, Leeds LS1", png)
    return store, day(15)


def stalled() -> tuple[Store, datetime]:
    """Last scanned three weeks ago, a search opened, nothing else known."""
    store = open_store("sqlite://")
    asked = ev.TraceOpened(
        occurred_at=day(20), order_id=ORDER, tracking_number=NUMBER, carrier="royal-mail", reference="RM-2026-7781"
    )
    fill(store, [*sale(), *moving(), (complaint(10), "A message"), (request(14), "A request"), (asked, "")])
    look(store, day(2), S.IN_TRANSIT, "Item at mail centre, Leeds")
    look(store, day(21.8), S.IN_TRANSIT, "Item at mail centre, Leeds. We have no newer information")
    return store, day(22)


def lost_case(png: bytes | None = None) -> tuple[Store, datetime]:
    """Decided for the buyer before the carrier told of the delivery that it had made earlier."""
    store = open_store("sqlite://")
    gone = scan(day(6.3), "Delivered", "Leeds", S.DELIVERED)
    closed = ev.CaseClosed(occurred_at=day(20), order_id=ORDER, request_id="5312345678", outcome="buyer")
    asked = ev.TraceOpened(
        occurred_at=day(16), order_id=ORDER, tracking_number=NUMBER, carrier="royal-mail", reference="RM-2026-9002"
    )
    answer = ev.TraceReplied(
        occurred_at=day(23),
        order_id=ORDER,
        tracking_number=NUMBER,
        text="Delivered on 25 October, GPS position matches",
    )
    fill(store, [*sale(), *moving(), (complaint(10), "A message"), (request(14), "A request"), (asked, ""),
                 (closed, "The case is closed"), (gone, "Proof of delivery"), (answer, "")],
         {"Proof of delivery": day(22.5)})  # fmt: skip
    look(store, day(22.9), S.DELIVERED, "Delivered, Leeds LS1 4AP, 25 October", png)
    return store, day(24)
