"""USPS Tracking v3 with the consumer key and secret of a vetted business account (developers.usps.com).

Source: CARRIERS, row usps; 60 requests an hour unless USPS grants more.
"""

from __future__ import annotations

from scrapers.carriers import Call
from scrapers.carriers.usps import Usps
from scrapers.look import Tracked
from scrapers.official import Asked, Official, Secrets
from scrapers.official.bearer import header, in_form
from scrapers.reading.document import Document


def _token(secrets: Secrets) -> Call:
    return in_form("https://apis.usps.com/oauth2/v3/token", secrets, scope="tracking")


def _call(asked: Asked, secrets: Secrets) -> Call:
    return Call(
        url=f"https://apis.usps.com/tracking/v3/tracking/{asked.number}?expand=DETAIL",
        headers={**header(secrets), "Accept": "application/json"},
    )


def _parse(document: Document, asked: Asked) -> tuple[Tracked, ...]:
    return Usps().parse(document, asked.number)


SOURCE = Official(
    id="usps",
    name="USPS",
    wants=("client_id", "client_secret"),
    hosts=("apis.usps.com",),
    carriers=frozenset({"usps"}),
    call=_call,
    parse=_parse,
    token=_token,
    a_day=300,
    pause=5.0,
)
