"""What a human asks at the command line: each question one function over an open store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import make_msgid
from typing import Any

from sqlalchemy import Connection

from agent.config.settings import Settings
from agent.daemon import digest_plan, look_plan, open_way_out, scope_of
from agent.desk import report
from agent.desk.plans import of_plan
from agent.digest.html import render_html
from agent.digest.text import render_text, subject
from agent.gather import notices, shop_notices, source_names
from agent.orders.order import Order
from agent.plans.advise import plan_for
from agent.plans.history import history_of
from agent.risks.assess import assess
from agent.risks.protection import Protection, pod_ok
from agent.risks.risk import Notice
from agent.steps.digest import current_day
from agent.steps.look import coming_looks
from agent.store import Store, open_store, outbox
from agent.store.log import order_log
from agent.store.looks import evidence_of
from agent.store.mails import mailbox_state
from agent.store.orders import Judged, every, one, with_history
from agent.store.outbox import OutboxRow
from agent.store.purge import of_buyer, older_than
from agent.vocabulary.values import instant
from mail.sending.outgoing import build_mail


class Unknown(Exception):
    """Something was asked for that is not there; the message says what to do."""


def state(
    store: Store, settings: Settings, now: datetime, *, only_at_risk: bool
) -> tuple[list[Judged], tuple[Notice, ...], Mapping[str, Protection]]:
    """Every order judged as of now, without changing anything."""
    with store.begin() as connection:
        judged = [as_of(_known(connection, found), settings, now) for found in list(every(connection))]
        found = (*notices(connection, settings.timers, now), *shop_notices(judged, settings.zone, now))
    if only_at_risk:
        judged = [order for order in judged if any(not risk.handled for risk in order.risks)]
    return judged, found, {order.order.order_id: pod_ok(order.order, now) for order in judged}


def as_of(judged: Judged, settings: Settings, now: datetime) -> Judged:
    """The order with the risks that it has at that time."""
    assessment = assess(judged.order, now, settings.timers)
    return replace(judged, risks=assessment.risks, next_due_at=assessment.next_due_at)


def story(store: Store, settings: Settings, order_id: str, now: datetime) -> dict[str, Any]:
    """The whole of one order; raises Unknown."""
    with store.begin() as connection:
        found = find_order(connection, order_id)
        log = sorted(
            (entry.event for entry in order_log(connection, order_id)),
            key=lambda event: instant(event.occurred_at or event.seen_at or now, settings.zone),
        )
        names = source_names(connection, (event.source for event in log), settings.zone)
        kept = evidence_of(connection, numbers_of(found.order))
        coming = coming_looks(connection, found.order, look_plan(settings), now)
        fared = history_of((known.order for known in every(connection)), now)
    judged = as_of(found, settings, now)
    plan = plan_for(judged.order, judged.risks, now, fared, own=settings.costs.told, timers=settings.timers)
    looks = [
        {"tracking_number": number, "carrier": carrier, "at": report.plain(max(look.at, now)), "why": look.why}
        for number, (carrier, look) in coming.items()
    ]
    return {
        **report.of_story(judged, pod_ok(judged.order, now), log, names, kept),
        "next_looks": looks,
        "plan": of_plan(plan),
    }


def numbers_of(order: Order) -> tuple[str, ...]:
    """Every number that its parcels travel under."""
    return tuple(number for parcel in order.shipments for number in parcel.numbers)


def find_order(connection: Connection, order_id: str) -> Judged:
    """Raises Unknown."""
    found = one(connection, order_id)
    if found is None:
        raise Unknown(f"no order {order_id!r} is known: `orderwatch orders` lists them")
    return _known(connection, found)


def _known(connection: Connection, judged: Judged) -> Judged:
    """With what other orders tell of the buyer."""
    return replace(judged, order=with_history(connection, judged.order))


def status(store: Store, settings: Settings, now: datetime) -> dict[str, Any]:
    day = current_day(store, scope_of(settings), now)
    with store.begin() as connection:
        return report.of_status(day, outbox.counts(connection))


def why_down(settings: Settings, mailbox: str) -> str:
    """The last error of a mailbox, as the store remembers it."""
    store = open_store(settings.store)
    try:
        with store.begin() as connection:
            return mailbox_state(connection, mailbox).error or "cannot be read"
    finally:
        store.close()


@dataclass(frozen=True)
class Shown:
    """A digest as it would be sent."""

    subject: str
    text: str
    html: str


def digest_now(store: Store, settings: Settings, now: datetime) -> Shown:
    day = current_day(store, scope_of(settings), now)
    return Shown(subject(day), render_text(day), render_html(day))


def send_digest(settings: Settings, env: Mapping[str, str], shown: Shown, now: datetime) -> None:
    """Mail a digest beside the daily one. Raises Unknown without an address, SendRefused, NoPassword."""
    plan = digest_plan(settings)
    if plan is None or settings.outgoing is None:
        raise Unknown("nothing says where the digest goes: set `digest: to` and `outgoing` in the configuration")
    mail = build_mail(
        sender=plan.sender,
        recipient=plan.to,
        subject=shown.subject,
        text=shown.text,
        html=shown.html,
        message_id=make_msgid(domain=plan.sender.rpartition("@")[2]),
        date=now,
        auto_submitted="auto-generated",
    )
    transport = open_way_out(settings.outgoing, settings, env)
    try:
        transport.send(mail, plan.sender, plan.to)
    finally:
        transport.close()


def to_purge(store: Store, buyer: str | None, before: datetime | None) -> list[Order]:
    """Orders of a buyer, else those of which nothing was heard since then."""
    with store.begin() as connection:
        if buyer:
            return of_buyer(connection, buyer)
        return older_than(connection, before) if before else []


def drafts(store: Store) -> list[OutboxRow]:
    with store.begin() as connection:
        return outbox.rows(connection, ["awaiting_approval", "observed"])
