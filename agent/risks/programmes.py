"""Orders that go by one of eBay's shipping programmes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from agent.orders.order import Order
from agent.risks.catalogue import risk
from agent.risks.clock import Clock
from agent.risks.deadlines import combine, is_plausible
from agent.risks.parcels import is_scanned, live_parcels
from agent.risks.risk import Deadline, Risk
from agent.risks.sentences import distinct, parcel_name, seen, sources
from agent.risks.standing import is_settled, open_cases
from agent.risks.timers import Timers
from agent.verification.programmes import programme_of
from agent.vocabulary.marketplaces import marketplace
from agent.vocabulary.values import end_of


@risk
def programme_order(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """The seller's part ends at the programme's hub: what happens behind it is eBay's risk. Said while it matters."""
    programme, since = programme_of(order), _since(order)
    asked = bool(open_cases(order, "inr"))
    if programme is None or not programme.ends_at_hub or since is None or is_settled(order):
        return
    if not asked and order.shipments and not live_parcels(order):
        return
    yield Risk(
        id="programme_order",
        severity="P3",
        since=since,
        episode=programme.id,
        because=distinct((*sources(order, "ship_to"), *(source for p in order.shipments for source in seen(p)))),
        summary=f"This order goes by {programme.name}: once the parcel is at the hub, the risk is eBay's.",
        advice="Ask eBay to step in: programme order." if asked else "See that it reaches the hub; eBay does the rest.",
    )


@risk
def ese_low_visibility(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """A standard envelope without a scan: its tracking is made of machine reads, and some pieces get none."""
    programme = programme_of(order)
    if programme is None or not programme.low_visibility or is_settled(order):
        return
    window = order.estimated_delivery
    last = window.max if window is not None and is_plausible(window.max) else None
    for parcel in live_parcels(order):
        since = parcel.known_since
        if since is None or is_scanned(parcel):
            continue
        where = marketplace(order.site)
        late = last is not None and clock.passed(end_of(last, where.zone))
        yield Risk(
            id="ese_low_visibility",
            severity="P3",
            since=since,
            episode=parcel.tracking_number,
            deadline=combine(None, None, last, where, timers.margin) if last else Deadline(),
            because=seen(parcel),
            summary=f"The {parcel_name(parcel)} is a standard envelope of which no scan is known; that alone does "
            "not mean that it was lost.",
            advice="Refund or resend in eBay if the buyer asks, and claim it from the envelope's insurance."
            if late
            else "Wait: many envelopes are scanned late or never.",
            tracking_number=parcel.tracking_number,
        )


def _since(order: Order) -> datetime | None:
    known = [parcel.known_since for parcel in order.shipments if parcel.known_since is not None]
    return order.sold_at or order.paid_at or min(known, default=None)
