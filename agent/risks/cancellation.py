"""The buyer wants to cancel. Only the seller decides it, and a shipped order cannot be cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from agent.orders.order import Cancellation, Order, Shipment
from agent.risks.catalogue import risk
from agent.risks.clock import Clock
from agent.risks.deadlines import calendar_deadline
from agent.risks.parcels import is_scanned, was_read_recently
from agent.risks.risk import Deadline, Risk
from agent.risks.sentences import day, distinct, drift, parcel_name, seen, site_day
from agent.risks.timers import Timers
from agent.vocabulary.marketplaces import figure
from agent.vocabulary.status import TrackingStatus


@risk
def cancel_before_ship(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """A cancellation is asked for and no carrier has the parcel, as far as is known.

    This one stands without a recent look, for the request wants its answer anyway; the sentence says how sure it is.
    """
    asked = order.cancellation
    asked_at = _waiting_since(order, clock)
    if asked is None or asked_at is None or any(is_scanned(parcel) for parcel in order.shipments):
        return
    deadline = _deadline(asked, asked_at, order, timers)
    label = order.shipments[-1] if order.shipments else None
    if label is None:
        seen_sold = order.sold_at is not None or order.paid_at is not None
        state = "nothing was shipped" if seen_sold else "no parcel is known here"
        advice = "Do not ship; approve the cancellation in eBay."
        if not seen_sold:  # sold before we watched: it may be on its way
            advice = "If it is not shipped, approve the cancellation in eBay; if it is, decline."
    else:
        unseen = "" if was_read_recently(label, clock, timers) else ", though its page was not read lately"
        state = f"the {parcel_name(label)} has a label but no scan{unseen}"
        advice = "Stop the parcel before it is handed over, then approve in eBay; if it has left, decline instead."
    yield Risk(
        id="cancel_before_ship",
        severity="P1",
        since=asked_at,
        episode=_episode(asked, asked_at),
        deadline=deadline,
        because=distinct((*asked.origins, *(seen(label) if label else ()))),
        summary=f"The buyer asked to cancel on {site_day(asked_at, order)}, and {state}.{drift(deadline, order)}",
        advice=advice,
        tracking_number=label.tracking_number if label else None,
    )


@risk
def cancel_after_ship(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """A cancellation is asked for and the carrier has the parcel, scanned before the request or since."""
    asked = order.cancellation
    asked_at = _waiting_since(order, clock)
    parcel = next((parcel for parcel in reversed(order.shipments) if is_scanned(parcel)), None)
    if asked is None or asked_at is None or parcel is None:
        return
    deadline = _deadline(asked, asked_at, order, timers)
    raced = parcel.first_scan_at is not None and parcel.first_scan_at > asked_at
    yield Risk(
        id="cancel_after_ship",
        severity="P1",
        since=asked_at,
        episode=_episode(asked, asked_at),
        deadline=deadline,
        because=distinct((*asked.origins, *seen(parcel))),
        summary=f"The buyer asked to cancel on {site_day(asked_at, order)}; the {parcel_name(parcel)} "
        f"{_shipped(parcel)}{', after the request' if raced else ''}.{drift(deadline, order)}",
        advice="Decline in eBay with ship date and tracking number, and tell the buyer how to refuse or return it.",
        tracking_number=parcel.tracking_number,
    )


@risk
def shipped_after_cancel(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """The order is cancelled, and then its parcel is scanned for the first time: the goods leave unpaid."""
    gone = order.cancellation
    if gone is None or gone.state != "cancelled" or gone.cancelled_at is None:
        return
    for parcel in order.shipments:
        if parcel.first_scan_at is None or parcel.first_scan_at <= gone.cancelled_at:
            continue
        if parcel.status in (TrackingStatus.RETURNING, TrackingStatus.RETURNED):
            continue
        yield Risk(
            id="shipped_after_cancel",
            severity="P1",
            since=parcel.first_scan_at,
            episode=parcel.tracking_number,
            deadline=Deadline(act_by=parcel.first_scan_at),
            because=distinct((*gone.origins, *seen(parcel))),
            summary=f"The order was cancelled on {site_day(gone.cancelled_at, order)}, yet the {parcel_name(parcel)} "
            f"was scanned on {day(parcel.first_scan_at)}.",
            advice="Ask the carrier at once to stop and return the parcel.",
            tracking_number=parcel.tracking_number,
        )


def _waiting_since(order: Order, clock: Clock) -> datetime | None:
    """When the request that still waits was made; after the time in which a seller can cancel at all, none waits."""
    asked = order.cancellation
    if asked is None or asked.state != "requested" or order.refunded_at is not None:
        return None
    start = asked.requested_at or order.sold_at
    days = timedelta(days=figure(order.site, "seller_cancel_days").value)
    return None if start is None or clock.passed(start + days) else start


def _episode(asked: Cancellation, asked_at: datetime) -> str:
    return asked.request_id or f"cancellation:{asked_at.date().isoformat()}"


def _deadline(asked: Cancellation, asked_at: datetime, order: Order, timers: Timers) -> Deadline:
    """Calendar days: the sources, secondary ones, do not say which, and these are the shorter."""
    days = figure(order.site, "cancel_answer_days").value
    return calendar_deadline(asked_at, days, order.site, asked.respond_by, timers.margin)


def _shipped(parcel: Shipment) -> str:
    if parcel.delivered_at is not None:
        return f"was delivered on {day(parcel.delivered_at)}"
    if parcel.first_scan_at is not None:
        return f"was handed over on {day(parcel.first_scan_at)}"
    return "is with the carrier"
