"""YunExpress: the answer of yuntrack.com; `TrackingNumber` is the last-mile carrier's.

Source: CARRIERS, row yunexpress.
"""

from __future__ import annotations

from urllib.parse import quote

from scrapers.carriers import Visit, carrier
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

LAYOUT = Layout(
    carrier="yunexpress",
    parcel="TrackInfo.TrackEventDetails|TrackEventDetails|OrderTrackingDetails|LastTrackEvent",
    number="TrackInfo.WaybillNumber|WaybillNumber|Id|TrackInfo.TrackingNumber|TrackingNumber",
    rows="TrackInfo.TrackEventDetails|TrackEventDetails|OrderTrackingDetails|TrackInfo.LastTrackEvent",
    words="ProcessContent|TrackContent|ProcessDescription",
    time="CreatedOn|ProcessDate",
    place=("ProcessLocation|ProcessCity", "ProcessProvince", "ProcessCountry"),
    row_code=("TrackNodeCode|TrackCode",),
    headline="TrackData.TrackStatus",
    code="TrackInfo.TrackStatusCode",
    absent={"TrackData.TrackStatus|TrackStatus|Status": ("NotFound",)},
    destination="TrackInfo.DestinationCountryCode|DestinationCountryCode",
    onward="TrackInfo.TrackingNumber|TrackingNumber",
    onward_carrier="TrackInfo.ProviderName|ProviderName|TrackInfo.ChannelEnNameOut|TrackInfo.ProviderSite",
)


@carrier("yunexpress")
class YunExpress:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(
            url=f"https://www.yuntrack.com/parcelTracking?id={quote(number, safe='')}",
            plain=False,
            data_paths=("/Track/Query",),
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return read(LAYOUT, document, number)
