"""What cannot wait for the digest: one mail to the seller for all alerts of a round, sent until it left.

In every mode, and never to anybody but the seller. A repeat bears the same Message-ID.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from agent.digest.alert import AlertCase, alert_subject, alert_text
from agent.digest.cases import case_of
from agent.risks.risk import Assessment
from agent.steps.digest import DigestPlan
from agent.steps.to_seller import Left, send_waiting
from agent.store import Store
from agent.store import alerts as book
from agent.store import orders as known
from mail.sending.outgoing import build_mail
from mail.sending.transport import Transport

TRY_AGAIN = timedelta(minutes=15)
"""A mail whose sending ended without an answer may have left: its repeats must not fill the seller's mailbox."""
FRESH = timedelta(days=2)
"""What could not be told for this long is told by the digest."""


@dataclass(frozen=True, kw_only=True)
class Alerted(Left):
    told: int = 0
    """Alerts that went into a new mail."""


def alert(store: Store, plan: DigestPlan, shop: str, transport: Transport | None, now: datetime) -> Alerted:
    """Mail the alerts that no mail carries yet, and what has not left; without a transport they wait."""
    if transport is None:
        return Alerted()
    with store.begin() as connection:
        told = _make(connection, plan, shop, now)
        pending = book.unsent(connection, now - TRY_AGAIN)
    left = send_waiting(store, book, pending, transport, plan.sender, plan.to, now)
    return Alerted(told=told, **vars(left))


def _make(connection: Connection, plan: DigestPlan, shop: str, now: datetime) -> int:
    """One mail of everything that waits; how many alerts it tells."""
    waiting = book.waiting(connection, now - FRESH)
    found = [(one, _case(connection, one, plan.zone, now)) for one in waiting]
    # What was settled while nothing could be sent wakes nobody; it stays without a mail, and lapses.
    cases = [case for _, case in found if case is not None]
    if not cases:
        return 0
    keys = [one.key for one, case in found if case is not None]
    message_id = f"<alert.{sha256(' '.join(keys).encode()).hexdigest()[:24]}@{plan.sender.rpartition('@')[2]}>"
    mail = build_mail(
        sender=plan.sender,
        recipient=plan.to,
        subject=alert_subject(cases, shop, now, plan.zone),
        text=alert_text(cases, shop, now, plan.zone),
        message_id=message_id,
        date=now,
        auto_submitted="auto-generated",
    )
    book.put_mail(connection, book.AlertMail(message_id=message_id, mail=mail, made_at=now), keys)
    return len(keys)


def _case(connection: Connection, alert: book.Alert, zone: ZoneInfo, now: datetime) -> AlertCase | None:
    """The alert with its risk as it stands now; None where the risk is over."""
    one = known.one(connection, alert.order_id)
    if one is None:
        return None
    told = AlertCase(order_id=alert.order_id, text=alert.text, policy=alert.policy)
    if alert.risk is None:
        return told
    risks = tuple(risk for risk in one.risks if (risk.id, risk.episode) == (alert.risk, alert.episode))
    case = case_of(one.order, Assessment(risks=risks), {}, zone, now)
    return replace(told, case=case) if case else None
