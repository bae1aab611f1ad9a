"""Asendia: the branded tracking answer, which names the carrier that delivers and its number.

Source: CARRIERS, row 41; field names as client libraries publish them.
"""

from __future__ import annotations

from urllib.parse import quote

from scrapers.carriers import Visit, carrier
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

LAYOUT = Layout(
    carrier="asendia",
    parcel="trackingBrandedDetail|trackingMilestoneEvents|trackingEvents",
    number="trackingBrandedSummary.trackingNumberCustomer|trackingBrandedSummary.trackingNumber|trackingNumber"
    "|trackingBrandedSummary.trackingNumberVendor",
    rows="trackingBrandedDetail|trackingEvents|trackingMilestoneEvents",
    words="eventDescription|description|status",
    time="eventOn|eventDate|date",
    place=(
        "eventLocationDetails.city|location|city",
        "eventLocationDetails.province",
        "eventLocationDetails.countryName|country",
    ),
    country="eventLocationDetails.countryIso2",
    row_code=("eventCode",),
    headline="trackingBrandedSummary.trackingStatus|trackingProgress",
    absent={"errorCode|code|messageCode": ("TRACKING_NOT_FOUND", "no_tracking_information")},
    destination="trackingBrandedSummary.destinationCountry|trackingBrandedSummary.countryIso2",
    onward="trackingBrandedSummary.trackingNumberVendor|trackingNumberVendor",
    onward_carrier="trackingBrandedSummary.carrierName|trackingBrandedSummary.trackingProvider",
)


@carrier("asendia")
class Asendia:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(
            url=f"https://tracking.asendia.com/tracking/{quote(number, safe='')}",
            data_paths=("/api/A1/TrackingBranded/", "/tracking/branded"),
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return read(LAYOUT, document, number)
