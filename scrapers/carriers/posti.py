"""Posti (Finland): the shipments behind its page, in English, Finnish or Swedish (source: CARRIERS, row 41)."""

from __future__ import annotations

from scrapers.carriers import Visit, carrier
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

_SHIPMENT = Layout(
    carrier="posti",
    parcel="events.timestamp|events.eventDate|events.description",
    rows="events",
    number="trackingCode|trackingNumber|displayId|shipmentNumber",
    headline="status.description.en|status.description.fi|status.description|statusText",
    code="phase|status.code|statusCode",
    words="description.en|description.fi|description.sv|eventDescription.en|eventDescription|description",
    time="timestamp|eventDate|date",
    clock="time",
    place=("city|locationName|location.city", "country|countryCode|location.countryCode"),
    postcode="locationCode|postcode|location.postcode",
    row_code=("eventCode|code",),
    expected=("estimatedDeliveryTime|estimatedDelivery.start", "estimatedDeliveryTime|estimatedDelivery.end"),
    to_city="destination.city|destinationCity",
    to_postcode="destination.postcode|destinationPostcode",
    destination="destination.country|destinationCountry",
)


@carrier("posti")
class Posti:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(
            url=f"https://www.posti.fi/en/tracking#/lahetys/{number}",
            data_paths=("/shipments", "/tracking", "/graphql"),
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return read(_SHIPMENT, document, number)
