"""Orders that should leave, or should have left.

Two facts tell that one has not: eBay reminds, or the carrier's page was read lately and has not seen the parcel. A
passed date alone tells little: many parcels leave without a label that we hear of. So it is asked for a few days
whether the order left, and no longer: eBay reminds of those that it does not know as shipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from agent.orders.order import Order, Shipment
from agent.risks.business_hours import business_hours_before
from agent.risks.catalogue import risk
from agent.risks.clock import Clock
from agent.risks.deadlines import combine, is_plausible
from agent.risks.parcels import live_parcels, was_read_recently
from agent.risks.risk import Deadline, Risk
from agent.risks.sentences import distinct, parcel_name, seen, site_day, sources
from agent.risks.standing import is_settled
from agent.risks.timers import Timers
from agent.risks.transit import awaits_first_scan, scan_due
from agent.vocabulary.marketplaces import marketplace
from agent.vocabulary.values import end_of

_NEAR = "Ship it in time, and add the tracking number in eBay."
_ASK = "If it has left, add the tracking number in eBay. If not, ship it today and tell the buyer."
_ASKED_FOR = timedelta(days=3)
"""How long after a date that passed in silence it is worth asking whether the order left."""
_LATE = "Ship today, add the tracking number in eBay, and tell the buyer."


@risk
def unshipped(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """Paid, not handed over, and the ship-by date is some business hours away (near), or over (late).

    An order of which no parcel is known is called near while the date is ahead, and late if eBay reminded; without a
    reminder it is asked for a few days whether it left.
    """
    if is_settled(order) or (order.cancellation is not None and order.cancellation.state == "requested"):
        return  # while the buyer asks to cancel, nobody is told to ship
    if order.shipments:
        yield from _labelled(order, clock, timers)
    elif order.reminded_at is not None:
        yield from _reminded(order, order.reminded_at, clock, timers)
    else:
        yield from _to_be_shipped(order, clock, timers)


def _reminded(order: Order, reminded: datetime, clock: Clock, timers: Timers) -> Iterator[Risk]:
    due = _due(order)
    if clock.passed(max(reminded, due or reminded) + timers.reminder_lapses):
        return
    late = due is not None and clock.passed(due)
    yield Risk(
        id="late_ship" if late else "handling_time_risk",
        severity="P2",
        since=max(reminded, due) if late and due else reminded,
        episode=_episode(order, reminded),
        deadline=_deadline(order, timers),
        because=distinct((*sources(order, "reminded_at"), *sources(order, "ship_by"))),
        summary=_reminder(order, reminded, late),
        advice=_LATE if late else _NEAR,
    )


def _to_be_shipped(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    due = _due(order)
    if due is None or order.paid_at is None:
        return
    since = max(business_hours_before(due, timers.hand_over_business_hours, order.site), order.paid_at)
    if not clock.passed(since) or clock.passed(due + _ASKED_FOR):
        return
    late = clock.passed(due)
    leave = "should have left" if late else "is to leave"
    yield Risk(
        id="late_ship" if late else "handling_time_risk",
        severity="P3" if late else "P2",
        since=since,  # of the warning too: who said before the date that it is handled is not asked again
        episode=_episode(order, since),
        deadline=_deadline(order, timers),
        because=distinct(sources(order, "ship_by", "paid_at")),
        summary=f"It {leave} by {site_day(due, order)}, and no label or tracking number is known.",
        advice=_ASK if late else _NEAR,
    )


def _labelled(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """A label whose page has no scan: near, then late, until `no_first_scan` says the same with more weight."""
    due = _due(order)
    if due is None:
        return
    for parcel in live_parcels(order):
        missing = scan_due(order, parcel, timers)
        since = business_hours_before(due, timers.hand_over_business_hours, order.site)
        since = max(since, parcel.known_since) if parcel.known_since else since
        if not awaits_first_scan(parcel) or missing is None or not clock.passed(since) or clock.passed(missing):
            continue
        if not was_read_recently(parcel, clock, timers):
            continue
        late = clock.passed(due)
        yield Risk(
            id="late_ship" if late else "handling_time_risk",
            severity="P2",
            since=max(due, since) if late else since,
            episode=f"{parcel.tracking_number}:{_episode(order, due)}",
            deadline=_deadline(order, timers),
            because=distinct((*seen(parcel), *sources(order, "ship_by"))),
            summary=_unscanned(order, parcel, due, late),
            advice="Hand it over today; if it has left already, keep the drop-off receipt."
            if late
            else "Hand it over in time; if it has left already, keep the drop-off receipt.",
            tracking_number=parcel.tracking_number,
        )


def _due(order: Order) -> datetime | None:
    if order.ship_by is None or not is_plausible(order.ship_by):
        return None
    return end_of(order.ship_by, marketplace(order.site).zone)


def _deadline(order: Order, timers: Timers) -> Deadline:
    """The printed date alone."""
    if _due(order) is None:
        return Deadline()
    return combine(None, None, order.ship_by, marketplace(order.site), timers.margin)


def _episode(order: Order, since: datetime) -> str:
    return f"ship_by:{(order.ship_by or since.date()).isoformat()}"


def _unscanned(order: Order, parcel: Shipment, due: datetime, late: bool) -> str:
    day = site_day(due, order)
    return f"No scan of the {parcel_name(parcel)} yet; it {'should have left' if late else 'is to leave'} by {day}."


def _reminder(order: Order, reminded: datetime, late: bool) -> str:
    wrote = f"eBay wrote on {site_day(reminded, order)} that the order waits to be shipped"
    if order.ship_by is None or not is_plausible(order.ship_by):
        return f"{wrote}."
    day = site_day(order.ship_by, order)
    return f"{wrote}; it should have left by {day}." if late else f"{wrote}, by {day}."
