"""Parcels whose page cannot be read: what we do not know is said, and nothing is concluded from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from agent.orders.order import Order, Shipment
from agent.risks.catalogue import risk
from agent.risks.clock import Clock
from agent.risks.parcels import live_parcels
from agent.risks.risk import Risk
from agent.risks.sentences import carrier_name, day, distinct, parcel_name, seen, site_day, sources
from agent.risks.standing import is_settled, open_cases
from agent.risks.timers import Timers
from agent.risks.transit import estimated, request_window
from agent.vocabulary.status import LookOutcome

_FAILED = {
    LookOutcome.BLOCKED: "the carrier refuses automatic looks",
    LookOutcome.LAYOUT_CHANGED: "its page could not be understood",
    LookOutcome.UNREACHABLE: "the carrier could not be reached",
}


@risk
def tracking_unavailable(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """Every look at a parcel has failed for a day; or nobody looked at one whose estimate has passed."""
    if is_settled(order):
        return
    for parcel in live_parcels(order):
        if parcel.failing_since is not None:
            yield from _failing(parcel, parcel.failing_since, clock, timers)
        else:
            yield from _never_read(order, parcel, clock, timers)


def _failing(parcel: Shipment, since: datetime, clock: Clock, timers: Timers) -> Iterator[Risk]:
    if not clock.passed(since + timers.looks_failing):
        return
    failed = _FAILED.get(parcel.last_look.outcome) if parcel.last_look else None
    yield Risk(
        id="tracking_unavailable",
        severity="P3",
        since=since + timers.looks_failing,
        episode=f"{parcel.tracking_number}:{since.isoformat()}",
        because=distinct(parcel.origins[:1]),
        summary=f"The {parcel_name(parcel)} could not be looked at since {day(since)}"
        f"{f': {failed}' if failed else ''}.",
        advice="Open the carrier's page yourself; until then its silence means nothing.",
        tracking_number=parcel.tracking_number,
    )


def _never_read(order: Order, parcel: Shipment, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """Only mails tell of the parcel: that none told of its delivery is no fact about it, but worth a look by hand."""
    estimate, read = estimated(order, parcel), parcel.last_good_look_at
    if estimate is None or open_cases(order, "inr"):
        return  # the request is to be answered, and its risk says how little is known
    since, until = request_window(estimate, order)
    if not clock.passed(since) or clock.passed(until):
        return
    if read is not None and not clock.passed(read + timers.looks_failing):
        return
    who = "eBay" if order.estimated_delivery is not None else carrier_name(parcel)
    looked = f"nobody has looked since {site_day(read, order)}" if read else "nobody has looked"
    yield Risk(
        id="tracking_unavailable",
        severity="P3",
        since=since,
        episode=f"{parcel.tracking_number}:unread:{estimate.isoformat()}",
        because=distinct((*sources(order, "estimated_delivery"), *seen(parcel))),
        summary=f"{who} expected the {parcel_name(parcel)} by {site_day(estimate, order)}, no mail tells that it "
        f"arrived, and {looked}.",
        advice="Open the carrier's page; if it is not delivered there, write to the buyer.",
        tracking_number=parcel.tracking_number,
    )
