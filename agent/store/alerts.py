"""What the seller is told at once: alerts by key, and the mails that carry them, each under one Message-ID."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, or_, select, update

from agent.store.tables import alert_mails, alerts


@dataclass(frozen=True, kw_only=True)
class NewAlert:
    key: str
    order_id: str
    policy: str
    risk: str | None
    episode: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Alert(NewAlert):
    made_at: datetime
    mail_id: str | None = None
    """Message-ID of the mail that carries it; None: none does yet."""


@dataclass(frozen=True, kw_only=True)
class AlertMail:
    message_id: str
    mail: bytes
    made_at: datetime
    sent_at: datetime | None = None
    tried_at: datetime | None = None
    error: str | None = None


def put(connection: Connection, alert: NewAlert, now: datetime) -> bool:
    """Keep an alert for the next mail unless its key is there."""
    if connection.scalar(select(alerts.c.key).where(alerts.c.key == alert.key)) is not None:
        return False
    connection.execute(insert(alerts).values(**asdict(alert), made_at=now))
    return True


def waiting(connection: Connection, since: datetime) -> list[Alert]:
    """Alerts that no mail carries yet, made since then: an older one is no alert any more."""
    query = select(alerts).where(alerts.c.mail_id.is_(None), alerts.c.made_at >= since)
    return [Alert(**row._mapping) for row in connection.execute(query.order_by(alerts.c.made_at, alerts.c.key))]


def of_order(connection: Connection, order_id: str) -> list[Alert]:
    query = select(alerts).where(alerts.c.order_id == order_id).order_by(alerts.c.made_at, alerts.c.key)
    return [Alert(**row._mapping) for row in connection.execute(query)]


def put_mail(connection: Connection, mail: AlertMail, keys: Collection[str]) -> None:
    """A mail that is to leave, with the alerts that it carries."""
    connection.execute(insert(alert_mails).values(message_id=mail.message_id, mail=mail.mail, made_at=mail.made_at))
    for key in keys:
        connection.execute(update(alerts).where(alerts.c.key == key).values(mail_id=mail.message_id))


def unsent(connection: Connection, tried_before: datetime) -> list[AlertMail]:
    """Mails that did not leave, oldest first, but for those tried since then."""
    rested = or_(alert_mails.c.tried_at.is_(None), alert_mails.c.tried_at <= tried_before)
    query = select(alert_mails).where(alert_mails.c.sent_at.is_(None), rested).order_by(alert_mails.c.made_at)
    return [AlertMail(**row._mapping) for row in connection.execute(query)]


def mark_sent(connection: Connection, message_id: str, now: datetime) -> None:
    """It left; its bytes need not be kept."""
    done = {"sent_at": now, "error": None, "mail": b""}
    connection.execute(update(alert_mails).where(alert_mails.c.message_id == message_id).values(done))


def mark_failed(connection: Connection, message_id: str, error: str, now: datetime) -> None:
    where = alert_mails.c.message_id == message_id
    connection.execute(update(alert_mails).where(where).values(error=error, tried_at=now))
