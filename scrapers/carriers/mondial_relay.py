"""Mondial Relay: the answer of its tracking, which does not echo the number (source: general knowledge, unverified)."""

from __future__ import annotations

from urllib.parse import quote

from scrapers.carriers import NeedsPostcode, Visit, carrier
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

_PARCEL = Layout(
    carrier="mondial-relay",
    parcel="evenements|suiviParEtapes",
    rows="evenements|events",
    number="numeroExpedition|expedition.numero|numero",
    words="libelle|label",
    time="date",
    clock="heure",
    place=("lieu|emplacement",),
    row_code=("code",),
    expected=("dateLivraisonPrevue", "dateLivraisonPrevue"),
    to_postcode="codePostal",
    absent={"codeRetour": ("94",)},
)


@carrier("mondial-relay")
class MondialRelay:
    def visit(self, number: str, postcode: str | None) -> Visit:
        if not (postcode or "").strip():
            raise NeedsPostcode
        code = quote("".join((postcode or "").split()), safe="")
        return Visit(
            url=f"https://www.mondialrelay.fr/suivi-de-colis/?numeroExpedition={number}&codePostal={code}",
            data_paths=("/api/tracking",),
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return read(_PARCEL, document, number)
