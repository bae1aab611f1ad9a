"""Drafts that a digest offered for an answer, the answers, and the key that codes are made with."""

from __future__ import annotations

import secrets
import zlib
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, insert, select, update

from agent.approvals.codes import Offer
from agent.store.mails import StoredMail
from agent.store.tables import approval_answers, approval_key, approval_offers, mails
from agent.vocabulary.status import Authenticity

_SINCE = timedelta(days=30)
"""How far back mails are looked for that nobody judged."""
_TOGETHER = 100
"""Answers looked at in one round: a flood waits."""


def key_of(connection: Connection) -> bytes:
    """The store's own key, made when it is first needed."""
    known = connection.scalar(select(approval_key.c.key))
    if known is None:
        known = secrets.token_bytes(32)
        connection.execute(insert(approval_key).values(id=1, key=known))
    return known


def put_offers(connection: Connection, offers: Iterable[Offer]) -> None:
    connection.execute(insert(approval_offers), [vars(offer) for offer in offers])


def offers_of(connection: Connection, references: Collection[str]) -> dict[str, tuple[Offer, ...]]:
    """By reference, in order of their numbers; those that are not known are left out."""
    query = select(approval_offers).where(approval_offers.c.reference.in_(list(references)))
    found: dict[str, tuple[Offer, ...]] = {}
    for row in connection.execute(query.order_by(approval_offers.c.number)):
        found[row.reference] = (*found.get(row.reference, ()), Offer(**row._mapping))
    return found


def use_up(connection: Connection, offer: Offer, now: datetime) -> bool:
    """Mark an offer as answered; False where it was before."""
    this = and_(approval_offers.c.reference == offer.reference, approval_offers.c.number == offer.number)
    query = update(approval_offers).where(this, approval_offers.c.answered_at.is_(None)).values(answered_at=now)
    return connection.execute(query).rowcount == 1


def unanswered_mails(connection: Connection, reader: str, now: datetime) -> list[StoredMail]:
    """Mails of that reader which nobody judged as answers yet, oldest first."""
    judged = select(approval_answers.c.mail_id)
    query = select(mails).where(mails.c.reader == reader, mails.c.read_at >= now - _SINCE, mails.c.id.not_in(judged))
    return [
        StoredMail(
            id=row.id,
            mailbox=row.mailbox,
            raw=zlib.decompress(row.raw),
            too_big=row.too_big,
            received_at=row.received_at,
        )
        for row in connection.execute(query.order_by(mails.c.stored_at, mails.c.id).limit(_TOGETHER))
    ]


def settle(connection: Connection, mail_id: str, now: datetime, *, taken: bool, said: str | None) -> None:
    """What became of an answer; it is looked at once."""
    connection.execute(insert(approval_answers).values(mail_id=mail_id, at=now, taken=taken, said=said))


def know_as_own(connection: Connection, mail_id: str, reason: str) -> None:
    """A mail that was found to be the seller's own is nobody's pretence."""
    values = {"authenticity": Authenticity.VERIFIED.value, "authenticity_reason": reason, "claims": None}
    connection.execute(update(mails).where(mails.c.id == mail_id).values(**values))


def told_since(connection: Connection, since: datetime) -> tuple[str, ...]:
    """What is to be told of answers since then, in their order."""
    query = select(approval_answers.c.said).where(approval_answers.c.at > since, approval_answers.c.said.is_not(None))
    return tuple(connection.scalars(query.order_by(approval_answers.c.at, approval_answers.c.mail_id)))
