"""Where a parcel is, as far as its scans tell: whose clock its day follows, and whether it is still abroad."""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo

from agent.orders.order import Order, Shipment
from agent.risks.parcels import is_abroad
from agent.vocabulary.carriers import carrier as find_carrier
from agent.vocabulary.carriers import carriers
from agent.vocabulary.marketplaces import marketplace, marketplaces
from agent.vocabulary.status import Reason, TrackingStatus

_CUSTOMS = frozenset({Reason.CUSTOMS, Reason.CUSTOMS_HELD, Reason.CUSTOMS_FEE_DUE, Reason.CUSTOMS_DOCUMENTS})
_AT_THE_DOOR = frozenset(
    {TrackingStatus.OUT_FOR_DELIVERY, TrackingStatus.DELIVERY_ATTEMPTED, TrackingStatus.AVAILABLE_FOR_PICKUP}
)


def zone_of(order: Order, parcel: Shipment) -> ZoneInfo:
    """The clock of the country of its last scan, else of the carrier that has it, else of the sale.

    What comes back is awaited at the seller's door.
    """
    if parcel.status is TrackingStatus.RETURNING:
        return marketplace(order.site).zone
    country = _last_country(parcel)
    found = zone_of_country(country) if country else None
    if found is not None:
        return found
    owner = find_carrier(carrier_of(parcel) or "")
    return owner.zone if owner else marketplace(order.site).zone


@cache
def zone_of_country(country: str) -> ZoneInfo | None:
    """A country's clock, as an eBay site or a carrier there has it; of one with several, one of them."""
    for site in marketplaces().values():
        if site.country == country:
            return site.zone
    return next((one.zone for one in carriers().values() if one.country == country), None)


def carrier_of(parcel: Shipment) -> str | None:
    """Who has it: the last leg's carrier that is known."""
    return next((leg.carrier for leg in reversed(parcel.legs) if leg.carrier), parcel.carrier)


def is_between_countries(order: Order, parcel: Shipment) -> bool:
    """Whether a parcel that crosses a border was scanned somewhere, and not yet in the buyer's country."""
    if not is_abroad(order, parcel) or parcel.status in _AT_THE_DOOR or at_customs(parcel):
        return False
    seen_in = _countries(parcel)
    return bool(seen_in) and _destination(order) not in seen_in


def has_arrived_from_abroad(order: Order, parcel: Shipment) -> bool:
    """Whether a parcel that crosses a border was scanned in the buyer's country."""
    return is_abroad(order, parcel) and _destination(order) in _countries(parcel)


def at_customs(parcel: Shipment) -> bool:
    """Whether the last that was said of it is that customs has it."""
    return parcel.reason in _CUSTOMS


def _destination(order: Order) -> str | None:
    return iso(order.ship_to.country if order.ship_to else None)


def _countries(parcel: Shipment) -> set[str]:
    found = (iso(scan.location.country) for scan in parcel.scans if scan.location)
    return {country for country in found if country}


def _last_country(parcel: Shipment) -> str | None:
    found = (iso(scan.location.country) for scan in parcel.scans if scan.location)
    return next((country for country in found if country), None)


def iso(country: str | None) -> str | None:
    """A country's two letters, or None."""
    code = (country or "").strip().upper()
    return {"UK": "GB"}.get(code, code) if len(code) == 2 else None
