"""DPD UK: the parcel and its events behind a page that wants a postcode and a CAPTCHA (source: CARRIERS)."""

from __future__ import annotations

from urllib.parse import quote

from scrapers.carriers import Visit, carrier
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

_PARCEL = Layout(
    carrier="dpd-uk",
    parcel="parcelEvents|trackingEvent|trackingEvents|parcelStatus|events.eventText",
    rows="parcelEvents|trackingEvents|trackingEvent|events",
    number="parcelNumber|consignmentNumber|parcelCode",
    headline="parcelStatusHtml|trackingStatusCurrent|parcelStatusText|parcelStatus",
    words="eventText|trackingEventText|description|text",
    time="eventDate|trackingEventDate|date",
    clock="eventTime|trackingEventTime",
    place=("eventLocation|trackingEventLocation|location",),
    row_code=("eventCode|trackingEventCode",),
    expected=(
        "deliveryDetails.deliveryWindowFrom|estimatedDeliveryStartTime|estimatedDeliveryDate",
        "deliveryDetails.deliveryWindowTo|estimatedDeliveryEndTime|estimatedDeliveryDate",
    ),
    to_city="deliveryDetails.address.town",
    to_postcode="deliveryDetails.address.postcode",
    absent={"error.errorCode|errorCode": ("PARCEL_NOT_FOUND", "NO_PARCEL_FOUND")},
)


@carrier("dpd-uk")
class DpdUk:
    def visit(self, number: str, postcode: str | None) -> Visit:
        code = quote((postcode or "").strip(), safe="")
        more = f"&postcode={code}" if code else ""
        return Visit(
            url=f"https://track.dpd.co.uk/search?reference={number}{more}",
            plain=False,
            data_paths=("/v1/parcels", "/v1/reference"),
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return read(_PARCEL, document, number)
