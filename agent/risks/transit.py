"""Parcels that do not move, are late, or cannot be the order's.

A risk that rests on a missing scan needs a recent successful look at the parcel: "could not look" is never "nothing
happened". Where only mails tell of a parcel, its silence is no fact, and nothing is raised from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from agent.orders.order import Order, Shipment
from agent.risks.catalogue import risk
from agent.risks.clock import Clock
from agent.risks.deadlines import business_days_after, business_deadline, combine, is_plausible
from agent.risks.disruptions import excused
from agent.risks.parcels import is_abroad, is_ended, is_scanned, live_parcels, was_read_recently
from agent.risks.risk import Risk
from agent.risks.sentences import distinct, last_seen, parcel_name, seen, site_day, sources
from agent.risks.standing import is_settled
from agent.risks.timers import Timers, in_season, patience
from agent.rules import figure
from agent.verification.programmes import programme_of
from agent.vocabulary.marketplaces import marketplace
from agent.vocabulary.status import LookOutcome, TrackingStatus
from agent.vocabulary.values import Moment, end_of

_MOVING = frozenset(
    {
        TrackingStatus.IN_TRANSIT,
        TrackingStatus.OUT_FOR_DELIVERY,
        TrackingStatus.DELIVERY_ATTEMPTED,
        TrackingStatus.EXCEPTION,
        TrackingStatus.INFO_RECEIVED,
    }
)
"""States in which the next scan is the carrier's to make. Words that nobody understood are no standstill."""
_ONE_DAY = timedelta(days=1)


@risk
def no_first_scan(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """The carrier has the label, not the parcel, a business day (abroad: two) after it should have been handed over."""
    if is_settled(order):
        return
    for parcel in live_parcels(order):
        start, since = handed_over_by(order, parcel, timers), scan_due(order, parcel, timers)
        if start is None or since is None or not awaits_first_scan(parcel):
            continue
        if not clock.passed(since) or not was_read_recently(parcel, clock, timers):
            continue
        estimate = estimated(order, parcel)
        yield Risk(
            id="no_first_scan",
            severity="P2",
            since=since,
            episode=parcel.tracking_number,
            deadline=business_deadline(since, 2, order.site, estimate, timers.margin),
            because=distinct((*seen(parcel), *sources(order, "ship_by"))),
            summary=f"No scan of the {parcel_name(parcel)} yet; it should have been handed over by "
            f"{site_day(start, order)}.",
            advice="Hand it over today or look for the drop-off receipt, and tell the buyer if it will be late.",
            tracking_number=parcel.tracking_number,
        )


@risk
def stalled_in_transit(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """The parcel has not moved for days: watched first, then urgent; more patience abroad and in the peak season."""
    if is_settled(order):
        return
    for parcel in live_parcels(order):
        if parcel.first_scan_at is None or parcel.last_scan_at is None or parcel.status not in _MOVING:
            continue
        abroad = is_abroad(order, parcel)
        watch = timers.stalled_watch_abroad if abroad else timers.stalled_watch
        high = timers.stalled_high_abroad if abroad else timers.stalled_high
        since = _stalled_at(order, parcel, parcel.last_scan_at, watch, timers)
        if not clock.passed(since) or not was_read_recently(parcel, clock, timers):
            continue
        urgent_at = _stalled_at(order, parcel, parcel.last_scan_at, high, timers)
        yield Risk(
            id="stalled_in_transit",
            severity="P2" if clock.passed(urgent_at) else "P3",
            since=since,
            episode=f"{parcel.tracking_number}:{parcel.last_scan_at.isoformat()}",
            deadline=combine(urgent_at, urgent_at, None, marketplace(order.site), timers.margin),
            because=seen(parcel),
            summary=f"The {parcel_name(parcel)} has not moved since {last_seen(parcel)}.",
            advice="Ask the carrier to trace it, tell the buyer, and be ready to resend or refund.",
            tracking_number=parcel.tracking_number,
        )


@risk
def past_estimated_delivery(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """The last estimated day is over and nothing is delivered: the buyer may open a request from now on.

    eBay's estimate counts, else the carrier's. Without a parcel the passed date is enough; with one, its page must
    have been read lately. After the buyer's window for a request (30 days) the date means nothing more. Of the
    deadline the conservative date is the day after, the nominal one the end of the window.
    """
    if is_settled(order):
        return
    parcels: tuple[Shipment | None, ...] = live_parcels(order) or (() if order.shipments else (None,))
    for parcel in parcels:
        estimate = estimated(order, parcel)
        if estimate is None:
            continue
        since, window = request_window(estimate, order)
        if not clock.passed(since) or clock.passed(window):
            continue
        if parcel is not None and not was_read_recently(parcel, clock, timers):
            continue
        large = order.total is not None and order.total.value > timers.large_value
        state = _state(parcel) if parcel else "no parcel is known"
        yield Risk(
            id="past_estimated_delivery",
            severity="P2" if large else "P3",
            since=since,
            episode=f"{parcel.tracking_number if parcel else 'order'}:{estimate.isoformat()}",
            deadline=combine(since + _ONE_DAY, window, None, marketplace(order.site), timers.margin),
            because=distinct((*sources(order, "estimated_delivery"), *(seen(parcel) if parcel else ()))),
            summary=f"It should have arrived by {site_day(estimate, order)}, and {state}.",
            advice="Write to the buyer before the buyer writes to eBay."
            if parcel
            else "Make sure that it was shipped, add the tracking number in eBay, and write to the buyer.",
            tracking_number=parcel.tracking_number if parcel else None,
        )


def _state(parcel: Shipment) -> str:
    name = parcel_name(parcel)
    return f"the {name} was last scanned {last_seen(parcel)}" if parcel.last_scan_at else f"the {name} has no scan"


def _stalled_at(order: Order, parcel: Shipment, last_scan: datetime, span: timedelta, timers: Timers) -> datetime:
    """When silence has lasted `span`: slower in the peak season, and not at all while a disruption lasts."""
    return excused(last_scan, patience(last_scan, span, timers), order, parcel, timers)


def scan_due(order: Order, parcel: Shipment, timers: Timers) -> datetime | None:
    """When the missing first scan of a label is a fact: a business day (abroad two) after it should have left."""
    start, programme = handed_over_by(order, parcel, timers), programme_of(order)
    if start is None or (programme is not None and programme.low_visibility):
        return None  # what is seldom scanned is not missing
    days = timers.first_scan_business_days_abroad if is_abroad(order, parcel) else timers.first_scan_business_days
    return business_days_after(start, in_season(days, start, timers), order.site)


def awaits_first_scan(parcel: Shipment) -> bool:
    """Whether the carrier said that it has no more than the label, or that it knows no such number."""
    if is_scanned(parcel) or is_ended(parcel):
        return False
    if any(scan.status is TrackingStatus.UNKNOWN for scan in parcel.scans):
        return False  # a row that nobody understood may be the first scan
    if parcel.status is TrackingStatus.UNKNOWN:
        return parcel.last_look is not None and parcel.last_look.outcome is LookOutcome.NOT_FOUND
    return parcel.status is TrackingStatus.INFO_RECEIVED


def handed_over_by(order: Order, parcel: Shipment, timers: Timers) -> datetime | None:
    """When the carrier should have had it: eBay's ship-by date, or the label's day where that came later."""
    if order.ship_by is not None and is_plausible(order.ship_by):
        printed = end_of(order.ship_by, marketplace(order.site).zone)
        return max(printed, parcel.known_since) if parcel.known_since else printed
    start = parcel.known_since or order.paid_at or order.sold_at
    return business_days_after(start, timers.handling_business_days, order.site) if start else None


def request_window(estimate: Moment, order: Order) -> tuple[datetime, datetime]:
    """From when until when the buyer may report that nothing came, by the last day of the estimate."""
    where = marketplace(order.site)
    first = end_of(estimate, where.zone).astimezone(where.zone).replace(hour=23, minute=59, second=59)
    return first, first + timedelta(days=figure(order.site, "inr_window_days").value)


def estimated(order: Order, parcel: Shipment | None) -> Moment | None:
    """The last day of eBay's estimate, else of the carrier's."""
    window = order.estimated_delivery or (parcel.estimated_delivery if parcel else None)
    return window.max if window is not None and is_plausible(window.max) else None
