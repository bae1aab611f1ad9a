"""Correos (ES): the locator's list of events, and the newer search answer with the same in other names.

Source: CARRIERS, row correos; codError 3 is its own word for a number that it does not know (yet).
"""

from __future__ import annotations

from urllib.parse import quote

from scrapers.carriers import Call, Visit, carrier
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

LAYOUT = Layout(
    carrier="correos",
    parcel="eventos|events",
    number="codEnvio|shipmentCode|codigoEnvio|shippingCode|referencia",
    rows="eventos|events",
    words="desTextoResumen|summaryText|descWeb|desResumen",
    more="desTextoAmpliado|extendedText|descLarga",
    time="fecEvento|eventDate|fecha",
    clock="horEvento|eventTime|hora",
    day_first=True,
    place=("unidad|desUnidad|unit|officeName|oficina|localidad|location",),
    row_code=("codEvento|eventCode",),
    headline="desTextoEstado|statusText",
    expected=("fecEntregaEstimadaDesde|fecEntregaEstimada|estimatedDeliveryDate|fechaEstimada",) * 2,
    absent={"error.codError|codError|error.errorCode|errorCode": ("3",)},
    destination="codPaisDestino|cod_pais_destino|destinationCountry",
    to_postcode="codPostalDestino|cod_postal_destino|destinationPostalCode",
    onward="codEnvioInternacional|numEnvioAsociado",
)


@carrier("correos")
class Correos:
    def visit(self, number: str, postcode: str | None) -> Visit:
        key = quote(number, safe="")
        page = "https://www.correos.es/es/es/herramientas/localizador/envios/detalle"
        service = "https://localizador.correos.es/canonico/eventos_envio_servicio"
        return Visit(
            url=f"{page}?tracking-number={key}",
            data=Call(url=f"{service}/{key}?codAplicacion=60&codCanal=3&codIdioma=ES&indUltEvento=N"),
            data_paths=("/eventos_envio_servicio/", "/searchengines/api/"),
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return read(LAYOUT, document, number)
