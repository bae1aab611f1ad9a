"""DHL Express: the Unified answer, MyDHL's results, and the XML of its older API.

Source: CARRIERS, row dhl-express. Clocks are those of the facility, without an offset.
"""

from __future__ import annotations

from scrapers.carriers import Unreadable, Visit, carrier, dhl
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read_one_of

_RESULTS = Layout(
    carrier="dhl-express",
    parcel="checkpoints",
    rows="checkpoints",
    number="id|awbNumber|trackingNumber",
    headline="description|delivery.status",
    code="delivery.code",
    words="description",
    time="date",
    clock="time",
    place=("location",),
    expected=("edd.date|edd", "edd.date|edd"),
    absent={"errors.code": ("404",)},
)
_API = Layout(
    carrier="dhl-express",
    parcel="shipmentEvent|shipmentInfo.shipmentEvent|events.serviceArea",
    rows="shipmentEvent|shipmentInfo.shipmentEvent|events",
    number="awbNumber|shipmentTrackingNumber",
    words="serviceEvent.description|description",
    time="date",
    clock="time",
    zone="gmtOffset",
    place=("serviceArea.description",),
    row_code=("serviceEvent.eventCode|typeCode",),
    expected=("shipmentInfo.estDlvyDate|estimatedDeliveryDate", "shipmentInfo.estDlvyDate|estimatedDeliveryDate"),
    to_city="shipmentInfo.consignee.city|receiverDetails.postalAddress.cityName",
    to_postcode="shipmentInfo.consignee.postalCode|receiverDetails.postalAddress.postalCode",
    destination="shipmentInfo.consignee.countryCode|receiverDetails.postalAddress.countryCode",
    absent={"condition.conditionCode": ("209",)},
)


@carrier("dhl-express")
class DhlExpress:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return dhl.visit(number)

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        try:
            return dhl.unified(document, number, "dhl-express")
        except Unreadable:
            return read_one_of((_RESULTS, _API), document, number)
