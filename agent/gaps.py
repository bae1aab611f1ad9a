"""Where reading is blind: genuine mails that nobody could read, and templates that used to be read. Reads the store."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from agent.risks.families import Sight, families, gone_dark
from agent.risks.notices import parser_gap, template_dark
from agent.risks.risk import Notice
from agent.store.tables import events, mails
from agent.vocabulary.status import Authenticity, Unread

_REMEMBERED = timedelta(days=180)
"""How long a template's habits are remembered."""
_UNREAD = (Unread.NO_READER.value, Unread.UNREADABLE.value, Unread.TOO_BIG.value)
_NUMBERS = ('"order_id":"', '"tracking_number":"', '"request_id":"')
"""What an event's payload bears where its mail gave the number that ties it."""


def gaps(connection: Connection, now: datetime, shown_for: timedelta) -> list[Notice]:
    """One notice per template: first those that went dark, then mails of kinds that nobody ever read."""
    told = families(_sights(connection, now))
    dark = [(family, found) for family in told if (found := gone_dark(family, now))]
    said = {source for _, found in dark for source in found.sources}
    unread = _unread(connection, now - shown_for)
    strange = families(sight for sight in unread if sight.source not in said)
    return [
        *(
            template_dark(
                sender=family.sender,
                subject=found.newest.subject,
                count=found.count,
                since=found.since,
                sources=found.sources,
            )
            for family, found in dark
        ),
        *(
            parser_gap(
                sender=family.sender,
                subject=family.sights[0].subject,
                source=family.sights[0].source,
                at=family.sights[0].at,
                more=len(family.sights) - 1,
            )
            for family in strange
        ),
    ]


def _sights(connection: Connection, now: datetime) -> list[Sight]:
    """Every genuine mail of half a year, and whether it gave a number."""
    since = now - _REMEMBERED
    rows = connection.execute(select(events.c.mail_id, events.c.payload).where(events.c.seen_at > since))
    numbered = {row.mail_id for row in rows if any(mark in row.payload for mark in _NUMBERS)}
    return [sight(row, row.id in numbered) for row in connection.execute(_genuine(since))]


def _unread(connection: Connection, since: datetime) -> list[Sight]:
    return [sight(row) for row in connection.execute(_genuine(since).where(mails.c.unread.in_(_UNREAD)))]


def _genuine(since: datetime) -> Select[Any]:
    genuine = mails.c.authenticity == Authenticity.VERIFIED.value
    columns = (mails.c.id, mails.c.sender, mails.c.subject, mails.c.date, mails.c.received_at, mails.c.stored_at)
    return select(*columns).where(genuine, mails.c.stored_at > since)


def sight(row: Row[Any], numbered: bool = False) -> Sight:
    """A row of mails as what templates are told by."""
    return Sight(
        sender=row.sender or "nobody",
        subject=row.subject or "",
        at=row.received_at or row.date or row.stored_at,
        source=f"mail:{row.id[:16]}",
        numbered=numbered,
    )
