"""What a human decides at the command line: each word one function over an open store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from agent.config.settings import Settings
from agent.daemon import rules_of
from agent.desk.questions import Unknown, as_of, find_order
from agent.digest.names import risk_name
from agent.enquiries.enquiry import answer_expected
from agent.enquiries.offices import office_of
from agent.orders.order import Order, Shipment
from agent.pipeline import World
from agent.replies.reword import Unfit, reworded
from agent.steps.decide import decide
from agent.steps.enquiring import ASK_CARRIER
from agent.steps.ingest import Ingested, ingest
from agent.store import Store, outbox
from agent.store.log import Entry, append, fold_again, load_order
from agent.store.mails import read_again
from agent.store.orders import judge_all_again
from agent.store.purge import forget_on_disk, names_of
from agent.store.purge import purge as delete_orders
from agent.vocabulary.carriers import carrier
from agent.vocabulary.events import AnyEvent, Handled, NoteAdded, TraceOpened, TraceReplied
from agent.vocabulary.status import Mode
from agent.vocabulary.values import end_of

_REREAD = timedelta(days=60)
"""How far back what could not be read is read again."""


def approve(store: Store, settings: Settings, draft: int, now: datetime) -> str:
    """Queue a draft. Raises NotWaiting."""
    with store.begin() as connection:
        row = outbox.find(connection, draft)
        if row is not None and row.state == "awaiting_approval" and not row.recipient:
            where = "to the carrier" if row.situation == ASK_CARRIER else "into eBay"
            raise outbox.NotWaiting(f"draft {draft} cannot be mailed ({row.reason}): copy its text {where}")
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
    if text is None:
        raise outbox.NotWaiting(f"the editor did not start or failed: set EDITOR; draft {draft} stays as it was")
    if text == row.body:
        return f"Draft {draft} stays as it was."
    try:
        body = reworded(text, row.body, order)
    except Unfit as why:
        raise outbox.NotWaiting(f"the new text would break eBay's rules or ours, and was not kept: {why}") from why
    with store.begin() as connection:
        outbox.rewrite(connection, draft, body, now)
    return f"Draft {draft} is changed."


def handled(store: Store, settings: Settings, order_id: str, risk: str | None, now: datetime) -> str:
    with store.begin() as connection:
        present = {found.id for found in as_of(find_order(connection, order_id), settings, now).risks}
    if not present:
        raise Unknown(f"order {order_id} has no risk now: there is nothing to handle")
    if risk is not None and risk not in present:
        named = ", ".join(f"{one} ({risk_name(one)})" for one in sorted(present))
        raise Unknown(f'order {order_id} has no risk "{risk}" now; it has: {named}')
    _say(store, settings, Handled(occurred_at=now, seen_at=now, source="human", order_id=order_id, risk=risk), now)
    return f"{risk or 'Every present risk'} of order {order_id} is handled."


def note(store: Store, settings: Settings, order_id: str, text: str, now: datetime) -> str:
    with store.begin() as connection:
        find_order(connection, order_id)
    _say(store, settings, NoteAdded(occurred_at=now, seen_at=now, source="human", order_id=order_id, text=text), now)
    return f"Noted with order {order_id}."


def trace(
    store: Store, settings: Settings, order_id: str, reference: str | None, number: str | None, now: datetime
) -> str:
    """Keep that the carrier was asked about a parcel. Raises Unknown."""
    with store.begin() as connection:
        parcel = _parcel(find_order(connection, order_id).order, number)
    owner = carrier(parcel.carrier) if parcel.carrier else None
    zone = owner.zone if owner else settings.zone
    due = answer_expected(office_of(parcel.carrier), now.astimezone(zone).date())
    asked = TraceOpened(
        occurred_at=now,
        seen_at=now,
        source="human",
        order_id=order_id,
        tracking_number=parcel.tracking_number,
        carrier=parcel.carrier,
        reference=reference,
        answer_by=end_of(due, zone) if due else None,
    )
    _say(store, settings, asked, now)
    until = f" An answer is usual by {due:%d %B %Y}." if due else ""
    return f"Noted that the carrier was asked about parcel {parcel.tracking_number}.{until}"


def answer(store: Store, settings: Settings, order_id: str, text: str, number: str | None, now: datetime) -> str:
    """Keep what the carrier answered. Raises Unknown."""
    with store.begin() as connection:
        order = find_order(connection, order_id).order
    asked = tuple(dict.fromkeys(one.tracking_number for one in order.traces if one.answered_at is None))
    number = number or (asked[0] if len(asked) == 1 else None) or _parcel(order, None).tracking_number
    said = TraceReplied(
        occurred_at=now, seen_at=now, source="human", order_id=order_id, tracking_number=number, text=text
    )
    _say(store, settings, said, now)
    return f"Noted what the carrier answered about parcel {number}."


def _parcel(order: Order, number: str | None) -> Shipment:
    """The parcel of a number, else the only one. Raises Unknown."""
    found = [one for one in order.shipments if number is None or number in one.numbers]
    if len(found) == 1:
        return found[0]
    known = ", ".join(parcel.tracking_number for parcel in order.shipments)
    raise Unknown(
        f"order {order.order_id} has these parcels: {known}; name one with --parcel NUMBER"
        if known
        else f"order {order.order_id} has no parcel yet"
    )


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


def reread(store: Store, now: datetime) -> str:
    """Have the mails that nobody understood lately read again by the next round, with the phrases of today."""
    with store.begin() as connection:
        count = read_again(connection, now - _REREAD)
    return f"{count} mails that nobody could read are read again with the next round."


def purge(store: Store, found: list[Order], now: datetime, buyer: str | None, before: datetime | None) -> str:
    """Delete orders and what belongs to them for good, from the file as well."""
    with store.begin() as connection:
        names = {buyer, *names_of(found)} if buyer else set()
        done = delete_orders(connection, found, now, names=names, before=before)
    forget_on_disk(store)
    return (
        f"{done.orders} orders with {done.events} events, {done.mails} mails, {done.replies} replies and "
        f"{done.snapshots} snapshots are deleted, and the digests that were kept. "
        "Your mailbox is as it was: orderwatch deletes nothing there."
    )


def backfill(world: World, now: datetime) -> Ingested:
    """Read what the mailboxes still hold, judge it, and neither look nor send."""
    done = ingest(world.store, world.inboxes, world.read, now)
    decide(world.store, replace(world.rules, mode=Mode.OBSERVE), now)
    return done
