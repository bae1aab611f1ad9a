"""UPS Tracking with a free developer account's client id and secret (developer.ups.com).

Source: CARRIERS, row ups; UPS's published OpenAPI files.
"""

from __future__ import annotations

from scrapers.carriers import Call
from scrapers.carriers.ups import Ups
from scrapers.look import Tracked
from scrapers.official import Asked, Official, Secrets
from scrapers.official.bearer import header, in_header
from scrapers.reading.document import Document


def _token(secrets: Secrets) -> Call:
    return in_header("https://onlinetools.ups.com/security/v1/oauth/token", secrets)


def _call(asked: Asked, secrets: Secrets) -> Call:
    return Call(
        url=f"https://onlinetools.ups.com/api/track/v1/details/{asked.number}?locale=en_US",
        headers={**header(secrets), "transId": asked.number[:32], "transactionSrc": "orderwatch"},
    )


def _parse(document: Document, asked: Asked) -> tuple[Tracked, ...]:
    return Ups().parse(document, asked.number)


SOURCE = Official(
    id="ups",
    name="UPS",
    wants=("client_id", "client_secret"),
    hosts=("onlinetools.ups.com",),
    carriers=frozenset({"ups"}),
    call=_call,
    parse=_parse,
    token=_token,
    a_day=200,
)
