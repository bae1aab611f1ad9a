"""Canada Post: the JSON of its detail page and the XML of its tracking service; `004` is an unknown or expired number.

Source: CARRIERS, row canada-post.
"""

from __future__ import annotations

from urllib.parse import quote

from scrapers.carriers import Call, Visit, carrier
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

LAYOUT = Layout(
    carrier="canada-post",
    parcel="pin",
    number="pin|originalPin|returnPin",
    rows="events|significant-events.occurrence|significantEvents.occurrence",
    words="descEn|event-description|descFr|event_description",
    time="datetime.date|event-date|date",
    clock="datetime.time|event-time|time",
    zone="datetime.zoneOffset",
    place=("locationAddr.city|event-site", "locationAddr.regionCd|event-province"),
    country="locationAddr.countryCd",
    row_code=("cd|event-identifier",),
    headline="status|event-description",
    delivered="delivered",
    expected=(
        "expectedDlvryDateTime.dlvryDate|changed-expected-date|expected-delivery-date|expectedDlvryDate",
        "expectedDlvryDateTime.dlvryDate|changed-expected-date|expected-delivery-date|expectedDlvryDate",
    ),
    absent={"error.cd|message.code|errors.code": ("004", "4")},
    destination="addtnlDestInfo.countryCd|destCountryCd|destination-country",
    to_city="addtnlDestInfo.city",
    to_postcode="addtnlDestInfo.postalCode|destination-postal-id",
    onward="partnerPin|foreignPin",
)


@carrier("canada-post")
class CanadaPost:
    def visit(self, number: str, postcode: str | None) -> Visit:
        key = quote(number, safe="")
        site = "https://www.canadapost-postescanada.ca/track-reperage"
        return Visit(
            url=f"{site}/en#/details/{key}",
            data=Call(url=f"{site}/rs/track/json/package/{key}/detail", headers={"Authorization": "Basic Og=="}),
            data_paths=("/rs/track/json/package",),
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return read(LAYOUT, document, number)
