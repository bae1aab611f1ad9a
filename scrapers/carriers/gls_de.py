"""GLS Germany: the group's answer under the country's page (source: CARRIERS, row gls)."""

from __future__ import annotations

from scrapers.carriers import Visit, carrier, gls
from scrapers.document import Document
from scrapers.look import Tracked


@carrier("gls-de")
class GlsDe:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return gls.visit(number, postcode, "DE/de", "paketverfolgung")

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return gls.parcels(document, number, "gls-de")
