"""UPS: the answer behind its page, the official API's JSON, and the XML of the older API.

Source: CARRIERS, row ups. Codes are the kinds of an activity (`D`, `I`, `X` …); its newest activity comes first.
"""

from __future__ import annotations

from scrapers.carriers import Visit, carrier
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read_one_of

_UNKNOWN = {
    "trackDetails.errorCode": ("504",),
    "response.errors.code|errors.code|warnings.code|warning.code": ("TW0001", "151018", "151044", "TV1002"),
    "Error.ErrorCode": ("151018", "151044"),
}

_PAGE = Layout(
    carrier="ups",
    parcel="shipmentProgressActivities|packageStatus|packageStatusType",
    rows="shipmentProgressActivities",
    number="trackingNumber|requestedTrackingNumber",
    headline="packageStatus|simplifiedText",
    code="packageStatusType",
    words="activityScan|milestoneName.nameKey",
    time="date",
    clock="time",
    day_first=False,
    place=("location",),
    expected=("scheduledDeliveryDate", "scheduledDeliveryDate"),
    to_city="shipToAddress.city",
    to_postcode="shipToAddress.zipCode|shipToAddress.postalCode",
    destination="shipToAddress.country|shipToAddress.countryCode",
    onward="alternateTrackingNumber|postalServiceTrackingNumber|uspsTrackingNumber",
    absent=_UNKNOWN,
)
_API = Layout(
    carrier="ups",
    parcel="activity",
    rows="activity",
    number="trackingNumber|inquiryNumber",
    headline="currentStatus.description|activity.status.description|activity.status.statusType.description",
    code="currentStatus.type|activity.status.type|activity.status.statusType.code",
    words="status.description|status.statusType.description",
    time="date|gmtDate",
    clock="time|gmtTime",
    place=(
        "location.address.city|activityLocation.address.city",
        "location.address.stateProvince|activityLocation.address.stateProvinceCode|location.address.stateProvinceCode",
        "location.address.countryCode|activityLocation.address.countryCode|location.address.country",
    ),
    postcode="location.address.postalCode|activityLocation.address.postalCode",
    country="location.address.countryCode|activityLocation.address.countryCode|location.address.country",
    row_code=("status.type|status.statusType.code", "status.code|status.statusCode.code"),
    expected=("deliveryDate.date|scheduledDeliveryDate", "deliveryDate.date|scheduledDeliveryDate"),
    onward="alternateTrackingNumber.number|alternateTrackingInfo.value",
    absent=_UNKNOWN,
)


@carrier("ups")
class Ups:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(
            url=f"https://www.ups.com/track?loc=en_US&tracknum={number}",
            plain=False,
            data_paths=("/track/api/Track/GetStatus",),
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return read_one_of((_PAGE, _API), document, number)
