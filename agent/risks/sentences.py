"""Words for the facts that summaries and advice name.

Places and carriers' ids may be strangers' words: plain text here, escaped by whoever renders it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from babel.dates import format_date

from agent.orders.order import Leg, Order, Shipment
from agent.risks.deadlines import differs
from agent.risks.risk import Deadline
from agent.vocabulary.carriers import carrier
from agent.vocabulary.marketplaces import marketplace
from agent.vocabulary.values import Moment


def day(moment: Moment) -> str:
    """`16 November`, on the moment's own clock."""
    plain: date = moment.date() if isinstance(moment, datetime) else moment
    return format_date(plain, "d MMMM", locale="en")


def site_day(moment: Moment, order: Order) -> str:
    """`16 November`, on the clock of the order's eBay site."""
    aware = isinstance(moment, datetime) and moment.tzinfo is not None
    return day(moment.astimezone(marketplace(order.site).zone) if aware else moment)  # type: ignore[union-attr]


def site_moment(at: datetime, order: Order) -> str:
    """`16 November 14:05 GMT`, on the clock of the order's eBay site, which need not be the seller's."""
    local = at.astimezone(marketplace(order.site).zone)
    return f"{day(local)} {local:%H:%M %Z}"


def carrier_name(parcel: Shipment | Leg) -> str:
    """The carrier as people call it."""
    known = carrier(parcel.carrier) if parcel.carrier else None
    return known.name if known else parcel.carrier or "the carrier"


def parcel_name(parcel: Shipment) -> str:
    """`USPS parcel 9400…`: enough to find it, short enough to read; and the number that it goes on under."""
    owner = carrier_name(parcel)
    onward = f" (now {_leg_name(parcel.legs[-1])})" if parcel.legs else ""
    return f"{'parcel' if owner == 'the carrier' else f'{owner} parcel'} {parcel.tracking_number}{onward}"


def _leg_name(leg: Leg) -> str:
    owner = carrier_name(leg)
    return leg.tracking_number if owner == "the carrier" else f"{owner} {leg.tracking_number}"


def last_seen(parcel: Shipment) -> str:
    """Where and when the carrier last scanned it: `16 November in Memphis`."""
    if parcel.last_scan_at is None:
        return "never"
    place = next((str(scan.location) for scan in parcel.scans if scan.location and str(scan.location)), None)
    return f"{day(parcel.last_scan_at)} in {place}" if place else day(parcel.last_scan_at)


def drift(deadline: Deadline, order: Order) -> str:
    """A clause that shows where eBay printed another day than was counted, or nothing."""
    if deadline.printed is None or deadline.conservative is None or not differs(deadline, order.site):
        return ""
    counted = site_day(deadline.conservative, order)
    return f" eBay prints {site_day(deadline.printed, order)}, counting gives {counted}; the earlier counts."


def sources(order: Order, *facts: str) -> tuple[str, ...]:
    """Where the named facts of an order came from."""
    return tuple(source for name, source in order.origins if name in facts and source)


def seen(parcel: Shipment) -> tuple[str, ...]:
    """Where the newest word of a parcel and its newest scan came from."""
    return distinct((*parcel.origins[:1], *(scan.source for scan in parcel.scans[:1])))


def distinct(found: Iterable[str]) -> tuple[str, ...]:
    """Each source once, in order, empty ones left out."""
    return tuple(dict.fromkeys(source for source in found if source))
