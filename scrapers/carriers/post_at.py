"""Österreichische Post: the GraphQL answer of its search. Codes of the summary and of rows differ: only words count.

Source: CARRIERS, row post-at.
"""

from __future__ import annotations

from urllib.parse import quote

from scrapers.carriers import Call, Visit, carrier
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

LAYOUT = Layout(
    carrier="post-at",
    parcel="sendungsEvents|events",
    number="sendungsnummer|identcode|trackingNumber",
    rows="sendungsEvents|events",
    words="textEn|text|beschreibung|description",
    time="timestamp|zeitpunkt|datum",
    day_first=True,
    place=("eventort|eventcity|ort|city", "eventpostalcode|plz"),
    postcode="eventpostalcode|plz",
    country="eventcountry|land",
    row_code=("status", "reasontypecode"),
    headline="statusTextEn|statusText|statusBeschreibung",
    expected=("estimatedDelivery.startDate|estimatedDeliveryDate", "estimatedDelivery.endDate|estimatedDeliveryDate"),
    absent={"errors.extensions.code|errors.code": ("not_found", "sendung_not_found", "404")},
    destination="zielland|destinationCountry|empfaengerland",
    to_postcode="empfaengerplz|zielplz",
    onward="partnerSendungsnummer|auslandssendungsnummer|partnerIdentcode",
)
QUERY = """query ($number: String!) {einzelsendung(sendungsnummer: $number) {
 sendungsnummer status estimatedDelivery {startDate endDate startTime endTime}
 sendungsEvents {timestamp status reasontypecode text textEn eventpostalcode eventcountry}}}"""


@carrier("post-at")
class PostAt:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(
            url=f"https://www.post.at/sv/sendungsdetails?snr={quote(number, safe='')}",
            data=Call(
                url="https://api.post.at/sendungen/sv/graphqlPublic",
                json={"query": QUERY, "variables": {"number": number}},
            ),
            data_paths=("/graphqlPublic", "/graphql"),
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return read(LAYOUT, document, number)
