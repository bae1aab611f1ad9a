"""What the buyer writes before there is a request."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from agent.orders.order import Order, Received
from agent.risks.catalogue import risk
from agent.risks.clock import Clock
from agent.risks.deadlines import business_deadline, is_plausible
from agent.risks.parcels import delivered_parcel, live_parcels
from agent.risks.risk import Risk
from agent.risks.sentences import distinct, last_seen, parcel_name, seen, site_day
from agent.risks.standing import is_cancelled, open_cases
from agent.risks.timers import Timers
from agent.verification.programmes import ends_at_hub
from agent.vocabulary.marketplaces import marketplace
from agent.vocabulary.values import end_of

_ENDING = ("inr", "payment_dispute")


def complaints(
    order: Order, clock: Clock, timers: Timers, wishes: Collection[str] = ("not_received",)
) -> tuple[Received, ...]:
    """The messages, oldest first, that say the item did not arrive and that nothing later took back.

    A later thanks, a refund or the end of a request or dispute takes them back; so does time. Plain words count before
    doubtful ones, so that one doubtful message does not keep the plain one after it from being answered.
    """
    thanks = [m.at for m in order.messages if m.intent == "thanks" and m.confidence >= timers.thanks_confidence]
    closings = [case.closed_at for case in order.cases if case.kind in _ENDING and case.closed_at is not None]
    refunds = [order.refunded_at] if order.refunded_at is not None else []
    over = max([*thanks, *closings, *refunds], default=None)
    found = tuple(
        message
        for message in order.messages
        if message.intent in wishes
        and message.confidence >= timers.message_confidence
        and (over is None or message.at > over)
        and not clock.passed(message.at + timers.message_lapses)
    )
    return tuple(message for message in found if message.confidence >= timers.plain_confidence) or found


def answered_at(order: Order) -> datetime | None:
    """When we last surely wrote to the buyer; what came back, or may not have left, is no answer."""
    return max((one.at for one in order.contacts if one.state == "sent" and one.bounced_at is None), default=None)


def to_answer(waiting: Sequence[Received], order: Order, risk_id: str) -> Received:
    """The first message that nobody spoke for: one written after `handled` begins an episode of its own."""
    said = [word.at for word in order.human if word.kind == "handled" and word.risk in (None, risk_id)]
    return next((message for message in waiting if not said or message.at > max(said)), waiting[0])


def _should_have_left(order: Order, asked: datetime) -> bool:
    """Before the ship-by date, "where is it?" about an order without a parcel asks for nothing but patience."""
    if order.ship_by is None or not is_plausible(order.ship_by):
        return False
    return asked > end_of(order.ship_by, marketplace(order.site).zone)


@risk
def not_received_message(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """The buyer misses the item, there is no request yet, and nobody answered: an answer prevents one."""
    if is_cancelled(order) or open_cases(order, "inr"):
        return
    if delivered_parcel(order) is not None and not ends_at_hub(order):
        return
    answered = answered_at(order)
    parcels = live_parcels(order)
    waiting = [
        message
        for message in complaints(order, clock, timers, ("not_received", "where_is_it"))
        if (answered is None or message.at > answered)
        and (message.intent == "not_received" or parcels or _should_have_left(order, message.at))
    ]
    if not waiting:
        return
    first = to_answer(waiting, order, "not_received_message")
    wrote = "that the item did not arrive" if first.intent == "not_received" else "to ask where the item is"
    yield Risk(
        id="not_received_message",
        severity="P2",
        since=first.at,
        episode=first.source or first.at.isoformat(),
        deadline=business_deadline(first.at, timers.message_business_days, order.site, margin=timers.margin),
        because=distinct((*(message.source for message in waiting), *(s for p in parcels for s in seen(p)))),
        summary=f"The buyer wrote on {site_day(first.at, order)} {wrote}."
        + "".join(f" The {parcel_name(p)} was last scanned {last_seen(p)}." for p in parcels if p.last_scan_at),
        advice="Answer with the facts: a friendly answer within a business day often prevents a request.",
    )
