"""Landmark Global: packages with events, in its service's XML; the page it shows is read as a page.

Source: CARRIERS, row 41; field names as client libraries publish them.
"""

from __future__ import annotations

from urllib.parse import quote

from scrapers.carriers import Visit, carrier
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

LAYOUT = Layout(
    carrier="landmark",
    parcel="Events|events",
    number="LandmarkTrackingNumber|TrackingNumber|Barcode|PackageReference",
    rows="Events.Event|Events|events",
    words="Status|EventDescription|description",
    time="DateTime|EventDate|date",
    place=("Location|location",),
    row_code=("EventCode|code",),
    expected=("ExpectedDeliveryDate|expected_delivery_date",) * 2,
    absent={"Errors.Error.ErrorCode|ErrorCode": ("TRACKING_NOT_FOUND", "no_package")},
    destination="DestinationCountry|destination_country",
    onward="TrackingNumber|CarrierTrackingNumber",
    onward_carrier="Carrier|CarrierName|ShipmentDetails.EndDeliveryLinks.CarrierName",
)


@carrier("landmark")
class Landmark:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(
            url=f"https://track.landmarkglobal.com/?trck={quote(number, safe='')}&Submit=Track",
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return read(LAYOUT, document, number)
