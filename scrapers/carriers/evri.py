"""Evri: the open form for its international parcels, and the answers of its UK tracking as a seller may save them.

Source: CARRIERS, row evri: the international form knows nothing of UK parcels, so its not-found decides nothing there.
"""

from __future__ import annotations

from scrapers.carriers import Call, Visit, carrier
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

_UK = Layout(
    carrier="evri",
    parcel="trackingEvents|parcelEvents|events.dateTime",
    rows="trackingEvents|parcelEvents|events",
    number="barcode|parcelCode|uniqueId|trackingNumber",
    headline="parcelStatus.description|trackingStage.description|statusDescription",
    words="trackingPoint.description|trackingStage.description|description|eventDescription",
    time="dateTime|timestamp|eventDateTime",
    place=("location.name|locationName|location.town",),
    row_code=("trackingPoint.trackingPointId|eventCode",),
    expected=("eta.fromDateTime|deliveryWindow.start|eta.displayString", "eta.toDateTime|deliveryWindow.end"),
)


@carrier("evri")
class Evri:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(
            url=f"https://www.evri.com/track/parcel/{number}",
            data=Call(url="https://globaleco.app/track", form={"tracking_number": number}),
            data_paths=("/parcels/", "/tracking/"),
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return read(_UK, document, number)
