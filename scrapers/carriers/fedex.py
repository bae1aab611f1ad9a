"""FedEx: the answer behind its page (present and 2018) and the official API's.

Source: CARRIERS, row fedex. The page's "cannot be found" is also what a refusal says, so its words never count as
an unknown number; only the code does.
"""

from __future__ import annotations

from scrapers.carriers import Inconclusive, Unreadable, Visit, carrier
from scrapers.look import Tracked
from scrapers.reading import dig
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read_one_of

_UNKNOWN = {
    "errorList.code|errors.code|error.code|code": (
        "TRACKING.TRACKINGNUMBER.NOTFOUND",
        "TRACKING.TRACKINGNUMBER.INVALID",
    )
}

_PAGE = Layout(
    carrier="fedex",
    parcel="scanEventList|keyStatusCD",
    rows="scanEventList",
    number="trackingNbr|displayTrackingNbr",
    headline="keyStatus|mainStatus",
    code="keyStatusCD",
    delivered="isDelivered",
    words="status",
    more="scanDetails",
    time="date",
    clock="time",
    zone="gmtOffset",
    place=("scanLocation",),
    row_code=("statusCD",),
    expected=(
        "estDelTimeWindow.estDelTimeWindowStart|estDeliveryDt",
        "estDelTimeWindow.estDelTimeWindowEnd|estDeliveryDt",
    ),
    to_city="recipientAddress.city|recipientCity",
    to_postcode="recipientAddress.postalCode|recipientZip",
    destination="recipientAddress.countryCode|recipientCntryCD",
    absent=_UNKNOWN,
)
_API = Layout(
    carrier="fedex",
    parcel="latestStatusDetail|scanEvents",
    rows="scanEvents",
    number="trackingNumberInfo.trackingNumber",
    headline="latestStatusDetail.statusByLocale|latestStatusDetail.description",
    code="latestStatusDetail.derivedCode|latestStatusDetail.code",
    words="eventDescription",
    more="exceptionDescription",
    time="date",
    place=("scanLocation.city", "scanLocation.stateOrProvinceCode", "scanLocation.countryCode"),
    postcode="scanLocation.postalCode",
    country="scanLocation.countryCode",
    row_code=("eventType",),
    expected=(
        "estimatedDeliveryTimeWindow.window.begins|standardTransitTimeWindow.window.ends",
        "estimatedDeliveryTimeWindow.window.ends|standardTransitTimeWindow.window.ends",
    ),
    to_city="recipientInformation.address.city",
    to_postcode="recipientInformation.address.postalCode",
    destination="recipientInformation.address.countryCode",
    absent=_UNKNOWN,
)


@carrier("fedex")
class FedEx:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(
            url=f"https://www.fedex.com/fedextrack/?trknbr={number}",
            plain=False,
            data_paths=("/track/v2/shipments", "/trackingCal/track"),
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        try:
            return read_one_of((_PAGE, _API), document, number)
        except Unreadable:
            if document.soup is None and dig.told(document, "errorList", "errors", "packageList", "packages"):
                raise Inconclusive("an answer without a history, as refusals give it too") from None
            raise
