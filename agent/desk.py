"""What a human asks for or decides, at the command line: each question one function over an open store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import make_msgid
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from agent import report
from agent.daemon import digest_plan, open_way_out, rules_of, scope_of
from agent.digest.html import render_html
from agent.digest.text import render_text, subject
from agent.gather import notices, source_names
from agent.pipeline import World
from agent.replies.prepare import check as lint
from agent.risks.assess import assess
from agent.risks.protection import Protection, pod_ok
from agent.risks.risk import Notice
from agent.settings import Settings
from agent.steps.decide import decide
from agent.steps.digest import current_day
from agent.steps.ingest import ingest
from agent.store import Store, open_store, outbox
from agent.store.log import Entry, append, fold_again, load_order, order_log
from agent.store.looks import snapshots_of
from agent.store.mails import mailbox_state
from agent.store.orders import Judged, every, judge_all_again, one
from agent.store.outbox import OutboxRow
from agent.vocabulary.events import AnyEvent, Handled, NoteAdded
from agent.vocabulary.status import Mode
from mail.outgoing import build_mail


class Unknown(Exception):
    """Something was asked for that is not there; the message says what to do."""


def state(
    store: Store, settings: Settings, now: datetime, *, only_at_risk: bool
) -> tuple[list[Judged], tuple[Notice, ...], Mapping[str, Protection]]:
    """Every order judged as of now, without changing anything."""
    with store.begin() as connection:
        judged = [_as_of(found, settings, now) for found in every(connection)]
        found = notices(connection, settings.timers, now)
    if only_at_risk:
        judged = [order for order in judged if any(not risk.handled for risk in order.risks)]
    return judged, found, {order.order.order_id: pod_ok(order.order, now) for order in judged}


def _as_of(judged: Judged, settings: Settings, now: datetime) -> Judged:
    assessment = assess(judged.order, now, settings.timers)
    return replace(judged, risks=assessment.risks, next_due_at=assessment.next_due_at)


def story(store: Store, settings: Settings, order_id: str, now: datetime) -> dict[str, Any]:
    """The whole of one order; raises Unknown."""
    with store.begin() as connection:
        found = _order(connection, order_id)
        log = [entry.event for entry in order_log(connection, order_id)]
        names = source_names(connection, (event.source for event in log))
    judged = _as_of(found, settings, now)
    return report.of_story(judged, pod_ok(judged.order, now), log, names)


def _order(connection: Connection, order_id: str) -> Judged:
    found = one(connection, order_id)
    if found is None:
        raise Unknown(f"no order {order_id!r} is known: `orderwatch orders` lists them")
    return found


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


def write_evidence(store: Store, order_id: str, out: Path) -> int:
    """Each snapshot of an order's parcels as files: what was read, its text, its picture. Raises Unknown."""
    with store.begin() as connection:
        order = _order(connection, order_id).order
        found = [(p, s) for p in order.shipments for s in snapshots_of(connection, p.tracking_number)]
    out.mkdir(parents=True, exist_ok=True)
    for parcel, snapshot in found:
        name = f"{_file_name(parcel.tracking_number)}-{snapshot.at:%Y%m%dT%H%M%SZ}-{snapshot.sha256[:8]}"
        kind = next((end for end in ("json", "xml") if end in snapshot.media_type), "html")
        (out / f"{name}.{kind}").write_bytes(snapshot.body)
        head = f"{snapshot.url}\nseen {snapshot.at.isoformat()}\nsha256 of the page {snapshot.sha256}\n\n"
        (out / f"{name}.txt").write_text(head + snapshot.text, encoding="utf-8")
        if snapshot.screenshot:
            (out / f"{name}.png").write_bytes(snapshot.screenshot)
    return len(found)


def _file_name(text: str) -> str:
    """A stranger's text is no path."""
    return "".join(char if char.isascii() and char.isalnum() else "_" for char in text)[:40]


def drafts(store: Store) -> list[OutboxRow]:
    with store.begin() as connection:
        return outbox.rows(connection, ["awaiting_approval", "observed"])


def approve(store: Store, settings: Settings, draft: int, now: datetime) -> str:
    """Queue a draft. Raises NotWaiting."""
    with store.begin() as connection:
        row = outbox.find(connection, draft)
        if row is not None and row.state == "awaiting_approval" and not row.recipient:
            raise outbox.NotWaiting(f"draft {draft} cannot be mailed ({row.reason}): copy its text into eBay")
        if settings.mode is Mode.OBSERVE:
            raise outbox.NotWaiting("mode observe sends nothing: set `mode: draft` in the configuration first")
        row = outbox.decide(connection, draft, "queued", now)
    return f"Draft {draft} leaves for {row.recipient} with the next round."


def reject(store: Store, draft: int, now: datetime) -> str:
    with store.begin() as connection:
        outbox.decide(connection, draft, "rejected", now)
    return f"Draft {draft} is thrown away."


def edit(store: Store, draft: int, now: datetime, editor: Callable[[str], str | None]) -> str:
    """Let a human change a draft's text; it is checked like every text. Raises NotWaiting."""
    with store.begin() as connection:
        row = outbox.find(connection, draft)
        order = load_order(connection, row.order_id) if row else None
    if row is None or order is None or row.state != "awaiting_approval":
        raise outbox.NotWaiting(f"draft {draft} does not wait: `orderwatch drafts` lists those that do")
    text = editor(row.body)
    if text is None or text == row.body:
        return f"Draft {draft} stays as it was."
    if problems := lint(text, order):
        raise outbox.NotWaiting(
            f"the new text would break eBay's rules or ours, and was not kept: {'; '.join(problems)}"
        )
    with store.begin() as connection:
        outbox.rewrite(connection, draft, text, now)
    return f"Draft {draft} is changed."


def handled(store: Store, settings: Settings, order_id: str, risk: str | None, now: datetime) -> str:
    with store.begin() as connection:
        present = {found.id for found in _as_of(_order(connection, order_id), settings, now).risks}
    if risk is not None and risk not in present:
        raise Unknown(f"order {order_id} has no risk {risk!r} now; it has: {', '.join(sorted(present)) or 'none'}")
    _say(store, settings, Handled(occurred_at=now, seen_at=now, source="human", order_id=order_id, risk=risk), now)
    return f"{risk or 'Every present risk'} of order {order_id} is handled."


def note(store: Store, settings: Settings, order_id: str, text: str, now: datetime) -> str:
    with store.begin() as connection:
        _order(connection, order_id)
    _say(store, settings, NoteAdded(occurred_at=now, seen_at=now, source="human", order_id=order_id, text=text), now)
    return f"Noted with order {order_id}."


def _say(store: Store, settings: Settings, event: AnyEvent, now: datetime) -> None:
    words = sha256(f"{event}".encode()).hexdigest()
    with store.begin() as connection:
        append(connection, [Entry(id=f"human {words}", event=event)], now)
    decide(store, rules_of(settings), now)


def rebuild(store: Store, settings: Settings, now: datetime) -> str:
    """Fold and judge every order again."""
    with store.begin() as connection:
        count = fold_again(connection, now)
        judge_all_again(connection, now)
    decide(store, rules_of(settings), now)
    return f"{count} orders folded again from the log."


def backfill(world: World, now: datetime) -> int:
    """Read what the mailboxes still hold, judge it, and neither look nor send. The number of mails read."""
    read = ingest(world.store, world.inboxes, world.read, now).read
    decide(world.store, replace(world.rules, mode=Mode.OBSERVE), now)
    return read
