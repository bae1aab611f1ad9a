"""Poczta Polska: the open answer behind eMonitoring (source: CARRIERS, row 41). Status -1 is an unknown number."""

from __future__ import annotations

from scrapers.carriers import Call, Visit, carrier
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

_MAIL = Layout(
    carrier="poczta-polska",
    parcel="mailInfo.events|events.postOffice|daneSzczegolowe|zdarzenia",
    rows="mailInfo.events|events|zdarzenia.zdarzenie|zdarzenia",
    number="mailInfo.number|number|numer",
    words="name|nazwa",
    time="time|czas",
    place=("postOffice.name|jednostka.nazwa", "postOffice.countryName"),
    row_code=("code|kod",),
    destination="mailInfo.recipientCountryCode|mailInfo.recipientCountryName",
    absent={"mailStatus": ("-1",)},
)


@carrier("poczta-polska")
class PocztaPolska:
    def visit(self, number: str, postcode: str | None) -> Visit:
        asked = {"language": "PL", "number": number, "addPostOfficeInfo": True, "addPostDeliveryData": False}
        return Visit(
            url=f"https://emonitoring.poczta-polska.pl/?numer={number}",
            data=Call(url="https://uss.poczta-polska.pl/uss/v1.1/tracking/checkmailex", json=asked),
            data_paths=("/tracking/checkmail",),
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return read(_MAIL, document, number)
