"""`orderwatch dossier`: everything that is known of an order, as a PDF and a folder for eBay."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from agent.config.settings import Settings
from agent.desk.evidence import write_evidence
from agent.desk.folder import MANIFEST, replace_files
from agent.desk.questions import as_of, find_order, numbers_of, story
from agent.desk.story import told
from agent.digest.names import OUTCOMES, STATUSES, carrier_name
from agent.dossier.comment import comment
from agent.dossier.dossier import Dossier, Happening, Mail, Paper, Shot, Written
from agent.dossier.html import as_html, paper
from agent.risks.protection import pod_ok
from agent.store import Store, outbox
from agent.store.bulk import read_by
from agent.store.looks import Kept, evidence_of, snapshot_of
from agent.store.purge import of_buyer
from agent.store.tables import events, mails
from agent.vocabulary.status import LookOutcome
from agent.vocabulary.values import instant

Print = Callable[[str, Paper, str], bytes]
"""HTML, paper and foot line to PDF; raises what the caller knows."""
TRACKING = "tracking"
"""The folder inside in which the carriers' evidence lies."""
_TELLING = (LookOutcome.READ, LookOutcome.NOT_FOUND)
_SAID = ("sent", "unknown")
_PRIVATE = ("note_added", "handled")
"""What the seller wrote for nobody else."""


def write_dossier(
    store: Store, settings: Settings, order_id: str, out: Path, now: datetime, print_pdf: Print | None
) -> str:
    """Write the folder, with a PDF where a printer is given, and say what it holds. Raises Unknown."""
    found, files = gather_dossier(store, settings, order_id, now)
    html = as_html(found, settings.zone)
    files = {
        "comment.txt": f"{comment(found.order, found.protection)}\n".encode(),
        "dossier.html": html.encode(),
        **files,
    }
    if print_pdf is not None:
        foot = "".join(char for char in order_id if char.isalnum() or char in "-_")
        files["dossier.pdf"] = print_pdf(html, paper(found.order), f"eBay order {foot}")
    files[MANIFEST] = json.dumps({"order_id": order_id}).encode()
    named = "dossier.pdf" if print_pdf is not None else "dossier.html"
    replace_files(out, order_id, files)
    write_evidence(store, order_id, out / TRACKING, settings.zone)
    return f"Dossier of order {order_id} written to {out}: open {named} there"


def gather_dossier(store: Store, settings: Settings, order_id: str, now: datetime) -> tuple[Dossier, dict[str, bytes]]:
    """The dossier, and the mails that may be handed out by file name."""
    shape = story(store, settings, order_id, now)
    with store.begin() as connection:
        judged = find_order(connection, order_id)
        order = as_of(judged, settings, now).order
        kept = evidence_of(connection, numbers_of(order))
        shots = [_shot(connection, one) for one in kept if one.outcome in _TELLING]
        listed, files = _mails(connection, order_id)
        replies = [row for row in outbox.rows(connection, order_id=order_id) if row.state in _SAID and row.recipient]
        others = [one for one in of_buyer(connection, order.buyer) if one.order_id != order_id] if order.buyer else []
    messages = [Written(at=one.at, by="buyer", text=one.text) for one in order.messages]
    messages += [
        Written(at=row.updated_at, by="seller", text=row.body, state="" if row.state == "sent" else "perhaps not sent")
        for row in replies
    ]
    dossier = Dossier(
        order=order,
        protection=pod_ok(order, now),
        now=now,
        happenings=sorted(_happenings(shape, settings), key=lambda one: one.at),
        mails=listed,
        messages=sorted(messages, key=lambda one: one.at),
        shots=shots,
        missed=len(kept) - len(shots),
        buyer_requests=sum(any(case.kind == "inr" for case in one.cases) for one in others),
        buyer_orders=len(others),
    )
    return dossier, files


_NEWS_TO_EBAY = frozenset({"tracking_update", "parcel_looked", "trace_opened", "trace_replied"})
"""What a carrier says eBay may not have heard; all else came from it."""


def _happenings(shape: Mapping[str, Any], settings: Settings) -> Iterator[Happening]:
    for event in shape["events"]:
        if event["type"] in _PRIVATE:
            continue
        seen = datetime.fromisoformat(event["seen_at"])
        said = event.get("occurred_at")
        at = instant(datetime.fromisoformat(said), settings.zone) if said else seen
        source = event["source"]
        named = shape["sources"].get(source, "the seller's word" if source == "human" else source)
        yield Happening(
            at=at,
            seen_at=seen,
            what=told(event, shape, settings.zone),
            source=named,
            known_to_ebay=event["type"] not in _NEWS_TO_EBAY,
        )


def _shot(connection: Connection, kept: Kept) -> Shot:
    snapshot = snapshot_of(connection, kept)
    read = kept.outcome is LookOutcome.READ
    shows = STATUSES[kept.status] if read else OUTCOMES[kept.outcome]
    return Shot(
        at=snapshot.at,
        what=f"{carrier_name(kept.carrier)} {kept.tracking_number}: {shows}",
        url=snapshot.url,
        sha256=snapshot.sha256,
        png=snapshot.screenshot,
        words=snapshot.text,
    )


def _mails(connection: Connection, order_id: str) -> tuple[list[Mail], dict[str, bytes]]:
    """Every mail that told of the order, oldest first; the bytes of those that tell of no other."""
    ours = select(events.c.mail_id).where(events.c.order_id == order_id)
    ids = {id_ for id_ in connection.scalars(ours) if id_ is not None}
    tied = select(events.c.mail_id, events.c.order_id)
    shared = {row.mail_id for row in read_by(connection, tied, events.c.mail_id, ids) if row.order_id != order_id}
    rows = read_by(connection, select(mails), mails.c.id, ids)
    rows = sorted(rows, key=lambda row: (row.date or row.received_at or row.stored_at, row.id))
    listed, files = [], {}
    for number, row in enumerate(rows, 1):
        at = row.date or row.received_at or row.stored_at
        raw = zlib.decompress(row.raw)
        name = None if row.id in shared else f"mail_{number:03}_{at:%Y-%m-%d}.eml"
        if name:
            files[name] = raw
        listed.append(
            Mail(
                at=at,
                sender=row.sender or "",
                subject=row.subject or "",
                authenticity=row.authenticity or "not judged",
                why=row.authenticity_reason or "",
                sha256=hashlib.sha256(raw).hexdigest(),
                file=name,
            )
        )
    return listed, files
