"""Would the proof of delivery win an item-not-received case? Each of eBay's requirements is a clause of its own.

The requirements: eBay's seller protection and signature confirmation pages (sellercentre.ebay.com.au 2020 summer
update; help page 5154). What is not known is `unclear`, never `yes`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from agent.orders.order import Order, Shipment
from agent.risks.deadlines import business_deadline, is_plausible
from agent.risks.parcels import is_superfluous
from agent.vocabulary.carriers import related
from agent.vocabulary.marketplaces import figure, marketplace
from agent.vocabulary.numbers import destination_zip
from agent.vocabulary.status import Reason, TrackingStatus
from agent.vocabulary.values import Address, Place, end_of

Verdict = Literal["yes", "no", "unclear"]


@dataclass(frozen=True, kw_only=True)
class Protection:
    """`yes` when every clause is, `no` when one is, else `unclear`."""

    verdict: Verdict
    clauses: Mapping[str, Verdict]


def pod_ok(order: Order, now: datetime) -> Protection:
    """Whether eBay would take the order's tracking as proof of delivery at `now` (aware); every parcel must pass."""
    parcels = [parcel for parcel in order.shipments if not is_superfluous(parcel, order)]

    def of_all(clause: Callable[[Order, Shipment], Verdict]) -> Verdict:
        return _worst([clause(order, parcel) for parcel in parcels]) if parcels else "no"

    clauses: dict[str, Verdict] = {
        "carrier_integrated": of_all(_carrier_integrated),
        "tracking_in_time": _tracking_in_time(order, parcels, now),
        "delivered": of_all(_delivered),
        "place": of_all(_place),
        "address": of_all(_address),
        "signature": _signature(order, parcels),
    }
    return Protection(verdict=_worst(list(clauses.values())), clauses=clauses)


def _worst(verdicts: list[Verdict]) -> Verdict:
    return "no" if "no" in verdicts else "unclear" if "unclear" in verdicts else "yes"


def _carrier_integrated(order: Order, parcel: Shipment) -> Verdict:
    known = marketplace(order.site).integrated_carriers if order.site else ()
    return "yes" if parcel.carrier and any(related(parcel.carrier, name) for name in known) else "unclear"


def _tracking_in_time(order: Order, parcels: list[Shipment], now: datetime) -> Verdict:
    """Before the last estimated day, and in time for the answer to a request. Our first news stands for the upload."""
    answer = int(figure(order.site, "inr_answer_business_days").value)
    limits = [
        deadline.nominal
        for case in order.cases
        if case.kind == "inr" and (deadline := business_deadline(case.opened_at, answer, order.site)).nominal
    ]
    if order.estimated_delivery and is_plausible(order.estimated_delivery.max):
        limits.append(end_of(order.estimated_delivery.max, marketplace(order.site).zone))
    limit = min(limits, default=None)
    if not parcels:
        return "no" if limit is not None and now > limit else "unclear"
    heard = [parcel.known_since for parcel in parcels]
    if limit is None or any(at is None for at in heard):
        return "unclear"
    return "yes" if all(at is not None and at <= limit for at in heard) else "no"


def _delivered(order: Order, parcel: Shipment) -> Verdict:
    if parcel.status is TrackingStatus.UNKNOWN:
        return "unclear"
    if parcel.status is not TrackingStatus.DELIVERED:
        return "no"
    return "yes" if parcel.delivered_at is not None else "unclear"


def _place(order: Order, parcel: Shipment) -> Verdict:
    """City or postcode of the delivery scan equals the order's address; a postcode that is only near is unclear."""
    scan = next((scan for scan in parcel.scans if scan.status is TrackingStatus.DELIVERED), None)
    if scan is None or scan.location is None or order.ship_to is None:
        return "unclear"
    return _same_place(scan.location, order.ship_to)


def _same_place(place: Place, address: Address) -> Verdict:
    code, wanted = _postcode(place.postcode, address.country), _postcode(address.postcode, address.country)
    town, city = _plain(place.city), _plain(address.city)
    if (code and code == wanted) or (town and town == city):
        return "yes"
    comparable = (code and wanted) or (town and city)
    near = code and wanted and code[:3] == wanted[:3]
    return "no" if comparable and not near else "unclear"


def _address(order: Order, parcel: Shipment) -> Verdict:
    """Shipped to the checkout address: told by the ZIP inside a USPS number, else by where it was delivered."""
    routed = destination_zip(parcel.tracking_number)
    wanted = order.ship_to.postcode if order.ship_to else None
    if routed is not None and wanted:
        return "yes" if routed[:5] == wanted.strip()[:5] else "no"
    if any(message.intent == "change_address" for message in order.messages):
        return "unclear"
    return "yes" if _place(order, parcel) == "yes" else "unclear"


def _signature(order: Order, parcels: list[Shipment]) -> Verdict:
    """Needed from a total on that each site sets, in the site's currency."""
    site = marketplace(order.site)
    threshold = site.figures.get("signature_threshold")
    signed = bool(parcels) and all(_is_signed(parcel) for parcel in parcels)
    if signed:
        return "yes"
    if order.site is None or order.total is None or threshold is None or order.total.currency != site.currency:
        return "unclear"
    return "yes" if order.total.value < threshold.value else "no"


def _is_signed(parcel: Shipment) -> bool:
    return Reason.SIGNED in {parcel.reason, *(scan.reason for scan in parcel.scans)}


def _plain(text: str | None) -> str:
    decomposed = unicodedata.normalize("NFKD", text or "").casefold()
    return "".join(c for c in decomposed if c.isalnum())


def _postcode(text: str | None, country: str | None) -> str:
    plain = _plain(text)
    return plain[:5] if (country or "").upper() == "US" else plain
