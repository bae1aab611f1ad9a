"""UBI Smart Parcel (etower): events of each parcel with their zone; the reference is the last-mile number.

Source: CARRIERS, row ubi; field names as client libraries publish them.
"""

from __future__ import annotations

from urllib.parse import quote

from scrapers.carriers import Visit, carrier
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

LAYOUT = Layout(
    carrier="ubi",
    parcel="events|trackings",
    number="orderId|trackingNo|trackingNumber|articleId|referenceTrackingNumber",
    rows="events|trackings",
    words="activity|description|eventDescription",
    time="eventTime|timestamp",
    zone="timeZone",
    place=("location|city", "country"),
    row_code=("eventCode",),
    headline="statusDescription",
    absent={"errors.code|errorCode": ("ORDER_NOT_FOUND", "TRACKING_NOT_FOUND")},
    destination="destCountry|events.destCountry|destinationCountry",
    onward="events.referenceTrackingNumber|referenceTrackingNumber|lastMileTrackingNo",
    onward_carrier="lastMileCarrier|carrier|facility",
)


@carrier("ubi")
class Ubi:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(url=f"https://smartparcel.gotoubi.com/track?trackingNo={quote(number, safe='')}")

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return read(LAYOUT, document, number)
