"""PostNord: the items of its tracking answer, of page and official API (source: CARRIERS, row postnord).

An incomplete request looks like a missing shipment, so an empty list decides nothing.
"""

from __future__ import annotations

from scrapers.carriers import Inconclusive, Unreadable, Visit, carrier
from scrapers.look import Tracked
from scrapers.reading import dig
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

_ITEM = Layout(
    carrier="postnord",
    parcel="events.eventTime|events.eventDescription|events.eventCode",
    rows="events",
    number="itemId|shipmentId",
    headline="statusText.header|statusText.body",
    code="status",
    words="eventDescription|description",
    time="eventTime|date",
    place=("location.displayName|location.name|location.city", "location.country|location.countryCode"),
    postcode="location.postcode",
    country="location.countryCode",
    row_code=("status",),
    expected=("estimatedTimeOfArrival|deliveryDate", "estimatedTimeOfArrival|deliveryDate"),
    to_city="consignee.address.city",
    to_postcode="consignee.address.postCode",
    destination="consignee.address.countryCode",
    absent={
        "compositeFault.faults.faultCode|faults.faultCode": ("ERROR_NO_SHIPMENT_FOUND", "NO_SHIPMENT_FOUND"),
    },
)


@carrier("postnord")
class PostNord:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(
            url=f"https://tracking.postnord.com/en/tracking?id={number}",
            data_paths=("/findByIdentifier", "/trackandtrace/", "/api/tracking", "/shipment/"),
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        try:
            return read(_ITEM, document, number)
        except Unreadable:
            if dig.told(document, "TrackingInformationResponse") or dig.told(document, "shipments"):
                raise Inconclusive("an answer without shipments, as incomplete requests get it too") from None
            raise
