"""When a carrier's search or claim opens and closes, and when its answer is overdue.

That one may ask is news and no danger: what is wrong with the parcel leads, and an opening presses nobody. A claim that
is about to close does.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from agent.enquiries.window import ClaimWindow, claim_window
from agent.orders.order import Order, Shipment, Trace
from agent.risks.catalogue import risk
from agent.risks.clock import Clock
from agent.risks.deadlines import combine, is_plausible
from agent.risks.parcels import is_abroad, was_read_recently
from agent.risks.risk import Risk
from agent.risks.sentences import carrier_name, day, distinct, parcel_name, seen, sources
from agent.risks.standing import is_settled
from agent.risks.timers import Timers, patience
from agent.vocabulary.marketplaces import marketplace
from agent.vocabulary.status import Reason, TrackingStatus
from agent.vocabulary.values import end_of

_OPENED = timedelta(days=1)
"""How long an opening is told: for the day on which it opens."""
_CLOSING = timedelta(days=7)
"""How long before its end a claim is called urgent."""
_OF_CARRIER = (Reason.LOST, Reason.DAMAGED)


@risk
def carrier_claim_window(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """A search or claim opens today, a claim closes within a week, or the carrier owes an answer."""
    for parcel in order.shipments:
        trace = next((one for one in reversed(order.traces) if one.tracking_number in parcel.numbers), None)
        if trace is not None and trace.answered_at is None and trace.answer_by is not None:
            yield from _overdue(order, parcel, trace, trace.answer_by, clock, timers)
        window = _window(order, parcel, clock)
        if window is None or not _is_claimable(order, parcel, clock, timers):
            continue
        if trace is None:
            yield from _opening(order, parcel, window, clock, timers)
        yield from _closing(order, parcel, window, trace, clock, timers)


def _window(order: Order, parcel: Shipment, clock: Clock) -> ClaimWindow | None:
    if parcel.first_scan_at is None or not clock.passed(parcel.first_scan_at):
        return None
    return claim_window(order, parcel, parcel.first_scan_at)


def _is_claimable(order: Order, parcel: Shipment, clock: Clock, timers: Timers) -> bool:
    """Whether the carrier may owe something: it says so, or the parcel is late, or the buyer denies its delivery.

    A refund to the buyer ends nothing here: it is what the claim is to bring back.
    """
    if parcel.reason in _OF_CARRIER:
        return True
    if parcel.status in (TrackingStatus.RETURNED, TrackingStatus.RETURNING):
        return False
    if parcel.status is TrackingStatus.DELIVERED:
        return any(case.kind == "inr" and (case.state != "closed" or case.outcome == "buyer") for case in order.cases)
    late = _late_from(order, parcel, timers)
    known = is_settled(order) or was_read_recently(parcel, clock, timers)
    return late is not None and clock.passed(late) and known


def _late_from(order: Order, parcel: Shipment, timers: Timers) -> datetime | None:
    """When eBay's date and the carrier's are both over; without any, when the seller's own patience is."""
    zone = marketplace(order.site).zone
    windows = (order.estimated_delivery, parcel.estimated_delivery)
    dates = [end_of(window.max, zone) for window in windows if window is not None and is_plausible(window.max)]
    if dates:
        return max(dates)
    watch = timers.stalled_watch_abroad if is_abroad(order, parcel) else timers.stalled_watch
    return patience(parcel.last_scan_at, watch, timers) if parcel.last_scan_at is not None else None


def _opening(order: Order, parcel: Shipment, window: ClaimWindow, clock: Clock, timers: Timers) -> Iterator[Risk]:
    opens = ((window.trace_from, "takes a search"), (window.claim_open, "takes a claim"))
    missing = parcel.status is not TrackingStatus.DELIVERED and parcel.reason not in _OF_CARRIER
    late = _late_from(order, parcel, timers) if missing else None
    told = dict[datetime, str]()
    for opened, what in opens:
        if opened is not None:
            at = max(opened, late) if late else opened  # some carriers search for what is hardly late
            told[at] = f"{told[at]} and a claim" if at in told else what
    for at, what in told.items():
        if not clock.passed(at) or clock.passed(at + _OPENED):
            continue
        close = window.claim_close
        year = f" {close.year}" if close and close.year != at.year else ""  # some windows are open for a year
        until = f", a claim until {day(close)}{year}" if close else ""
        yield Risk(
            id="carrier_claim_window",
            severity="P3",
            since=at,
            episode=f"{parcel.tracking_number}:opens:{at.date().isoformat()}",
            deadline=combine(close, close, None, marketplace(order.site), timers.margin),
            because=distinct((*seen(parcel), *sources(order, "estimated_delivery"))),
            summary=f"{carrier_name(parcel)} now {what} for the {parcel_name(parcel)}{until}.{_doubt(window)}",
            advice="Ask the carrier with the text of `orderwatch enquiry`, and note the reference.",
            tracking_number=parcel.tracking_number,
        )


def _closing(
    order: Order, parcel: Shipment, window: ClaimWindow, trace: Trace | None, clock: Clock, timers: Timers
) -> Iterator[Risk]:
    closes = window.claim_close
    if closes is None or not clock.passed(closes - _CLOSING) or clock.passed(closes):
        return
    asked = f" You asked on {day(trace.opened_at)}." if trace else ""
    yield Risk(
        id="carrier_claim_window",
        severity="P2",
        since=closes - _CLOSING,
        episode=f"{parcel.tracking_number}:closes:{closes.date().isoformat()}",
        deadline=combine(closes, closes, None, marketplace(order.site), timers.margin),
        because=distinct((*seen(parcel), *(sources(order, "estimated_delivery")))),
        summary=f"{carrier_name(parcel)} takes a claim for the {parcel_name(parcel)} until {day(closes)} only."
        f"{asked}{_doubt(window)}",
        advice="File the claim with the carrier: receipt of posting, proof of value, and the tracking history.",
        tracking_number=parcel.tracking_number,
    )


def _overdue(
    order: Order, parcel: Shipment, trace: Trace, answer_by: datetime, clock: Clock, timers: Timers
) -> Iterator[Risk]:
    if not clock.passed(answer_by):
        return
    named = f" under {trace.reference}" if trace.reference else ""
    yield Risk(
        id="carrier_claim_window",
        severity="P3",
        since=answer_by,
        episode=f"{parcel.tracking_number}:answer:{trace.opened_at.isoformat()}",
        deadline=combine(answer_by + _OPENED, None, None, marketplace(order.site), timers.margin),
        because=distinct((trace.source,)),
        summary=f"{carrier_name(parcel)} usually answers by {day(answer_by)}; "
        f"you asked on {day(trace.opened_at)}{named}.",
        advice="Ask the carrier again, and note what it answers.",
        tracking_number=parcel.tracking_number,
    )


def _doubt(window: ClaimWindow) -> str:
    return " The carrier's dates come from secondary pages: check them." if window.confidence == "low" else ""
