"""`orderwatch evidence`: what is kept of an order's parcels, as a folder that a human can upload to eBay.

It holds this order alone: a mail that tells of other parcels too is quoted, never copied. What lies in the folder and
is not ours stays as it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from agent.desk.evidence_index import Cover, Piece, as_html, as_text
from agent.desk.folder import MANIFEST, replace_files
from agent.desk.questions import find_order, numbers_of
from agent.digest.cases import page_link
from agent.digest.names import OUTCOMES, REASONS, STATUSES, carrier_name, counted
from agent.orders.order import Order
from agent.store import Store
from agent.store.carrier_mails import CarrierMail, carrier_mails
from agent.store.looks import Kept, Snapshot, evidence_of, snapshot_of
from agent.vocabulary.events import TrackingUpdate
from agent.vocabulary.status import LookOutcome, Reason
from agent.vocabulary.visible import visible

_TELLING = (LookOutcome.READ, LookOutcome.NOT_FOUND)
"""Looks that a carrier answered; a page that refused us proves nothing of a parcel."""
_OTHERS = "The mail tells of other parcels too, so only what it says of this one is given."


@dataclass(frozen=True, kw_only=True)
class _Original:
    """A page or mail before it has its place in the folder; `files` by ending, the one to open first in front."""

    at: datetime
    kind: str
    carrier: str
    what: str
    shows: str
    status: str
    source: str
    sha256: str
    files: Mapping[str, bytes]
    note: str = ""


def write_evidence(store: Store, order_id: str, out: Path, zone: ZoneInfo) -> str:
    """Write the folder and say what it holds. Raises Unknown where a file in it is not ours to replace."""
    with store.begin() as connection:
        order = find_order(connection, order_id).order
        kept = evidence_of(connection, numbers_of(order))
        pages = [_of_page(one, snapshot_of(connection, one), zone) for one in kept if one.outcome in _TELLING]
        mails = [_of_mail(mail, zone) for mail in carrier_mails(connection, order_id)]
    found = sorted([*pages, *mails], key=lambda one: (one.at, one.kind, one.sha256))
    refused = len(kept) - len(pages)
    replace_files(out, order_id, dict(_files(order, found, refused, zone)))
    shots = counted(len(pages), "snapshot of a page", "snapshots of pages")
    held = f"{shots} and {counted(len(mails), 'mail of a carrier', 'mails of carriers')}"
    return f"{held} written to {out}: open index.html there"


# ---- what the folder holds --------------------------------------------------------------------------------------


def _of_page(kept: Kept, snapshot: Snapshot, zone: ZoneInfo) -> _Original:
    name = carrier_name(kept.carrier)
    read = kept.outcome is LookOutcome.READ
    shows = f"the parcel is shown as: {STATUSES[kept.status]}" if read else OUTCOMES[kept.outcome]
    kind = next((ending for ending in ("json", "xml") if ending in snapshot.media_type), "html")
    head = [
        f"Tracking page of {name} for parcel {kept.tracking_number}",
        f"Address: {snapshot.url}",
        f"Seen: {_exactly(snapshot.at, zone)}",
        f"SHA-256 of the page as received: {snapshot.sha256}",
    ]
    files = {"txt": _text(head, snapshot.text), f"source.{kind}": snapshot.body}
    if snapshot.headers:
        files["headers.txt"] = "".join(f"{visible(k)}: {visible(v, 2000)}\n" for k, v in snapshot.headers).encode()
    if snapshot.screenshot:
        files = {"png": snapshot.screenshot, **files}
    intact = hashlib.sha256(snapshot.body).hexdigest() == snapshot.sha256
    return _Original(
        at=snapshot.at,
        kind="page",
        carrier=kept.carrier,
        what=f"Tracking page of {name}, parcel {kept.tracking_number}",
        shows=shows,
        status=kept.status.value if read else kept.outcome.value,
        source=snapshot.url,
        sha256=snapshot.sha256,
        files=files,
        note="" if intact else "The stored page does not have this SHA-256 any more: the store was changed.",
    )


def _of_mail(mail: CarrierMail, zone: ZoneInfo) -> _Original:
    carriers = dict.fromkeys(carrier_name(said.carrier) for said in mail.said)
    told = [_told(said) for said in mail.said]
    head = [
        f"Mail of {', '.join(carriers)}",
        f"From: {mail.sender}",
        f"Subject: {mail.subject}",
        f"Sent: {_exactly(mail.at, zone)}",
        f"SHA-256 of the mail as received: {mail.sha256}",
        *([_OTHERS] if mail.raw is None else []),
    ]
    files = {"txt": _text(head, "\n".join(told))}
    if mail.raw is not None:
        files["eml"] = mail.raw
    return _Original(
        at=mail.at,
        kind="mail",
        carrier=next((said.carrier for said in mail.said if said.carrier), "carrier"),
        what=f"Mail of {', '.join(carriers)}: {mail.subject}",
        shows="; ".join(told),
        status=mail.said[-1].status.value if mail.said else "unknown",
        source=mail.sender,
        sha256=mail.sha256,
        files=files,
        note="" if mail.raw is not None else _OTHERS,
    )


def _told(said: TrackingUpdate) -> str:
    parts = [f"parcel {said.tracking_number}: {STATUSES[said.status]}", REASONS.get(said.reason or Reason.ACCEPTED)]
    parts += [f"on {said.occurred_at}" if said.occurred_at else None, str(said.location or "") or None]
    parts += [f"“{said.description}”" if said.description else None]
    return ", ".join(part for part in parts if part)


def _files(order: Order, found: Sequence[_Original], refused: int, zone: ZoneInfo) -> Iterator[tuple[str, bytes]]:
    """Every file of the folder by name; names sort by time."""
    pieces, entries = [], []
    digits = max(2, len(str(len(found))))
    for number, one in enumerate(found, 1):
        stem = "_".join(
            (f"{number:0{digits}}", f"{one.at.astimezone(zone):%Y-%m-%d_%H-%M}", _slug(one.carrier), one.kind)
        )
        stem = f"{stem}_{_slug(one.status)}"
        named = {f"{stem}.{ending}": content for ending, content in one.files.items()}
        yield from named.items()
        pieces.append(
            Piece(
                at=one.at,
                what=one.what,
                shows=one.shows,
                source=one.source,
                sha256=one.sha256,
                files=tuple(named),
                note=one.note,
            )
        )
        entries.append(
            {
                "at": one.at.isoformat(),
                "kind": one.kind,
                "carrier": one.carrier,
                "shows": one.shows,
                "source": one.source,
                "sha256": one.sha256,
                "files": list(named),
                **({"note": one.note} if one.note else {}),
            }
        )
    left_out = f"Left out: {counted(refused, 'visit')} that the carrier's page did not answer."
    cover = Cover(
        order_id=order.order_id,
        items=tuple(item.title for item in order.items if item.title),
        parcels=tuple(_parcels(order)),
        zone=zone,
        left_out=(left_out,) if refused else (),
    )
    yield "index.txt", as_text(cover, pieces).encode()
    yield "index.html", as_html(cover, pieces).encode()
    manifest = {"order_id": order.order_id, "parcels": list(numbers_of(order)), "entries": entries}
    yield MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode()


def _parcels(order: Order) -> Iterator[str]:
    """Each number with its carrier, and where anybody can ask that carrier about it."""
    postcode = order.ship_to.postcode if order.ship_to else None
    for parcel in order.shipments:
        for number, owner in parcel.carriers.items():
            link = page_link(owner, number, postcode)
            yield f"{carrier_name(owner)} {number}" + (f", the carrier's public page: {link}" if link else "")


def _text(head: Sequence[str], body: str) -> bytes:
    lines = (*(visible(one, 2000) for one in head), "", *(visible(one, 10_000) for one in body.splitlines()))
    return ("\n".join(lines) + "\n").encode()


def _exactly(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone).isoformat(timespec='seconds')} ({zone.key})"


def _slug(text: str) -> str:
    """A stranger's text is no path."""
    return "".join(char if char.isascii() and char.isalnum() else "-" for char in text)[:30] or "x"
