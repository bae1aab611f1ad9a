"""4PX: the answer of its page and that of its open service; `serverCode` is the last-mile number.

Source: CARRIERS, row 4px; its local clock is in `tkDateStr`, not in `tkDate`.
"""

from __future__ import annotations

from urllib.parse import quote

from scrapers.carriers import Call, Visit, carrier
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

LAYOUT = Layout(
    carrier="4px",
    parcel="tracks|trackingList",
    number="shipperCode|queryCode|deliveryOrderNo|4pxTrackingNo|customerOrderNo|serverCode",
    rows="tracks|trackingList",
    words="tkDesc|trackingContent|spTkSummary|tkTranslatedDesc",
    time="tkDateStr|occurDatetime|tkDate",
    zone="tkTimezone|timeZone",
    place=("tkLocation|occurLocation|spTkZoneDesc",),
    row_code=("tkCode|businessLinkCode",),
    headline="lastTrack.tkDesc|statusDesc",
    absent={
        "errorCode|errors.errorCode": ("TRACK_NOT_FOUND", "ORDER_NOT_EXIST", "NO_TRACK"),
        "msg|message|errorMsg|errors.errorMsg": ("order does not exist", "no tracking information"),
    },
    destination="ctEndCode|destinationCountry|ctEndName",
    onward="serverCode|serverTrackingNo",
    onward_carrier="lastMileCarrier|channelCarrier|serverName",
)


@carrier("4px")
class FourPx:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(
            url=f"https://track.4px.com/#/result/0/{quote(number, safe='')}",
            data=Call(
                url="https://track.4px.com/track/v2/front/listTrackV2",
                json={"queryCodes": [number], "language": "en-us", "translateLanguage": ""},
            ),
            data_paths=("/front/listTrack",),
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return read(LAYOUT, document, number)
