"""CNE Express: its list of tracking events, should a seller have saved it; its page signs its requests.

Source: CARRIERS, row cne; field names as client libraries publish them.
"""

from __future__ import annotations

from urllib.parse import quote

from scrapers.carriers import Visit, carrier
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

LAYOUT = Layout(
    carrier="cne",
    parcel="trackingEventList|trackingEvents",
    number="Response_Info.Number|Number|trackingNumber|trackingNbr|Response_Info.trackingNbr",
    rows="trackingEventList|trackingEvents",
    words="details|description|content",
    time="date|time",
    place=("place|location",),
    row_code=("state|status",),
    code="Response_Info.status|status",
    absent={"ReturnValue|code|errorCode": ("NO_DATA", "NOT_FOUND")},
    destination="Response_Info.Des|destination|DestinationCountry",
    onward="Response_Info.trackingNbr|trackingNbr|lastMileNumber",
    onward_carrier="Response_Info.carrier|lastMileCarrier",
)


@carrier("cne")
class Cne:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(url=f"https://t.cne.com/?no={quote(number, safe='')}", plain=False)

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return read(LAYOUT, document, number)
