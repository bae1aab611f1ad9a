"""China Post: saved answers of its site and of its partners' service. Its page asks for clicks on characters.

Source: CARRIERS, row china-post.
"""

from __future__ import annotations

from scrapers.carriers import Visit, carrier
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

LAYOUT = Layout(
    carrier="china-post",
    parcel="traces|responseItems|trails|value.trails",
    number="mailNo|waybillNo|traceNo|mailNum|trackingNumber",
    rows="traces|responseItems|trails",
    words="remark|opDesc|opNotes|processingInstructions|description|opName",
    time="acceptTime|opTime|processingTime|time",
    place=("acceptAddress|opOrgCity|opOrgProvName|site|opOrgName",),
    row_code=("opCode|code",),
    absent={"errorCode|code|responseState": ("MAIL_NOT_FOUND", "NO_MAIL")},
    destination="receiverCountry|destinationCountry|rcvArea",
)


@carrier("china-post")
class ChinaPost:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(
            url="https://www.ems.com.cn/queryList", plain=False, data_paths=("/queryTrack", "/queryList", "/trace")
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return read(LAYOUT, document, number)
