"""Yanwen: the list of checkpoints, the older answer with the rows of origin and destination apart, and the page.

Source: CARRIERS, row yanwen; the page repeats its rows for telephones, one copy is read.
"""

from __future__ import annotations

from urllib.parse import quote

from scrapers.carriers import NotFound, Unreadable, Visit, carrier
from scrapers.look import Tracked
from scrapers.reading import dig, printed
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

LAYOUT = Layout(
    carrier="yanwen",
    parcel="checkpoints|origin_items|destin_items",
    number="tracking_number|waybill_number|yanwen_number|exchange_number|order_number",
    rows="checkpoints|origin_items+destin_items",
    words="message|description",
    time="time_stamp|timestamp|time",
    zone="time_zone",
    place=("location",),
    row_code=("tracking_status",),
    code="tracking_status",
    absent={"tracking_status": ("NOTFOUND",)},
    destination="destination_country|destin_country",
    onward="exchange_number|last_mile_tracking_number",
    onward_carrier="last_mile_carrier|carrier_name",
)


@carrier("yanwen")
class Yanwen:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(
            url=f"https://track.yw56.com.cn/en/querydel?nums={quote(number, safe='')}", data_paths=("/api/tracking",)
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        if document.soup is not None and not document.embedded:
            return printed.read("yanwen", document, number, day_first=False)
        try:
            return read(LAYOUT, document, number)
        except Unreadable:
            for data in dig.sources(document):
                if dig.text(data, "code") == "1" and dig.text(data, "waybill_number"):
                    raise NotFound(f"code 1: {dig.text(data, 'message')}") from None
            raise
