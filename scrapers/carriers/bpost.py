"""bpost: the items behind its page; a single item wants the postcode (source: CARRIERS, row bpost)."""

from __future__ import annotations

from urllib.parse import quote

from scrapers.carriers import Call, Visit, carrier
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

_ITEM = Layout(
    carrier="bpost",
    parcel="activeStep|events.key|itemCode",
    rows="events",
    number="itemCode|itemIdentifier|key",
    headline="activeStep.label.main.EN|activeStep.label.main.NL|activeStep.label.main.FR|activeStep.label.main.DE",
    code="activeStep.name",
    words="key.EN.description|key.NL.description|key.FR.description|key.DE.description|description.EN|description",
    time="date",
    clock="time",
    place=("location.locationName|location.name|location.city",),
    postcode="location.postcode",
    country="location.countryCode",
    row_code=("eventCode|stateCode",),
    expected=(
        "expectedDeliveryTimeRange.day|expectedDeliveryDate.day|actualDeliveryInformation.actualDeliveryTime.day",
        "expectedDeliveryTimeRange.day|expectedDeliveryDate.day",
    ),
    to_city="receiver.municipality",
    to_postcode="receiver.postcode",
    destination="receiver.countryCode",
    absent={"error": ("NO_DATA_FOUND",)},
)


@carrier("bpost")
class Bpost:
    def visit(self, number: str, postcode: str | None) -> Visit:
        code = quote("".join((postcode or "").split()), safe="")
        feed = f"https://track.bpost.cloud/track/items?itemIdentifier={number}"
        return Visit(
            url=f"https://track.bpost.cloud/btr/web/#/search?itemCode={number}"
            + (f"&postalCode={code}" if code else ""),
            data=Call(url=feed + (f"&postalCode={code}" if code else "")),
            data_paths=("/track/items",),
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return read(_ITEM, document, number)
