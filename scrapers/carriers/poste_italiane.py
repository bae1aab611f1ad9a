"""Poste Italiane: the answer of its search, times in milliseconds; unknown and expired numbers are told in one way.

Source: CARRIERS, row poste-italiane.
"""

from __future__ import annotations

from urllib.parse import quote

from scrapers.carriers import Call, Visit, carrier
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

LAYOUT = Layout(
    carrier="poste-italiane",
    parcel="listaMovimenti|movimenti",
    number="idTracciatura|codiceSpedizione|codice",
    rows="listaMovimenti|movimenti",
    words="statoLavorazione|descrizione|stato",
    more="frase|dettaglio",
    time="dataOra|data",
    clock="ora",
    day_first=True,
    place=("luogo|localita|ufficio",),
    headline="sintesiStato|descrizioneStato",
    expected=("dataPrevistaConsegnaDa|dataPrevistaConsegna|dataPrevista", "dataPrevistaConsegnaA|dataPrevistaConsegna"),
    destination="paeseDestinazione|nazioneDestinazione",
    absent={"esitoRicerca|codiceEsito": ("2", "ko", "non_trovato", "nontrovata")},
    onward="codiceSpedizioneEstero|idTracciaturaPartner",
)


@carrier("poste-italiane")
class PosteItaliane:
    def visit(self, number: str, postcode: str | None) -> Visit:
        site = "https://www.poste.it"
        return Visit(
            url=f"{site}/cerca/index.html#/risultati-spedizioni/{quote(number, safe='')}",
            data=Call(
                url=f"{site}/online/dovequando/DQ-REST/ricercasemplice",
                json={"codiceSpedizione": number, "tipoRichiedente": "WEB", "periodoRicerca": 1},
            ),
            data_paths=("/DQ-REST/ricercasemplice", "/DQ-REST/"),
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return read(LAYOUT, document, number)
