"""CTT (Portugal): the object's events behind its page (source: CARRIERS, row 41, unverified); its HTML by its shape."""

from __future__ import annotations

from scrapers.carriers import Visit, carrier
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

_OBJECT = Layout(
    carrier="ctt",
    parcel="events|eventos|trackEvents",
    rows="events.list|events|eventos|trackEvents",
    number="objectCode|objectId|trackingNumber|codigoObjeto|code",
    headline="statusDescription|state|estado",
    words="eventDescription|description|descricao|state|estado",
    more="reason|motivo",
    time="eventDateTime|eventDate|date|data",
    clock="eventTime|time|hora",
    day_first=True,
    place=("eventLocation|location|local",),
)


@carrier("ctt")
class Ctt:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(
            url=f"https://www.ctt.pt/feapl_2/app/open/objectSearch/objectSearch.jspx?objects={number}&lang=01",
            data_paths=("/screenservices/", "/objectSearch"),
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return read(_OBJECT, document, number)
