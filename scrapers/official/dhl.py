"""DHL's Unified tracking, for all its companies, with a self-service key from developer.dhl.com.

Source: CARRIERS, row dhl-express; its smallest plan is 250 requests a day, one in five seconds.
"""

from __future__ import annotations

from scrapers.carriers import Call
from scrapers.carriers.dhl import unified
from scrapers.look import Tracked
from scrapers.official import Asked, Official, Secrets
from scrapers.reading.document import Document


def _call(asked: Asked, secrets: Secrets) -> Call:
    return Call(
        url=f"https://api-eu.dhl.com/track/shipments?trackingNumber={asked.number}&language=en",
        headers={"DHL-API-Key": secrets["key"]},
    )


def _parse(document: Document, asked: Asked) -> tuple[Tracked, ...]:
    return unified(document, asked.number, "dhl")


SOURCE = Official(
    id="dhl",
    name="DHL",
    wants=("key",),
    hosts=("api-eu.dhl.com",),
    carriers=frozenset(
        {
            "dhl",
            "dhl-express",
            "dhl-paket-de",
            "dhl-ecommerce",
            "dhl-ecommerce-nl",
            "dhl-ecommerce-uk",
            "dhl-ecommerce-us",
        }
    ),
    call=_call,
    parse=_parse,
    a_day=200,
    pause=5.0,
)
