"""Feedback below positive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from agent.orders.order import Order
from agent.risks.catalogue import risk
from agent.risks.clock import Clock
from agent.risks.risk import Risk
from agent.risks.sentences import day, distinct, parcel_name, seen, site_day
from agent.risks.timers import Timers
from agent.vocabulary.marketplaces import marketplace
from agent.vocabulary.values import end_of


@risk
def negative_feedback(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """A negative or neutral rating. eBay removes some: scanned in time, or a case decided for the seller."""
    for left in order.feedback:
        if left.rating not in ("negative", "neutral") or clock.passed(left.at + timers.hold_lapses):
            continue
        ground = _ground(order)
        why = f" {ground}" if ground else ""
        yield Risk(
            id="negative_feedback",
            severity="P3",
            since=left.at,
            episode=left.source or left.at.isoformat(),
            because=distinct((left.source, *(source for parcel in order.shipments for source in seen(parcel)))),
            summary=f"The buyer left {left.rating} feedback on {site_day(left.at, order)}.{why}",
            advice="Ask eBay to remove it on this ground, and answer it in one friendly sentence."
            if ground
            else "Answer it in one friendly sentence. Offer nothing for a change of it.",
        )


def _ground(order: Order) -> str | None:
    """A reason for which eBay removes feedback about lateness (its seller protection policy), if one shows."""
    if any(case.outcome == "seller" for case in order.cases):
        return "A case about this order was closed for you."
    limit = _last_day_to_ship(order)
    for parcel in order.shipments:
        if limit is not None and parcel.first_scan_at is not None and parcel.first_scan_at <= limit:
            return f"The {parcel_name(parcel)} was scanned in time, on {day(parcel.first_scan_at)}."
    return None


def _last_day_to_ship(order: Order) -> datetime | None:
    return end_of(order.ship_by, marketplace(order.site).zone) if order.ship_by is not None else None
