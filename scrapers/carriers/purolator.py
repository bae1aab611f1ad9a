"""Purolator: scans of a PIN, in its service's XML and the JSON of its page.

Source: CARRIERS, row purolator; field names as client libraries publish them.
"""

from __future__ import annotations

from urllib.parse import quote

from scrapers.carriers import Visit, carrier
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

LAYOUT = Layout(
    carrier="purolator",
    parcel="Scans|scans|events",
    number="PIN.Value|PIN|pin|packageNumber",
    rows="Scans.Scan|Scans|scans|events",
    words="Description|description",
    time="ScanDate|date|dateTime",
    clock="ScanTime|time",
    place=("Depot.Name|location|city", "province"),
    row_code=("ScanType|code",),
    headline="statusDescription|status",
    expected=("EstimatedDeliveryDate|DeliveryDate.Estimated|estimatedDeliveryDate",) * 2,
    absent={"Error.Code|errorCode": ("PIN_NOT_FOUND",)},
    destination="destinationCountry",
    to_city="destinationCity",
)


@carrier("purolator")
class Purolator:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(
            url=f"https://www.purolator.com/en/shipping/tracker?pins={quote(number, safe='')}",
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return read(LAYOUT, document, number)
