"""Hermes in Germany: the shipments behind its page (source: general knowledge, unverified). Clocks carry offsets."""

from __future__ import annotations

from scrapers.carriers import Call, Visit, carrier
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

_SHIPMENT = Layout(
    carrier="hermes-de",
    parcel="parcelHistory|statusHistory|history",
    rows="parcelHistory|statusHistory|history",
    number="barcode|shipmentId|shipmentID",
    headline="status.text.longText|status.text.shortText|status.text|status.description|lastStatusText",
    code="status.parcelStatus",
    words="text.longText|text.shortText|statusHistoryText|text|description|status",
    time="timestamp|dateTime|date",
    place=("location|city",),
    row_code=("status|parcelStatus",),
    expected=(
        "deliveryForecast.dateTimeFrom|deliveryForecast.fixed.from|forecast.from",
        "deliveryForecast.dateTimeTo|deliveryForecast.fixed.to|forecast.to",
    ),
    destination="receiver.countryCode|destinationCountry",
)


@carrier("hermes-de")
class HermesDe:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(
            url=f"https://www.myhermes.de/empfangen/sendungsverfolgung/sendungsinformation#{number}",
            data=Call(url=f"https://api.my-deliveries.de/tnt/v2/shipments/search/{number}"),
            data_paths=("/tnt/v2/shipments",),
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return read(_SHIPMENT, document, number)
