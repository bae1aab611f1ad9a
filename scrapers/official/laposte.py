"""La Poste's Suivi v2, for its letters, Colissimo and Chronopost, with a free key from developer.laposte.fr.

Source: CARRIERS, row laposte. Only return code 104 is an unknown number.
"""

from __future__ import annotations

from scrapers.carriers import Call
from scrapers.carriers.laposte import shipments
from scrapers.look import Tracked
from scrapers.official import Asked, Official, Secrets
from scrapers.reading.document import Document


def _call(asked: Asked, secrets: Secrets) -> Call:
    return Call(
        url=f"https://api.laposte.fr/suivi/v2/idships/{asked.number}?lang=fr_FR",
        headers={"X-Okapi-Key": secrets["key"], "Accept": "application/json"},
    )


def _parse(document: Document, asked: Asked) -> tuple[Tracked, ...]:
    return shipments(document, asked.number, "laposte")


SOURCE = Official(
    id="laposte",
    name="La Poste",
    wants=("key",),
    hosts=("api.laposte.fr",),
    carriers=frozenset({"laposte", "chronopost"}),
    call=_call,
    parse=_parse,
    a_day=300,
)
