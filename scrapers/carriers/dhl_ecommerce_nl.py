"""DHL eCommerce Netherlands: the answer of its track-and-trace (source: CARRIERS, row dhl-ecommerce)."""

from __future__ import annotations

import re

from scrapers.carriers import Call, Visit, carrier
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

_PARCELS = Layout(
    carrier="dhl-ecommerce-nl",
    parcel="events",
    rows="events",
    number="barcode|barcodes|id",
    words="status",
    time="localTimestamp|timestamp",
    place=("facility",),
    row_code=("status",),
    expected=("plannedDeliveryTimeframe.start|plannedDeliveryTimeframe", "plannedDeliveryTimeframe.end"),
    to_city="receiver.address.city",
    to_postcode="receiver.address.postalCode",
    destination="receiver.address.countryCode",
)
_POSTCODE = re.compile(r"[0-9]{4}[A-Z]{2}")


@carrier("dhl-ecommerce-nl")
class DhlEcommerceNl:
    def visit(self, number: str, postcode: str | None) -> Visit:
        code = re.sub(r"\s", "", postcode or "").upper()
        known = bool(_POSTCODE.fullmatch(code))
        key = f"{number}%2B{code}" if known else number
        return Visit(
            url=f"https://my.dhlecommerce.nl/home/tracktrace/{number}" + (f"/{code}" if known else ""),
            data=Call(url=f"https://api-gw.dhlparcel.nl/track-trace?key={key}&role=consumer-receiver"),
            data_paths=("/track-trace",),
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return read(_PARCELS, document, number)
