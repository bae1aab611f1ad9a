"""Colis Privé: a page that wants number and postcode as one code (source: CARRIERS, row colis-prive)."""

from __future__ import annotations

from urllib.parse import quote

from scrapers.carriers import NeedsPostcode, Visit, carrier
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

_PARCEL = Layout(
    carrier="colis-prive",
    parcel="historique|evenements|events",
    rows="historique|evenements|events",
    number="codeBarre|numeroColis|numColis|barcode",
    headline="statut|libelleStatut",
    words="libelle|libelleEvenement|description|statut",
    time="date|dateEvenement",
    clock="heure",
    day_first=True,
    place=("ville|lieu|agence",),
)


@carrier("colis-prive")
class ColisPrive:
    def visit(self, number: str, postcode: str | None) -> Visit:
        code = quote("".join((postcode or "").split()), safe="")
        if not code:
            raise NeedsPostcode
        return Visit(url=f"https://colisprive.com/moncolis/pages/detailColis.aspx?numColis={number}{code}&lang=FR")

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return read(_PARCEL, document, number)
