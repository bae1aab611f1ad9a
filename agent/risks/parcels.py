"""What is known of an order's parcels, and whether it is known well enough to speak of silence."""

from __future__ import annotations

import re

from agent.orders.order import Order, Shipment
from agent.risks.clock import Clock
from agent.risks.timers import Timers
from agent.verification.words import country_code
from agent.vocabulary.marketplaces import marketplaces
from agent.vocabulary.status import TrackingStatus

ENDED = frozenset({TrackingStatus.DELIVERED, TrackingStatus.RETURNED})
_S10 = re.compile(r"[A-Z]{2}\d{9}([A-Z]{2})")


def is_ended(parcel: Shipment) -> bool:
    """Delivered, or back at the sender: nothing more is expected of the carrier."""
    return parcel.status in ENDED


def is_scanned(parcel: Shipment) -> bool:
    """Whether the carrier ever had it in hand."""
    return parcel.first_scan_at is not None or is_ended(parcel)


def is_superfluous(parcel: Shipment, order: Order) -> bool:
    """A label that was never used: the order is for one piece, and that piece travels under another number."""
    pieces = sum(item.quantity for item in order.items)
    return not is_scanned(parcel) and pieces <= 1 and any(is_scanned(other) for other in order.shipments)


def live_parcels(order: Order) -> tuple[Shipment, ...]:
    """The parcels that something is still expected of."""
    return tuple(p for p in order.shipments if not is_ended(p) and not is_superfluous(p, order))


def delivered_parcel(order: Order) -> Shipment | None:
    """The last delivered parcel, once all of the order's parcels are delivered (unused labels left out); else None."""
    meant = [parcel for parcel in order.shipments if not is_superfluous(parcel, order)]
    if not meant or any(parcel.status is not TrackingStatus.DELIVERED for parcel in meant):
        return None
    return max(meant, key=lambda parcel: parcel.delivered_at.timestamp() if parcel.delivered_at else 0.0)


def was_read_recently(parcel: Shipment, clock: Clock, timers: Timers) -> bool:
    """Whether silence of this parcel is a fact: its page answered lately. A failed look says nothing."""
    good = parcel.last_good_look_at
    return good is not None and not clock.passed(good + timers.fresh_look)


def is_abroad(order: Order, parcel: Shipment) -> bool:
    """Whether the parcel crosses a border, as far as one can tell; an unknown country counts as domestic.

    A border is told by the site's country against the buyer's, or by the country of the issuing post in a UPU S10
    number. Domestic timers are the shorter ones: an unknown way is worth an early glance.
    """
    to = country_code(order.ship_to.country) if order.ship_to else None
    if to is None:
        return False
    site = marketplaces().get(order.site or "")
    issuing = issuing_country(parcel.tracking_number)
    return (site is not None and site.country != to) or (issuing is not None and issuing != to)


def issuing_country(number: str) -> str | None:
    """The country of the post that gave out a UPU S10 number, or None of any other."""
    found = _S10.fullmatch(number)
    return found[1] if found else None
