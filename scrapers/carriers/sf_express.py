"""SF Express: routes of its waybill page and of its open platform. Its page asks for a slider.

Source: CARRIERS, row sf-express.
"""

from __future__ import annotations

from urllib.parse import quote

from scrapers.carriers import Visit, carrier
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

LAYOUT = Layout(
    carrier="sf-express",
    parcel="routes",
    number="id|mailNo|waybillNo|billNo",
    rows="routes",
    words="remark|remarkEn|opName|description",
    time="scanDateTime|acceptTime|barScanTm",
    zone="timeZone",
    place=("acceptAddress|location|zoneName",),
    row_code=("opCode",),
    delivered="delivered|signed",
    headline="billFlagDesc|statusDesc|waybillStatusDesc",
    expected=("expectedDeliveryTime|deliverTime",) * 2,
    absent={"errorCode|code|resultCode": ("BILL_NOT_EXIST", "WAYBILL_NOT_EXIST")},
    destination="destination|destCountry",
    onward="agentWaybillNo|originateOrderNo|childNo",
    onward_carrier="agentName|agentCarrier",
)


@carrier("sf-express")
class SfExpress:
    def visit(self, number: str, postcode: str | None) -> Visit:
        key = quote(number, safe="")
        return Visit(
            url=f"https://htm.sf-express.com/tw/en/dynamic_function/waybill/#search/bill-number/{key}",
            plain=False,
            data_paths=("/service/bills/",),
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return read(LAYOUT, document, number)
