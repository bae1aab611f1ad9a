"""Several parcels of one order, of which some are missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from agent.orders.order import Order, Shipment
from agent.risks.catalogue import risk
from agent.risks.clock import Clock
from agent.risks.deadlines import combine, is_plausible
from agent.risks.parcels import is_superfluous, was_read_recently
from agent.risks.risk import Deadline, Risk
from agent.risks.sentences import distinct, last_seen, parcel_name, seen
from agent.risks.standing import is_settled
from agent.risks.timers import Timers, patience
from agent.vocabulary.marketplaces import marketplace
from agent.vocabulary.status import TrackingStatus
from agent.vocabulary.values import end_of


@risk
def partial_delivery(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """One parcel of several is delivered and another still is not, days later or past the last estimated day.

    How many pieces a parcel holds nobody knows, so one parcel of an order for many pieces is never called a part. The
    missing one's silence must have been read lately.
    """
    parcels = [parcel for parcel in order.shipments if not is_superfluous(parcel, order)]
    arrived = [parcel for parcel in parcels if parcel.status is TrackingStatus.DELIVERED and parcel.delivered_at]
    missing = [parcel for parcel in parcels if not parcel.ended]
    if is_settled(order) or not arrived or not missing:
        return
    first = min(parcel.delivered_at for parcel in arrived if parcel.delivered_at)
    due = _due(order, first, timers)
    if not clock.passed(due):
        return
    unseen = [parcel for parcel in missing if was_read_recently(parcel, clock, timers)]
    if not unseen:
        return
    window = order.estimated_delivery
    last = window.max if window is not None and is_plausible(window.max) else None
    yield Risk(
        id="partial_delivery",
        severity="P2",
        since=due,
        episode=f"{len(arrived)}:{','.join(parcel.tracking_number for parcel in missing)}",
        deadline=combine(None, None, last, marketplace(order.site), timers.margin) if last else Deadline(),
        because=distinct(source for parcel in (*unseen, *arrived) for source in seen(parcel)),
        summary=f"{len(arrived)} of {len(parcels)} parcels {'is' if len(arrived) == 1 else 'are'} delivered. "
        + " ".join(_missing(parcel) for parcel in unseen),
        advice="Ask the carrier to trace what is missing, and tell the buyer that it comes separately.",
        tracking_number=unseen[0].tracking_number,
    )


def _due(order: Order, first: datetime, timers: Timers) -> datetime:
    """Parcels of one order may come a few days apart; past the estimate they may not."""
    due = patience(first, timers.stalled_watch, timers)
    window = order.estimated_delivery
    if window is not None and is_plausible(window.max):
        due = min(due, max(first, end_of(window.max, marketplace(order.site).zone)))
    return due


def _missing(parcel: Shipment) -> str:
    return f"The {parcel_name(parcel)} is not (last scan {last_seen(parcel)})."
