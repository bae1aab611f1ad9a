"""eBay reminds that an order waits to be shipped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from agent.orders.order import Order
from agent.risks.catalogue import risk
from agent.risks.clock import Clock
from agent.risks.deadlines import combine, is_plausible
from agent.risks.risk import Deadline, Risk
from agent.risks.sentences import distinct, site_day, sources
from agent.risks.standing import is_settled
from agent.risks.timers import Timers
from agent.vocabulary.marketplaces import marketplace
from agent.vocabulary.values import end_of


@risk
def unshipped(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """eBay wrote that the order waits, and no parcel of it is known: near its ship-by date, then late.

    Without a reminder nothing is said: many parcels leave without a label that we hear of.
    """
    reminded = order.reminded_at
    if reminded is None or order.shipments or is_settled(order):
        return
    where = marketplace(order.site)
    due = end_of(order.ship_by, where.zone) if order.ship_by is not None and is_plausible(order.ship_by) else None
    if clock.passed(max(reminded, due or reminded) + timers.reminder_lapses):
        return
    late = due is not None and clock.passed(due)
    yield Risk(
        id="late_ship" if late else "handling_time_risk",
        severity="P2",
        since=max(reminded, due) if late and due else reminded,
        episode=_episode(order, reminded),
        deadline=combine(None, None, order.ship_by, where, timers.margin) if due else Deadline(),
        because=distinct((*sources(order, "reminded_at"), *sources(order, "ship_by"))),
        summary=_summary(order, reminded, late),
        advice="Ship today, add the tracking number in eBay, and tell the buyer."
        if late
        else "Ship it in time, and add the tracking number in eBay.",
    )


def _episode(order: Order, reminded: datetime) -> str:
    return f"ship_by:{(order.ship_by or reminded.date()).isoformat()}"


def _summary(order: Order, reminded: datetime, late: bool) -> str:
    wrote = f"eBay wrote on {site_day(reminded, order)} that the order waits to be shipped"
    if order.ship_by is None or not is_plausible(order.ship_by):
        return f"{wrote}."
    day = site_day(order.ship_by, order)
    return f"{wrote}; it should have left by {day}." if late else f"{wrote}, by {day}."
