"""Deutsche Post letters and Warenpost: the answer that DHL Paket's tracking gives too, and the Unified one.

Source: CARRIERS, row 41.
"""

from __future__ import annotations

from dataclasses import replace

from scrapers.carriers import Call, Unreadable, Visit, carrier, dhl
from scrapers.carriers.dhl_paket_de import DhlPaketDe
from scrapers.look import Tracked
from scrapers.reading.document import Document


@carrier("deutsche-post")
class DeutschePost:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(
            url=f"https://www.deutschepost.de/de/s/sendungsverfolgung.html?piececode={number}",
            data=Call(url=f"https://www.deutschepost.de/int-verfolgen/data/search?piececode={number}&language=en"),
            data_paths=("/int-verfolgen/data/search", "/data/search"),
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        try:
            return dhl.unified(document, number, "deutsche-post")
        except Unreadable:
            parcels = DhlPaketDe().parse(document, number)
            return tuple(replace(parcel, carrier="deutsche-post") for parcel in parcels)
