"""InPost: the open tracking answer, whose statuses are codes that InPost documents (source: CARRIERS, row 41)."""

from __future__ import annotations

from scrapers.carriers import Call, Visit, carrier
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

_PARCEL = Layout(
    carrier="inpost",
    parcel="tracking_details|history|events",
    rows="tracking_details|history|events",
    number="tracking_number|trackingNumber|shipmentNumber",
    headline="status_title|statusTitle|status",
    code="status",
    words="title|statusTitle|status|name",
    time="datetime|date|timestamp",
    place=("agency|location.name|location",),
    row_code=("status|eventCode",),
    destination="destination_country|destinationCountry",
    absent={"error|key": ("resource_not_found", "shipment_not_found", "parcel_not_found")},
)


@carrier("inpost")
class InPost:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(
            url=f"https://inpost.pl/sledzenie-przesylek?number={number}",
            data=Call(url=f"https://api-shipx-pl.easypack24.net/v1/tracking/{number}"),
            data_paths=("/v1/tracking/", "/api/tracking"),
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return read(_PARCEL, document, number)
