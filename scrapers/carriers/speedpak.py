"""SpeedPAK (Orange Connex, eBay's own service from China): waybills with traces in epoch times.

Source: CARRIERS, row speedpak.
"""

from __future__ import annotations

from urllib.parse import quote

from scrapers.carriers import Call, Visit, carrier
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

LAYOUT = Layout(
    carrier="speedpak",
    parcel="traces",
    number="trackingNumber|waybillNumber|waybillNo|mailNo",
    rows="traces",
    words="eventDesc|eventDescription|description",
    time="oprTime|localTime|oprTimestamp",
    zone="oprTimeZone|timeZone",
    place=("oprCity", "oprCountry"),
    row_code=("eventCode|oprCode",),
    headline="statusDesc|status|lastStatus|lastTrace.eventDesc",
    absent={"notExistsTrackingNumbers": ()},
    destination="consigneeCountry|consigneeCountryName|destinationCountry|toCountry",
    to_city="consigneeCity|consigneeCityName|destinationCity",
    to_postcode="consigneeZipCode|destinationZipCode",
    onward="lastMileTrackingNumber|lastMileNumber|lastMileTrackingNo|lmTrackingNumber",
    onward_carrier="lastMileCarrier|lastMileVendor|lastMileCarrierName|lmCarrier",
)


@carrier("speedpak")
class SpeedPak:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(
            url=f"https://www.orangeconnex.com/tracking?language=en&trackingnumber={quote(number, safe='')}",
            data=Call(
                url="https://azure-cn.orangeconnex.com/oc/capricorn-website/website/v1/tracking/traces",
                json={"trackingNumbers": [number], "language": "en-US"},
            ),
            data_paths=("/tracking/traces",),
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return read(LAYOUT, document, number)
