"""Singapore Post: items with delivery status details, in its XML and in the JSON of its page.

Source: CARRIERS, row singapore-post.
"""

from __future__ import annotations

from urllib.parse import quote

from scrapers.carriers import Visit, carrier
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

LAYOUT = Layout(
    carrier="singapore-post",
    parcel="DeliveryStatusDetails|TrackingNumberFound|trackingEvents|trackedItem",
    number="TrackingNumber|itemNumber|trackingNo|AlternativeTrackingNumber",
    rows="DeliveryStatusDetails.DeliveryStatusDetail|DeliveryStatusDetails|trackingEvents|events",
    words="StatusDescription|eventDescription|description",
    time="Date|eventDate|dateTime",
    clock="Time|eventTime",
    day_first=True,
    place=("Location|eventLocation", "Country"),
    row_code=("StatusCode|eventCode",),
    absent={"TrackingNumberFound": ("false",), "errorCode": ("TN_NOT_FOUND",)},
    destination="DestinationCountry|destinationCountry",
    onward="AlternativeTrackingNumber|partnerTrackingNumber",
)


@carrier("singapore-post")
class SingaporePost:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(
            url=f"https://www.singpost.com/track-items?trackingid={quote(number, safe='')}",
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return read(LAYOUT, document, number)
