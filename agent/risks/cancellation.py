"""The buyer wants to cancel. Only the seller decides it, and a shipped order cannot be cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent.orders.order import Order, Shipment
from agent.risks.catalogue import risk
from agent.risks.clock import Clock
from agent.risks.deadlines import business_deadline, calendar_deadline
from agent.risks.message import answered_at, complaints, to_answer
from agent.risks.parcels import is_scanned, was_read_recently
from agent.risks.risk import Deadline, Risk, Severity
from agent.risks.sentences import day, distinct, drift, parcel_name, seen, site_day, site_moment
from agent.risks.standing import began_before_dispute
from agent.risks.timers import Timers
from agent.rules import figure
from agent.vocabulary.marketplaces import marketplace
from agent.vocabulary.status import TrackingStatus
from agent.vocabulary.values import end_of

RACE_MARGIN = timedelta(hours=12)
"""What stopping a parcel keeps clear of the time to answer (a product default)."""


@risk
def cancel_before_ship(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """A cancellation is asked for and no carrier has the parcel, as far as is known.

    This one stands without a recent look, for the request wants its answer anyway; the sentence says how sure it is.
    """
    request = _waiting(order, clock, timers)
    if request is None or any(is_scanned(parcel) for parcel in order.shipments):
        return
    label = order.shipments[-1] if order.shipments else None
    if label is None:
        seen_sold = order.sold_at is not None or order.paid_at is not None
        state = "nothing was shipped" if seen_sold else "no parcel is known here"
        advice = "Do not ship; approve the cancellation in eBay."
        if request.written:
            advice = "Do not ship yet. Cancel the order in eBay if you agree, or tell the buyer why not."
        if not seen_sold:  # sold before we watched: it may be on its way
            advice = "If it is not shipped, approve the cancellation in eBay; if it is, decline."
    else:
        unseen = "" if was_read_recently(label, clock, timers) else ", though its page was not read lately"
        state = f"the {parcel_name(label)} has a label but no scan{unseen}"
        advice = "Stop the parcel before it is handed over, then approve in eBay; if it has left, decline instead."
    yield Risk(
        id="cancel_before_ship",
        severity=request.severity,
        since=request.since,
        episode=request.episode,
        deadline=request.deadline,
        because=distinct((*request.origins, *(seen(label) if label else ()))),
        summary=f"The buyer {request.asked} on {site_day(request.since, order)}, and {state}."
        f"{drift(request.deadline, order)}",
        advice=advice,
        tracking_number=label.tracking_number if label else None,
    )


@risk
def cancel_race(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """A cancellation is asked for, a label exists and nobody has scanned it: the parcel may leave at any hour.

    So there is less time than for the answer alone, by a margin of half a day.
    """
    request = _waiting(order, clock, timers, RACE_MARGIN)
    if request is None or not order.shipments or any(is_scanned(parcel) for parcel in order.shipments):
        return
    label = order.shipments[-1]
    yield Risk(
        id="cancel_race",
        severity=request.severity,
        since=request.since,
        episode=request.episode,
        deadline=request.deadline,
        because=distinct((*request.origins, *seen(label))),
        summary=f"The buyer {request.asked} on {site_moment(request.since, order)}. {race_clock(label, order)}",
        advice=f"Take the {parcel_name(label)} out of the hand-over now. Once you hold it, approve in eBay.",
        tracking_number=label.tracking_number,
    )


@risk
def cancel_after_ship(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """A cancellation is asked for and the carrier has the parcel, scanned before the request or since."""
    request = _waiting(order, clock, timers)
    parcel = next((parcel for parcel in reversed(order.shipments) if is_scanned(parcel)), None)
    if request is None or parcel is None:
        return
    raced = parcel.first_scan_at is not None and parcel.first_scan_at > request.since
    yield Risk(
        id="cancel_after_ship",
        severity=request.severity,
        since=request.since,
        episode=request.episode,
        deadline=request.deadline,
        because=distinct((*request.origins, *seen(parcel))),
        summary=f"The buyer {request.asked} on {site_day(request.since, order)}; the {parcel_name(parcel)} "
        f"{_shipped(parcel)}{', after the request' if raced else ''}.{drift(request.deadline, order)}",
        advice=_answer(parcel),
        tracking_number=parcel.tracking_number,
    )


@risk
def cancel_expired(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """The time to answer a cancellation is over, and no mail told how it ended.

    What silence does is not known (no page of eBay's says it): the seller looks, and writes to the buyer.
    """
    request = _request(order, clock, timers)
    if request is None or not clock.passed(request.ends):
        return
    parcel = next((parcel for parcel in reversed(order.shipments) if is_scanned(parcel)), None)
    state = f"The {parcel_name(parcel)} {_shipped(parcel)}." if parcel else "No scan of a parcel is known."
    yield Risk(
        id="cancel_expired",
        severity="P2",
        since=request.ends,
        episode=request.episode,
        deadline=Deadline(),
        because=distinct((*request.origins, *(seen(parcel) if parcel else ()))),
        summary=f"The buyer {request.asked} on {site_day(request.since, order)}. The time to answer ended on "
        f"{site_day(request.ends, order)}, and no answer is known. {state}",
        advice="Look in eBay whether the request is still open, answer it there, and write to the buyer.",
        tracking_number=parcel.tracking_number if parcel else None,
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


def race_clock(label: Shipment, order: Order) -> str:
    """`Label printed 5 March 14:05, no scan at the last look 5 March 16:10.`: how the race stands."""
    printed = f"Label printed {site_moment(label.known_since, order)}, " if label.known_since else "A label exists, "
    look = label.last_good_look_at
    return f"{printed}no scan at the last look {site_moment(look, order)}." if look else f"{printed}not looked at yet."


@dataclass(frozen=True, kw_only=True)
class _Request:
    """A cancellation that no mail says was answered."""

    since: datetime
    episode: str
    deadline: Deadline
    ends: datetime
    origins: tuple[str, ...]
    written: bool = False
    """In a message only; eBay has no request."""

    @property
    def severity(self) -> Severity:
        """A message is the buyer's wish, not yet a request with a date."""
        return "P2" if self.written else "P1"

    @property
    def asked(self) -> str:
        return "wrote to cancel" if self.written else "asked to cancel"


def _request(order: Order, clock: Clock, timers: Timers, margin: timedelta | None = None) -> _Request | None:
    """The request that still waits; after the time in which a seller can cancel at all, none does.

    Calendar days: the sources, secondary ones, do not say which, and these are the shorter.
    """
    asked = order.cancellation
    if asked is None:
        return _written(order, clock, timers, margin)
    if asked.state != "requested" or order.refunded_at is not None:
        return None
    since = asked.requested_at or order.sold_at
    lapses = timedelta(days=figure(order.site, "seller_cancel_days").value)
    if since is None or clock.passed(since + lapses) or began_before_dispute(since, order):
        return None
    days = figure(order.site, "cancel_answer_days").value
    deadline = calendar_deadline(since, days, order.site, asked.respond_by, margin or timers.margin)
    counted = deadline.conservative or since
    printed = end_of(deadline.printed, marketplace(order.site).zone) if deadline.printed is not None else counted
    return _Request(
        since=since,
        episode=asked.request_id or f"cancellation:{since.date().isoformat()}",
        deadline=deadline,
        ends=max(counted, printed),
        origins=asked.origins,
    )


def _written(order: Order, clock: Clock, timers: Timers, margin: timedelta | None) -> _Request | None:
    """A wish to cancel in a message that nobody answered; a parcel delivered by then is returned, not cancelled.

    After eBay's hour for cancelling by oneself, buyers write.
    """
    answered = answered_at(order)
    delivered = min((p.delivered_at for p in order.shipments if p.delivered_at is not None), default=None)
    wishes = [
        message
        for message in complaints(order, clock, timers, ("cancel",))
        if (answered is None or message.at > answered) and (delivered is None or message.at < delivered)
    ]
    if not wishes or order.refunded_at is not None:
        return None
    first = to_answer(wishes, order, "cancel_before_ship")
    days = timers.message_business_days
    return _Request(
        since=first.at,
        episode=first.source or first.at.isoformat(),
        deadline=business_deadline(first.at, days, order.site, margin=margin or timers.margin),
        ends=first.at + timers.message_lapses,
        origins=tuple(message.source for message in wishes),
        written=True,
    )


def _waiting(order: Order, clock: Clock, timers: Timers, margin: timedelta | None = None) -> _Request | None:
    """The request, while there is time to answer it."""
    request = _request(order, clock, timers, margin)
    return None if request is None or clock.passed(request.ends) else request


def _answer(parcel: Shipment) -> str:
    """What to answer, after the way that the parcel has gone."""
    decline = "Decline in eBay with ship date and tracking number"
    if parcel.status is TrackingStatus.RETURNED:
        return "Check the goods, then approve in eBay, which refunds the order."
    if parcel.status is TrackingStatus.RETURNING:
        return f"{decline}, and refund in eBay when you have it back."
    if parcel.status is TrackingStatus.DELIVERED:
        return f"{decline}, and tell the buyer how to return it."
    return f"{decline}, and tell the buyer how to refuse or return it."


def _shipped(parcel: Shipment) -> str:
    if parcel.status is TrackingStatus.RETURNED:
        return "is back with you"
    if parcel.status is TrackingStatus.RETURNING:
        return "is on its way back to you"
    if parcel.delivered_at is not None:
        return f"was delivered on {day(parcel.delivered_at)}"
    if parcel.first_scan_at is not None:
        return f"was handed over on {day(parcel.first_scan_at)}"
    return "is with the carrier"
