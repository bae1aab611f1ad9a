"""FedEx Track v1 with the client id and secret of a free project (developer.fedex.com).

Source: CARRIERS, row fedex. The same digits may stand for an old parcel too: then the answer names both.
"""

from __future__ import annotations

from scrapers.carriers import Call
from scrapers.carriers.fedex import FedEx
from scrapers.look import Tracked
from scrapers.official import Asked, Official, Secrets
from scrapers.official.bearer import header, in_form
from scrapers.reading.document import Document


def _token(secrets: Secrets) -> Call:
    return in_form("https://apis.fedex.com/oauth/token", secrets)


def _call(asked: Asked, secrets: Secrets) -> Call:
    wanted = {"includeDetailedScans": True, "trackingInfo": [{"trackingNumberInfo": {"trackingNumber": asked.number}}]}
    return Call(
        url="https://apis.fedex.com/track/v1/trackingnumbers",
        headers={**header(secrets), "X-locale": "en_US"},
        json=wanted,
    )


def _parse(document: Document, asked: Asked) -> tuple[Tracked, ...]:
    return FedEx().parse(document, asked.number)


SOURCE = Official(
    id="fedex",
    name="FedEx",
    wants=("client_id", "client_secret"),
    hosts=("apis.fedex.com",),
    carriers=frozenset({"fedex"}),
    call=_call,
    parse=_parse,
    token=_token,
    a_day=300,
)
