"""`evidence` hands out what carriers showed of one order's parcels, for somebody at eBay to read."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from agent.desk.evidence import write_evidence
from agent.desk.questions import Unknown
from agent.store import Store, open_store
from agent.store.log import Entry, append
from agent.store.looks import LookRow, Snapshot, keep_look
from agent.store.tables import mails
from agent.vocabulary.events import AnyEvent, LabelBought, OrderSold, ParcelLooked, TrackingUpdate
from agent.vocabulary.status import LookOutcome, TrackingStatus
from agent.vocabulary.values import Item

ZONE = ZoneInfo("America/Los_Angeles")
ORDER, OTHER = "27-13930-98148", "02-15262-92402"
FIRST, LAST, STRANGE = "ES20014785123610001", "9400111206206406260787", "9400111206040724873645"
AT = datetime(2026, 11, 3, 22, 5, tzinfo=UTC)
PAGE = b"<script>alert(1)</script><p>Delivered, Bend</p>"
PNG = b"\x89PNG\r\n\x1a\nnot really"
S = TrackingStatus


def look(store: Store, number: str, hours: int, status: S, body: bytes, outcome: LookOutcome = LookOutcome.READ) -> str:
    at = AT + timedelta(hours=hours)
    row = LookRow(
        id=f"l{number[:4]}{hours}", carrier="usps", tracking_number=number, at=at, outcome=outcome, status=status
    )
    shot = Snapshot(
        url="https://tools.usps.com/go/TrackConfirmAction?tLabels=" + number,
        at=at,
        text="Delivered, Bend\nNovember 3",
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
        media_type="text/html",
        screenshot=PNG if status is S.DELIVERED else None,
        headers=(("Date", "Tue, 03 Nov 2026 22:05:00 GMT"), ("Set-Cookie", "session=secret")),
    )
    with store.begin() as connection:
        keep_look(connection, row, shot, f"{status}")
    return row.id


def mail(store: Store, id_: str, raw: bytes) -> None:
    values = {"id": id_, "mailbox": "shop", "raw": zlib.compress(raw), "stored_at": AT, "date": AT}
    with store.begin() as connection:
        connection.execute(
            mails.insert().values(**values, sender="auto-reply@usps.com", subject="Item <b>Delivered</b>")
        )


@pytest.fixture
def store() -> Store:
    """One order with a parcel of two legs, another order of somebody else, and mails about one and about both."""
    store = open_store("sqlite://")
    mail(store, "one", b"only ours")
    mail(store, "both", b"ours and SOMEBODY ELSE'S")
    events: list[tuple[AnyEvent, str | None]] = [
        (OrderSold(source="m", occurred_at=AT, order_id=ORDER, items=(Item(title="Brass <i>bell</i>"),)), None),
        (OrderSold(source="n", occurred_at=AT, order_id=OTHER), None),
        (LabelBought(source="o", occurred_at=AT, order_id=ORDER, tracking_number=FIRST, carrier="speedpak"), None),
        (LabelBought(source="p", occurred_at=AT, order_id=OTHER, tracking_number=STRANGE, carrier="usps"), None),
        (
            ParcelLooked(
                source="look:0", occurred_at=AT, tracking_number=FIRST, carrier="speedpak", outcome=LookOutcome.READ,
                onward_number=LAST, onward_carrier="usps",
            ),
            None,
        ),
        (told("mail:one", LAST), "one"),
        (told("mail:both", LAST), "both"),
        (told("mail:both!", STRANGE), "both"),
    ]  # fmt: skip
    with store.begin() as connection:
        for event, mail_id in events:
            append(connection, [Entry(id=event.source, event=event, mail_id=mail_id)], AT)
    look(store, LAST, 0, S.IN_TRANSIT, b"<p>In Transit</p>")
    look(store, LAST, 2, S.DELIVERED, PAGE)
    look(store, LAST, 3, S.UNKNOWN, b"Access denied", LookOutcome.BLOCKED)
    look(store, STRANGE, 1, S.DELIVERED, b"not ours")
    return store


def told(source: str, number: str) -> TrackingUpdate:
    at = AT + timedelta(hours=1)
    return TrackingUpdate(
        source=source,
        occurred_at=at,
        tracking_number=number,
        carrier="usps",
        status=S.DELIVERED,
        description="Delivered",
    )


def test_the_folder_is_complete_and_in_order_of_time(store: Store, tmp_path: Path) -> None:
    """Pages of every leg and mails of carriers, each with its words, its original and its picture, beside an index."""
    said = write_evidence(store, ORDER, tmp_path / "out", ZONE)
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_bytes())

    assert said.startswith("2 snapshots of pages and 2 mails of carriers")
    assert [name for name in names if name.endswith(".png")] == ["04_2026-11-03_16-05_usps_page_delivered.png"]
    assert {"index.html", "index.txt", "manifest.json"} < set(names)
    assert [entry["kind"] for entry in manifest["entries"]] == ["mail", "mail", "page", "page"]
    for name, sha256 in manifest["files"].items():
        assert hashlib.sha256((tmp_path / "out" / name).read_bytes()).hexdigest() == sha256
    page = manifest["entries"][-1]
    source = next(name for name in page["files"] if name.endswith("source.html"))
    assert (tmp_path / "out" / source).read_bytes() == PAGE
    assert page["sha256"] == hashlib.sha256(PAGE).hexdigest()
    assert page["source"].endswith(LAST)


def test_the_index_says_what_when_and_from_where(store: Store, tmp_path: Path) -> None:
    """In words, in the shop's time, with addresses and fingerprints; a stranger's markup is text."""
    write_evidence(store, ORDER, tmp_path, ZONE)
    page, text = (tmp_path / "index.html").read_text(), (tmp_path / "index.txt").read_text()

    for words in (ORDER, "03 November 2026, 16:05", "the parcel is shown as: delivered", LAST):
        assert words in page
        assert words in text
    assert "https://tools.usps.com/go/TrackConfirmAction?tLabels=" + LAST in text
    assert hashlib.sha256(PAGE).hexdigest() in page
    assert "Left out: 1 visit that the carrier's page did not answer" in text
    assert f"USPS {LAST}, the carrier's public page: https://tools.usps.com/" in text
    assert "<script" not in page
    assert "<b>Delivered" not in page
    assert "&lt;b&gt;Delivered" in page


def test_nothing_of_other_orders_is_handed_out(store: Store, tmp_path: Path) -> None:
    """A mail about two parcels is quoted for this one; cookies are nobody's business."""
    write_evidence(store, ORDER, tmp_path, ZONE)
    whole = b"".join(path.read_bytes() for path in tmp_path.iterdir())

    assert b"only ours" in whole
    for secret in (b"SOMEBODY", STRANGE.encode(), OTHER.encode(), b"not ours", b"session=secret"):
        assert secret not in whole
    assert b"The mail tells of other parcels too" in whole
    assert b"Date: Tue, 03 Nov 2026" in whole


def test_a_second_call_replaces_its_own_and_touches_nothing_else(store: Store, tmp_path: Path) -> None:
    """What was added since is there, stale names are gone, a note of the seller's stays."""
    write_evidence(store, ORDER, tmp_path, ZONE)
    (tmp_path / "note.txt").write_text("mine")
    before = {path.name for path in tmp_path.iterdir()}
    write_evidence(store, ORDER, tmp_path, ZONE)
    assert {path.name for path in tmp_path.iterdir()} == before
    look(store, LAST, -5, S.INFO_RECEIVED, b"<p>Label</p>")

    write_evidence(store, ORDER, tmp_path, ZONE)

    names = sorted(path.name for path in tmp_path.iterdir())
    assert (tmp_path / "note.txt").read_text() == "mine"
    assert [name for name in names if name.endswith(".png")] == ["05_2026-11-03_16-05_usps_page_delivered.png"]


def test_what_is_not_ours_is_never_replaced(store: Store, tmp_path: Path) -> None:
    """Neither a foreign index, nor one that somebody changed, nor a link, nor another order's folder."""
    (tmp_path / "index.html").write_text("mine")
    with pytest.raises(Unknown, match="empty folder"):
        write_evidence(store, ORDER, tmp_path, ZONE)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index.html"]

    changed = tmp_path / "changed"
    write_evidence(store, ORDER, changed, ZONE)
    (changed / "index.txt").write_text("with my remarks")
    with pytest.raises(Unknown, match="changed since"):
        write_evidence(store, ORDER, changed, ZONE)

    linked = tmp_path / "linked"
    linked.mkdir()
    (linked / "index.txt").symlink_to(tmp_path / "index.html")
    with pytest.raises(Unknown, match="empty folder"):
        write_evidence(store, ORDER, linked, ZONE)
    assert (tmp_path / "index.html").read_text() == "mine"

    others = tmp_path / "others"
    write_evidence(store, OTHER, others, ZONE)
    with pytest.raises(Unknown, match=OTHER):
        write_evidence(store, ORDER, others, ZONE)


def test_a_changed_store_is_said(store: Store, tmp_path: Path) -> None:
    """A page that no longer has its fingerprint proves nothing, and the folder says so."""
    with store.begin() as connection:
        connection.exec_driver_sql("update evidence set sha256 = 'beef' where sha256 like '%'")
    write_evidence(store, ORDER, tmp_path, ZONE)

    assert "does not have this SHA-256 any more" in (tmp_path / "index.txt").read_text()


def test_show_lists_the_evidence(command: Callable[..., Any], shop: Path) -> None:
    """When, which carrier, what it showed, and its fingerprint; numbers of legs too."""
    settings_store = open_store(f"sqlite:///{shop.parent / 'orderwatch.db'}")
    number, order_id = _a_parcel(command, shop)
    look(settings_store, number, 0, S.DELIVERED, PAGE)
    settings_store.close()

    shown = command("show", order_id, "--config", shop)
    (kept,) = command("show", order_id, "--json", "--config", shop).json["evidence"]

    assert f"sha256{hashlib.sha256(PAGE).hexdigest()}" in "".join(shown.out.split())
    assert (kept["status"], kept["outcome"], kept["screenshot"]) == ("delivered", "read", True)
    assert (kept["tracking_number"], kept["at"]) == (number, "2026-11-03T22:05:00+00:00")


def _a_parcel(command: Callable[..., Any], shop: Path) -> tuple[str, str]:
    orders = command("orders", "--json", "--config", shop).json["orders"]
    order = next(one for one in orders if one["shipments"])
    return order["shipments"][0]["tracking_number"], order["order_id"]
