"""Digests: one per local date, the same bytes and Message-ID however often sending is tried."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, insert, or_, select, update

from agent.store.tables import digests


@dataclass(frozen=True, kw_only=True)
class Digest:
    day: date
    message_id: str
    mail: bytes
    made_at: datetime
    sent_at: datetime | None = None
    tried_at: datetime | None = None
    error: str | None = None


def of_day(connection: Connection, day: date) -> Digest | None:
    row = connection.execute(select(digests).where(digests.c.day == day)).one_or_none()
    return Digest(**row._mapping) if row else None


def before(connection: Connection, day: date) -> Digest | None:
    """The latest digest of an earlier day."""
    query = select(digests).where(digests.c.day < day).order_by(digests.c.day.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return Digest(**row._mapping) if row else None


def put(connection: Connection, digest: Digest) -> None:
    values = {
        "day": digest.day,
        "message_id": digest.message_id,
        "mail": digest.mail,
        "made_at": digest.made_at,
    }
    connection.execute(insert(digests).values(values))


def unsent(connection: Connection, tried_before: datetime) -> list[Digest]:
    """Digests that were made and did not leave, oldest first, but for those tried since then."""
    rested = or_(digests.c.tried_at.is_(None), digests.c.tried_at <= tried_before)
    query = select(digests).where(digests.c.sent_at.is_(None), rested).order_by(digests.c.day)
    return [Digest(**row._mapping) for row in connection.execute(query)]


def mark_sent(connection: Connection, message_id: str, now: datetime) -> None:
    connection.execute(update(digests).where(digests.c.message_id == message_id).values(sent_at=now, error=None))


def mark_failed(connection: Connection, message_id: str, error: str, now: datetime) -> None:
    connection.execute(update(digests).where(digests.c.message_id == message_id).values(error=error, tried_at=now))
