"""The daily digest: made once per local date, sent until it left, a repeat bearing the same Message-ID."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from agent.approvals.approving import Approving
from agent.digest.day import Day
from agent.digest.html import render_html
from agent.digest.text import render_text, subject
from agent.gather import Scope, gather
from agent.steps.offer import offer
from agent.steps.to_seller import Left, send_waiting
from agent.store import Store
from agent.store import digests as book
from agent.vocabulary.status import Mode
from mail.sending.outgoing import build_mail
from mail.sending.transport import Transport

TRY_AGAIN = timedelta(minutes=30)
"""A digest whose sending ended without an answer may have left: its repeats must not fill the seller's mailbox."""


@dataclass(frozen=True, kw_only=True)
class DigestPlan:
    """To whom, and from when of the local day on."""

    to: str
    at: time
    zone: ZoneInfo
    sender: str
    approving: Approving | None = None
    """Whose answers approve drafts; None: nobody's."""


@dataclass(frozen=True, kw_only=True)
class Digested(Left):
    made: bool = False


def current_day(store: Store, scope: Scope, now: datetime) -> Day:
    """What the digest would say now."""
    with store.begin() as connection:
        last = book.before(connection, now.astimezone(scope.zone).date())
        return gather(connection, replace(scope, since=last.made_at if last else None), now)


def digest(store: Store, plan: DigestPlan, scope: Scope, transport: Transport | None, now: datetime) -> Digested:
    """Make today's digest if its hour has come, and send what has not left yet."""
    made = _make(store, plan, scope, now)
    if transport is None:
        return Digested(made=made)
    with store.begin() as connection:
        pending = book.unsent(connection, now - TRY_AGAIN)
    left = send_waiting(store, book, pending, transport, plan.sender, plan.to, now)
    return Digested(made=made, **vars(left))


def _make(store: Store, plan: DigestPlan, scope: Scope, now: datetime) -> bool:
    local = now.astimezone(plan.zone)
    with store.begin() as connection:
        if local.time() < plan.at or book.of_day(connection, local.date()) is not None:
            return False
    day = current_day(store, scope, now)
    with store.begin() as connection:
        if plan.approving is not None and scope.mode is not Mode.OBSERVE:
            day = offer(connection, day, plan.approving, now)
        made = _written(day, plan, scope, now)
        book.put(connection, made)
    return True


def _written(day: Day, plan: DigestPlan, scope: Scope, now: datetime) -> book.Digest:
    """The digest's mail. Its Message-ID bears the code, so that an answer does: its thread names what it answers."""
    local = now.astimezone(plan.zone).date()
    name = ".".join(part for part in (_name(plan, scope), day.answer_code) if part)
    message_id = f"<digest.{local}.{name}@{plan.sender.rpartition('@')[2]}>"
    answers_to = plan.approving.answers_to if plan.approving and day.answer_code else plan.sender
    mail = build_mail(
        sender=plan.sender,
        recipient=plan.to,
        subject=subject(day),
        text=render_text(day),
        html=render_html(day),
        message_id=message_id,
        date=now,
        auto_submitted="auto-generated",
        reply_to=answers_to if answers_to != plan.sender else None,
    )
    return book.Digest(day=local, message_id=message_id, mail=mail, made_at=now)


def _name(plan: DigestPlan, scope: Scope) -> str:
    """Tells this shop's digests from another's that goes to the same address."""
    return sha256(f"{scope.shop} {plan.to}".encode()).hexdigest()[:12]
