"""Days in which a carrier is late for everybody: silence then is no standstill, and eBay lifts late-delivery metrics.

eBay's seller protections: late shipments and requests caused by severe weather or a carrier's disruption do not count
where the tracking number was uploaded before the case and the carrier has scanned the parcel.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from agent.orders.order import Order, Shipment
from agent.orders.shipment import scanned_at
from agent.risks.catalogue import risk
from agent.risks.clock import Clock
from agent.risks.parcels import live_parcels
from agent.risks.risk import Risk
from agent.risks.sentences import carrier_name, day, distinct, parcel_name, seen
from agent.risks.standing import is_settled
from agent.risks.timers import Disruption, Timers
from agent.verification.words import country_code
from agent.vocabulary.carriers import related
from agent.vocabulary.marketplaces import marketplace
from agent.vocabulary.status import Reason
from agent.vocabulary.values import end_of, instant

_AFTERWARDS = timedelta(days=3)
"""What waits for the storm to end still moves late after it."""
_ADVICE = (
    "Keep the notice. If the parcel is late, eBay lifts the metrics where the number was uploaded before a case and "
    "the carrier has scanned it."
)


@risk
def carrier_disruption(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """A notice that the seller entered covers the parcel's way, or the carrier's newest scan blames the weather."""
    if is_settled(order):
        return
    for parcel in live_parcels(order):
        for one in matching(order, parcel, timers):
            first, last = _span(one, order)
            if clock.passed(first) and not clock.passed(last + _AFTERWARDS) and _is_under_way(parcel, last):
                who = carrier_name(parcel) if one.carrier else "Carriers"
                yield _disrupted(
                    parcel,
                    first,
                    f"{parcel.tracking_number}:{one.first.isoformat()}",
                    f"{who} may be late from {day(one.first)} to {day(one.last)}, "
                    f"by a notice that you entered{f': {one.url}' if one.url else ''}.",
                )
        newest = parcel.scans[0] if parcel.scans else None
        at = scanned_at(newest, parcel) if newest else None
        if newest is not None and at is not None and newest.reason is Reason.WEATHER:
            yield _disrupted(
                parcel,
                at,
                f"{parcel.tracking_number}:{at.isoformat()}",
                f"{carrier_name(parcel)} says that the weather delays the {parcel_name(parcel)} ({day(at)}).",
            )


def matching(order: Order, parcel: Shipment, timers: Timers) -> tuple[Disruption, ...]:
    """The notices that speak of the parcel's carriers and of the buyer's country, oldest first."""
    to = country_code(order.ship_to.country) if order.ship_to else None
    carriers = [carrier for carrier in parcel.carriers.values() if carrier]
    found = (
        one
        for one in timers.disruptions
        if (one.carrier is None or any(related(one.carrier, carrier) for carrier in carriers))
        and (not one.countries or to in {country_code(name) for name in one.countries})
    )
    return tuple(sorted(found, key=lambda one: (one.first, one.last)))


def excused(start: datetime, end: datetime, order: Order, parcel: Shipment, timers: Timers) -> datetime:
    """`end` moved on by the days between `start` and it that a notice covers."""
    for one in matching(order, parcel, timers):
        first, last = _span(one, order)
        if (begun := max(start, first)) < min(end, last):
            end += last - begun
            start = last
    return end


def _span(one: Disruption, order: Order) -> tuple[datetime, datetime]:
    zone = marketplace(order.site).zone
    return instant(one.first, zone), end_of(one.last, zone)


def _is_under_way(parcel: Shipment, last: datetime) -> bool:
    return parcel.known_since is None or parcel.known_since <= last


def _disrupted(parcel: Shipment, since: datetime, episode: str, summary: str) -> Risk:
    return Risk(
        id="carrier_disruption",
        severity="P3",
        since=since,
        episode=episode,
        because=distinct(seen(parcel)),
        summary=summary,
        advice=_ADVICE,
        tracking_number=parcel.tracking_number,
    )
