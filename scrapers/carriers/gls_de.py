"""GLS Germany: the group's answer under the country's page (source: CARRIERS, row gls)."""

from __future__ import annotations

from scrapers.carriers import Visit, carrier, gls
from scrapers.look import Tracked
from scrapers.reading.document import Document


@carrier("gls-de")
class GlsDe:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return gls.visit(number, postcode, "DE/de", "paketverfolgung")

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return gls.parcels(document, number, "gls-de")
