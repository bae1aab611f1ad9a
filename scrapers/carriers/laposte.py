"""La Poste and Colissimo: the unified tracking answer of page and official API, which Chronopost shares.

Source: CARRIERS, row laposte; codes as La Poste documents them. Only return code 104 is an unknown number. A failed
delivery keeps the code of its pre-advice (`DR1`), so that code is left to the words.
"""

from __future__ import annotations

from dataclasses import replace

from scrapers.carriers import Call, Inconclusive, Unreadable, Visit, carrier
from scrapers.look import Tracked
from scrapers.reading import dig
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

_SHIPMENT = Layout(
    carrier="laposte",
    parcel="event|timeline",
    rows="event|events",
    number="idShip|idShipment",
    words="label|shortLabel|longLabel",
    time="date",
    place=("removalPoint.name|officeLabel|location",),
    row_code=("code",),
    expected=("estimDate|deliveryEstimatedDate|deliveryDate", "estimDate|deliveryEstimatedDate|deliveryDate"),
    destination="contextData.arrivalCountry",
    onward="contextData.partner.reference|partner.reference",
    onward_carrier="contextData.partner.name|partner.name",
    absent={"returnCode": ("104",), "code": ("RESOURCE_NOT_FOUND",)},
)


@carrier("laposte")
class LaPoste:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(
            url=f"https://www.laposte.fr/outils/suivre-vos-envois?code={number}",
            data=feed(number),
            data_paths=("/suivi-unifie/",),
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return shipments(document, number, "laposte")


def feed(number: str) -> Call:
    """The data call behind the page."""
    return Call(url=f"https://www.laposte.fr/ssu/sun/back/suivi-unifie/{number}?lang=fr")


def shipments(document: Document, number: str | None, name: str) -> tuple[Tracked, ...]:
    """The shipments of a unified answer."""
    try:
        return read(replace(_SHIPMENT, carrier=name), document, number)
    except Unreadable:
        for held in dig.told(document, "returnCode"):
            raise Inconclusive(f"return code {dig.text(held, 'returnCode')}") from None
        raise
