"""PostNord's Track & Trace v5 with a key from developer.postnord.com, which stands in the address itself.

Source: CARRIERS, row postnord.
"""

from __future__ import annotations

from urllib.parse import quote

from scrapers.carriers import Call
from scrapers.carriers.postnord import PostNord
from scrapers.look import Tracked
from scrapers.official import Asked, Official, Secrets
from scrapers.reading.document import Document


def _call(asked: Asked, secrets: Secrets) -> Call:
    site = "https://api2.postnord.com/rest/shipment/v5/trackandtrace/findByIdentifier.json"
    return Call(url=f"{site}?id={asked.number}&locale=en&apikey={quote(secrets['key'], safe='')}")


def _parse(document: Document, asked: Asked) -> tuple[Tracked, ...]:
    return PostNord().parse(document, asked.number)


SOURCE = Official(
    id="postnord",
    name="PostNord",
    wants=("key",),
    hosts=("api2.postnord.com",),
    carriers=frozenset({"postnord"}),
    call=_call,
    parse=_parse,
    a_day=200,
)
