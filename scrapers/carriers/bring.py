"""Bring and Posten (Norway): the open tracking answer, whose statuses Bring documents (source: CARRIERS, row 41)."""

from __future__ import annotations

from scrapers.carriers import Call, Visit, carrier
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

_PACKAGE = Layout(
    carrier="bring",
    parcel="eventSet",
    rows="eventSet",
    number="packageNumber|consignmentId",
    headline="statusDescription",
    words="description",
    time="dateIso|displayDate|date",
    clock="displayTime",
    day_first=True,
    place=("city", "country|countryCode"),
    postcode="postalCode",
    country="countryCode",
    row_code=("status",),
    expected=("dateOfEstimatedDelivery|estimatedDeliveryDate", "dateOfEstimatedDelivery|estimatedDeliveryDate"),
    to_city="recipientAddress.city",
    to_postcode="recipientAddress.postalCode",
    destination="recipientAddress.countryCode",
    absent={"error.code": ("404", "NOT_FOUND")},
)


@carrier("bring")
class Bring:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(
            url=f"https://tracking.bring.com/tracking/{number}",
            data=Call(url=f"https://tracking.bring.com/api/v2/tracking.json?q={number}&lang=en"),
            data_paths=("/tracking.json", "/tracking/api/"),
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return read(_PACKAGE, document, number)
