"""Swiss Post: the events that its page fetches in a session; its codes have a service, a star and two figures.

Source: CARRIERS, row swiss-post.
"""

from __future__ import annotations

from urllib.parse import quote

from scrapers.carriers import Visit, carrier
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

LAYOUT = Layout(
    carrier="swiss-post",
    parcel="events|globalStatus",
    number="shipmentNumber|mailpieceNumber|formattedShipmentNumber|trackingNumber|internationalShipmentNumber",
    rows="events|shipmentEvents",
    words="description|eventText|text|eventDescription|message",
    time="timestamp|dateTime|date",
    clock="time",
    day_first=True,
    place=("zip|postcode", "city|place|location"),
    postcode="zip|postcode",
    country="country",
    row_code=("eventCode|code",),
    headline="globalStatusText|statusText|globalStatus",
    expected=("calculatedDeliveryDate|deliveryRange.start", "calculatedDeliveryDate|deliveryRange.end"),
    absent={"errorCode|code|error": ("NOT_FOUND", "SHIPMENT_NOT_FOUND")},
    destination="recipient.country|destinationCountry|recipientCountry",
    to_city="recipient.city|recipient.place",
    to_postcode="recipient.zip|recipientZip",
    onward="internationalPartnerNumber|partnerShipmentNumber",
)


@carrier("swiss-post")
class SwissPost:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(
            url=f"https://service.post.ch/ekp-web/ui/entry/search/{quote(number, safe='')}",
            plain=False,
            data_paths=("/ekp-web/api/history/", "/ekp-web/api/shipment/"),
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return read(LAYOUT, document, number)
