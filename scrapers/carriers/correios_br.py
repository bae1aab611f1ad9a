"""Correios (BR): objects with events, of its page and of its contract service. Its page asks for a CAPTCHA.

Source: CARRIERS, row correios-br.
"""

from __future__ import annotations

from scrapers.carriers import Visit, carrier
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read

LAYOUT = Layout(
    carrier="correios-br",
    parcel="codObjeto|numero",
    number="codObjeto|numero",
    rows="eventos|evento",
    words="descricao|descricaoWeb|descricaoFrontEnd",
    more="detalhe",
    time="dtHrCriado.date|dtHrCriado|data",
    clock="hora",
    day_first=True,
    place=("unidade.endereco.cidade|unidade.nome|cidade", "unidade.endereco.uf|uf"),
    row_code=("codigo", "tipo"),
    expected=("dtPrevista|dataPrevista",) * 2,
    destination="tipoPostal.paisDestino|paisDestino",
    absent={
        "codigoErro|codigo|erro.codigo": ("SRO-020", "SRO-009"),
        "mensagem": ("SRO-020: Objeto não encontrado na base de dados dos Correios.",),
    },
    onward="objetoInternacional|codObjetoExterno",
)


@carrier("correios-br")
class CorreiosBr:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(url="https://rastreamento.correios.com.br/app/index.php", data_paths=("/app/resultado.php",))

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return read(LAYOUT, document, number)
