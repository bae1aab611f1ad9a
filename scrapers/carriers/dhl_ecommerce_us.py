"""DHL eCommerce Americas: the Unified answer, and the API of its own (source: CARRIERS, row dhl-ecommerce)."""

from __future__ import annotations

from scrapers.carriers import Unreadable, Visit, carrier, dhl
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

_OWN = Layout(
    carrier="dhl-ecommerce-us",
    parcel="events.primaryEventDescription|events.primaryEventId",
    rows="events",
    number="package.dhlPackageId|dhlPackageId|package.trackingId|trackingId|package.packageId|packageId",
    words="primaryEventDescription",
    more="secondaryEventDescription",
    time="date",
    clock="time",
    place=("location",),
    postcode="postalCode",
    country="country",
    row_code=("primaryEventId",),
    expected=("package.expectedDelivery|package.estimatedDeliveryDate", "package.expectedDelivery"),
    to_city="recipient.city",
    to_postcode="recipient.postalCode",
    destination="recipient.country",
    onward="package.trackingId",
    absent={"type|title": ("package not found", "packages not found", "no packages found")},
)


@carrier("dhl-ecommerce-us")
class DhlEcommerceUs:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return dhl.visit(number, "https://www.dhl.com/us-en/home/tracking.html")

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        try:
            return dhl.unified(document, number, "dhl-ecommerce-us")
        except Unreadable:
            return read(_OWN, document, number)
