"""Chronopost: La Poste's unified answer, and the XML of its own web service (source: CARRIERS, row chronopost)."""

from __future__ import annotations

from scrapers.carriers import Unreadable, Visit, carrier, laposte
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

_SKYBILL = Layout(
    carrier="chronopost",
    parcel="listEvents|listEventInfoComp",
    rows="listEvents.events|listEventInfoComp.events|listEventInfoComp",
    number="listEvents.skybillNumber|listEventInfoComp.skybillNumber|skybillNumber",
    words="eventLabel",
    time="eventDate",
    place=("officeLabel",),
    postcode="zipCode",
    row_code=("code",),
)


@carrier("chronopost")
class Chronopost:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(
            url=f"https://www.chronopost.fr/tracking-no-cms/suivi-page?listeNumerosLT={number}",
            data=laposte.feed(number),
            data_paths=("/suivi-colis", "/suivi-unifie/"),
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        try:
            return read(_SKYBILL, document, number)
        except Unreadable:
            return laposte.shipments(document, number, "chronopost")
