"""GLS Netherlands: an API of its own, which answers to number and postcode (source: CARRIERS, row gls)."""

from __future__ import annotations

import re

from scrapers.carriers import Call, Inconclusive, Unreadable, Visit, carrier, gls
from scrapers.look import Tracked
from scrapers.reading import dig
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

_PARCEL = Layout(
    carrier="gls-nl",
    parcel="scans|deliveryScanInfo",
    rows="scans",
    number="parcelNo|identifier.parcelNo|uniqueNo",
    delivered="deliveryScanInfo.isDelivered",
    words="eventReasonDescr|eventDescription",
    time="dateTime",
    place=("depotName",),
    country="countryCode",
    row_code=("reasonNo",),
    expected=("deliveryScheduleInfo.deliveryTimeFrom", "deliveryScheduleInfo.deliveryTimeTo"),
    to_city="addressInfo.recipient.city|addressInfo.to.city",
    to_postcode="addressInfo.recipient.zipcode|addressInfo.to.zipcode|zipcode",
    destination="addressInfo.recipient.countryCode|addressInfo.to.countryCode|countryCode",
    absent={"errorCode|code|message": ("PARCEL_NOT_FOUND", "NotFound", "Parcel not found")},
)
_POSTCODE = re.compile(r"[0-9]{4}[A-Z]{2}")


@carrier("gls-nl")
class GlsNl:
    def visit(self, number: str, postcode: str | None) -> Visit:
        code = re.sub(r"\s", "", postcode or "").upper()
        if not _POSTCODE.fullmatch(code):
            return gls.visit(number, None, "NL/nl", "volg-je-pakket")
        return Visit(
            url=f"https://www.gls-info.nl/Tracking?parcelNo={number}&zipcode={code}",
            data=Call(url=f"https://apm.gls.nl/api/tracktrace/v1/{number}/postalcode/{code}/details/en-GB"),
            data_paths=("/api/tracktrace/",),
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        try:
            return read(_PARCEL, document, number)
        except Unreadable:
            for held in dig.told(document, "exceptionType"):
                raise Inconclusive(f"number and postcode are not known together: {dig.text(held, 'message')}") from None
            return gls.parcels(document, number, "gls-nl")
