"""Australia Post: the watchlist answer of its page, and the tracking results of its shipping service.

Source: CARRIERS, row australia-post.
"""

from __future__ import annotations

from urllib.parse import quote

from scrapers.carriers import Call, Visit, carrier
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

LAYOUT = Layout(
    carrier="australia-post",
    parcel="trackStatusOfArticle|article_id|articleId",
    number="articleId|article_id|details.articleId|trackingId|consignmentId|details.consignmentId",
    rows="details.events|events",
    words="description|eventDescription",
    time="localeDateTime|date|dateTime",
    place=("location",),
    row_code=("eventCode",),
    headline="trackStatusOfArticle|status",
    expected=(
        "details.expectedDeliveryDateRange.from|expectedDeliveryDateRange.from|details.expectedDeliveryDate"
        "|expectedDeliveryDate|expected_delivery_date",
        "details.expectedDeliveryDateRange.to|expectedDeliveryDateRange.to|details.expectedDeliveryDate"
        "|expectedDeliveryDate|expected_delivery_date",
    ),
    absent={
        "errors.code|error.code|code": ("ESB-10001", "TRACKING_NOT_FOUND"),
        "trackStatusOfArticle|status": ("NotFound", "Not Found"),
    },
    destination="details.deliveryAddress.countryCode|destinationCountry",
    to_postcode="details.deliveryAddress.postcode|destinationPostcode",
    to_city="details.deliveryAddress.suburb|destinationSuburb",
    onward="details.internationalTrackingId|partnerTrackingId",
)


@carrier("australia-post")
class AustraliaPost:
    def visit(self, number: str, postcode: str | None) -> Visit:
        key = quote(number, safe="")
        service = "https://digitalapi.auspost.com.au/shipments-gateway/v1/watchlist/shipments"
        return Visit(
            url=f"https://auspost.com.au/mypost/track/details/{key}",
            data=Call(url=f"{service}?trackingIds={key}"),
            plain=False,
            data_paths=("/shipments-gateway/v1/watchlist/shipments",),
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return read(LAYOUT, document, number)
