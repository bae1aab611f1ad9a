"""Money that does not come, or does not come free."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from agent.orders.order import Order
from agent.risks.catalogue import risk
from agent.risks.clock import Clock
from agent.risks.deadlines import calendar_deadline
from agent.risks.parcels import is_scanned
from agent.risks.risk import Risk
from agent.risks.sentences import site_day, sources
from agent.risks.standing import is_cancelled
from agent.risks.timers import Timers
from agent.rules import figure

_CAUSES = {"inr": "the item-not-received request", "return": "the return", "payment_dispute": "the payment dispute"}


@risk
def payment_hold(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """eBay holds the sale's money back. No mail of ours tells its release, so the line lapses."""
    held = order.held_at
    if held is None or is_cancelled(order) or order.refunded_at is not None:
        return
    if order.sold_at is None and order.paid_at is None and not order.cases:
        return  # sold before we watched: a mention of it asks nothing
    if clock.passed(held + timers.hold_lapses):
        return
    amount = f" ({order.held.value} {order.held.currency})" if order.held else ""
    cause = next((_CAUSES[case.kind] for case in reversed(order.cases) if case.state != "closed"), None)
    ended = [case for case in order.cases if case.closed_at is not None and case.closed_at >= held]
    if cause:
        why, advice = f" It will be because of {cause}.", "Settle that first; the money comes free with it."
    elif ended:
        why, advice = " The case it was held for is closed.", "Check in eBay that it is released."
    else:
        why, advice = "", "Look in eBay why; a tracking number on the order usually frees it sooner."
    yield Risk(
        id="payment_hold",
        severity="P3",
        since=held,
        episode=f"hold:{held.date().isoformat()}",
        because=sources(order, "held_at"),
        summary=f"eBay wrote on {site_day(held, order)} that it holds back money of this sale{amount}.{why}",
        advice=advice,
    )


@risk
def unpaid_item(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """eBay's mail said that the sale was not paid yet, and no later one said that it is.

    A reminder to ship, or a parcel on its way, means that it was paid after all.
    """
    sold = order.unpaid_since
    if sold is None or order.paid_at is not None or is_cancelled(order) or order.reminded_at is not None:
        return
    if order.refunded_at is not None or order.cases or any(is_scanned(parcel) for parcel in order.shipments):
        return
    since = sold + timedelta(days=figure(order.site, "unpaid_days").value)
    closes = calendar_deadline(sold, figure(order.site, "seller_cancel_days").value, order.site, margin=timers.margin)
    if not clock.passed(since) or closes.nominal is None or clock.passed(closes.nominal):
        return
    yield Risk(
        id="unpaid_item",
        severity="P4",
        since=since,
        episode=f"unpaid:{sold.date().isoformat()}",
        deadline=closes,
        because=sources(order, "unpaid_since"),
        summary=f"Sold on {site_day(sold, order)}, and no mail says that it was paid.",
        advice="Do not ship. If it is unpaid in eBay too, cancel it there as unpaid until "
        f"{site_day(closes.nominal, order)}.",
    )
