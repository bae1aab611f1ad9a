"""DPD group: the life cycle behind the German page, with scans; other countries' guest pages are left to their shape.

Source: CARRIERS, row dpd (the guest page of the Netherlands has a status and no history).
"""

from __future__ import annotations

from urllib.parse import quote

from scrapers.carriers import Call, Visit, carrier
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read_one_of

_LIFE_CYCLE = Layout(
    carrier="dpd",
    parcel="scanInfo|statusInfo",
    rows="scanInfo.scan",
    number="shipmentInfo.parcelLabelNumber|parcelLabelNumber|parcelNumber",
    headline="lastStatus.label",
    words="scanDescription.content|scanDescription.label|scanData.scanDescription",
    time="date|scanData.scanDate",
    clock="scanData.scanTime",
    place=("scanData.location|scanData.city",),
    country="scanData.country",
    row_code=("scanData.scanType.code",),
    to_postcode="shipmentInfo.receiver.postcode",
    destination="shipmentInfo.receiver.country|shipmentInfo.receiverCountry",
)
_STEPS = Layout(
    carrier="dpd",
    parcel="statusInfo",
    rows="statusInfo",
    number="shipmentInfo.parcelLabelNumber|parcelLabelNumber",
    words="label|description.content",
    time="date",
    place=("location",),
    row_code=("status",),
)


@carrier("dpd")
class Dpd:
    def visit(self, number: str, postcode: str | None) -> Visit:
        code = quote("".join((postcode or "").split()), safe="")
        return Visit(
            url=f"https://tracking.dpd.de/status/en_US/parcel/{number}" + (f"?zip={code}" if code else ""),
            data=Call(url=f"https://tracking.dpd.de/rest/plc/en_US/{number}"),
            data_paths=("/rest/plc/",),
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return read_one_of((_LIFE_CYCLE, _STEPS), document, number)
