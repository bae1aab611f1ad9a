"""Cainiao (AliExpress): the JSON of its global page; `copyRealMailNo` is the last-mile number.

Source: CARRIERS, row cainiao; its epoch times are wrong, `timeStr` with `timeZone` is right.
Its summary counts a parcel that waits at a station as delivered: the codes of rows count, the summary's does not.
"""

from __future__ import annotations

from urllib.parse import quote

from scrapers.carriers import Call, Visit, carrier
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

LAYOUT = Layout(
    carrier="cainiao",
    parcel="section2.detailList|section1.detailList|detailList|latestTrace",
    number="mailNo|realMailNo|copyRealMailNo",
    rows="section1.detailList+section2.detailList|detailList|latestTrace",
    words="standerdDesc|standardDesc|desc",
    more="desc",
    time="timeStr|time",
    epochs=False,
    zone="timeZone",
    place=("group.city|city|location",),
    row_code=("actionCode|status",),
    headline="statusDesc|processInfo.progressStatus",
    absent={"mailNoSource": ("EXTERNAL",), "status|errorCode": ("ORDER_NOT_EXISTS", "ORDER_NOT_FOUND")},
    expected=(
        "globalEtaInfo.deliveryMinTime|etaInfo.deliveryMinTime",
        "globalEtaInfo.deliveryMaxTime|etaInfo.deliveryMaxTime",
    ),
    destination="destCountryCode|destCountry",
    onward="copyRealMailNo|realMailNo|destCpInfo.mailNo",
    onward_carrier="destCpInfo.cpName|globalCombinedLogisticsTraceDTO.cpName",
)


@carrier("cainiao")
class Cainiao:
    def visit(self, number: str, postcode: str | None) -> Visit:
        key = quote(number, safe="")
        site = "https://global.cainiao.com"
        return Visit(
            url=f"{site}/newDetail.htm?mailNoList={key}",
            data=Call(url=f"{site}/global/detail.json?mailNos={key}&lang=en-US"),
            data_paths=("/global/detail.json",),
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return read(LAYOUT, document, number)
