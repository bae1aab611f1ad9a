"""Royal Mail: the summary and the events behind its page, which are the official API's too.

Source: CARRIERS, row royal-mail: E0015 and 401 are a challenge, E1142 decides nothing.
"""

from __future__ import annotations

from scrapers.carriers import Inconclusive, Refused, Unreadable, Visit, carrier
from scrapers.look import Tracked
from scrapers.reading import dig
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

_PIECE = Layout(
    carrier="royal-mail",
    parcel="mailPieceId|events.eventName|summary.lastEventCode",
    rows="events|summary.lastEvent",
    number="mailPieceId|summary.oneDBarcode|summary.uniqueItemId|oneDBarcode",
    headline="summary.statusDescription|summary.lastEventName|statusDescription",
    code="summary.statusCategory|statusCategory",
    words="eventName",
    time="eventDateTime",
    place=("locationName",),
    row_code=("eventCode",),
    expected=(
        "estimatedDelivery.startOfEstimatedWindow|estimatedDelivery.date",
        "estimatedDelivery.endOfEstimatedWindow|estimatedDelivery.date",
    ),
    destination="summary.destinationCountryCode|summary.destinationCountryName",
    onward="summary.internationalPostalProvider.trackingNumber",
)

_CHALLENGES = {"E0015", "E0004"}


@carrier("royal-mail")
class RoyalMail:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(
            url=f"https://www.royalmail.com/track-your-item#/tracking-results/{number}",
            plain=False,
            data_paths=("/mailpieces/",),
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        try:
            return read(_PIECE, document, number)
        except Unreadable:
            for held in dig.told(document, "errorCode"):
                if dig.text(held, "errorCode") in _CHALLENGES:
                    raise Refused(f"challenge: {dig.text(held, 'errorCode')}") from None
                raise Inconclusive(f"the carrier's code {dig.text(held, 'errorCode')} decides nothing") from None
            raise
