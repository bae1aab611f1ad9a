"""Carriers' mails about an order's parcels, for whoever must prove what they said."""

from __future__ import annotations

import hashlib
import zlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from agent.codec import event_from_json
from agent.store.bulk import read_by
from agent.store.tables import events, mails
from agent.vocabulary.events import TrackingUpdate


@dataclass(frozen=True, kw_only=True)
class CarrierMail:
    """A mail with what it said of this order's parcels; `raw` as it came, None where it tells of others' too."""

    id: str
    at: datetime
    sender: str
    subject: str
    said: tuple[TrackingUpdate, ...]
    sha256: str
    raw: bytes | None


def carrier_mails(connection: Connection, order_id: str) -> list[CarrierMail]:
    """Oldest first; sha256 is the whole mail's, whether it is handed out or not."""
    ours = select(events.c.mail_id).where(events.c.order_id == order_id, events.c.type == TrackingUpdate.type)
    ids = {id_ for id_ in connection.scalars(ours) if id_ is not None}
    said: dict[str, list[TrackingUpdate]] = defaultdict(list)
    shared: set[str] = set()
    told = select(events.c.mail_id, events.c.order_id, events.c.payload).order_by(events.c.seq)
    for row in read_by(connection, told, events.c.mail_id, ids):
        event = event_from_json(row.payload)
        if row.order_id != order_id:
            shared.add(row.mail_id)
        elif isinstance(event, TrackingUpdate):
            said[row.mail_id].append(event)
    found = []
    for row in read_by(connection, select(mails), mails.c.id, ids):
        raw = zlib.decompress(row.raw)
        found.append(
            CarrierMail(
                id=row.id,
                at=row.date or row.received_at or row.stored_at,
                sender=row.sender or "",
                subject=row.subject or "",
                said=tuple(said[row.id]),
                sha256=hashlib.sha256(raw).hexdigest(),
                raw=None if row.id in shared else raw,
            )
        )
    return sorted(found, key=lambda mail: (mail.at, mail.id))
