"""DHL's Unified answer, which the pages of DHL Express and DHL eCommerce and the official API have in common.

Source: CARRIERS, row dhl-express. `status` of the answer's error is 404 for a number that nobody of DHL knows.
"""

from __future__ import annotations

from dataclasses import replace

from scrapers.carriers import Call, NotFound, Refused, Unreadable, Visit, carrier
from scrapers.look import Tracked
from scrapers.reading import dig
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

_UNIFIED = Layout(
    carrier="dhl",
    parcel="events|status.statusCode|status.timestamp",
    rows="events",
    number="id|details.pieceIds|trackingNumber",
    headline="status.description|status.status|status.remark",
    code="status.statusCode",
    words="description|status|remark",
    more="remark",
    time="timestamp|date",
    place=("location.address.addressLocality|location.address.city", "location.address.countryCode"),
    postcode="location.address.postalCode",
    country="location.address.countryCode",
    row_code=("statusCode",),
    expected=(
        "estimatedDeliveryTimeFrame.estimatedFrom|estimatedTimeOfDelivery",
        "estimatedDeliveryTimeFrame.estimatedThrough|estimatedTimeOfDelivery",
    ),
    to_city="destination.address.addressLocality",
    to_postcode="destination.address.postalCode",
    destination="destination.address.countryCode",
)
_REFUSALS = {"401": "refused", "403": "refused", "428": "challenge", "429": "rate limit"}
_SERVICES = {"express": "dhl-express", "parcel-de": "dhl-paket-de", "parcel-nl": "dhl-ecommerce-nl"}


@carrier("dhl")
class Dhl:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return visit(number)

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return unified(document, number, "dhl")


def visit(number: str, page: str = "https://www.dhl.com/global-en/home/tracking.html") -> Visit:
    """The page of every DHL service, and its data call."""
    return Visit(
        url=f"{page}?tracking-id={number}&submit=1",
        data=Call(url=f"https://www.dhl.com/utapi?trackingNumber={number}&language=en&requesterCountryCode=DE"),
        data_paths=("/utapi", "/track/shipments"),
    )


def unified(document: Document, number: str | None, name: str) -> tuple[Tracked, ...]:
    """The shipments of a Unified answer, each under the DHL service that it names."""
    for data in dig.sources(document):
        shipments = dig.rows(data, "shipments")
        if not shipments:
            if dig.text(data, "status") == "404" and dig.text(data, "title", "detail"):
                raise NotFound(f"404: {dig.text(data, 'title', 'detail')}")
            if dig.text(data, "status") in _REFUSALS and dig.text(data, "title", "detail"):
                raise Refused(f"{_REFUSALS[dig.text(data, 'status')]}: {dig.text(data, 'title', 'detail')}")
            continue
        services = [_SERVICES.get(dig.text(shipment, "service").lower(), name) for shipment in shipments]
        parcels = read(replace(_UNIFIED, carrier=name), document, number)
        return tuple(replace(p, carrier=s) for p, s in zip(parcels, services, strict=False))
    raise Unreadable("no shipments in the answer")
