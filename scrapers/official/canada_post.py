"""Canada Post's tracking service (XML), with the user name and password of a developer's key.

Source: CARRIERS, row canada-post. Expired and unknown numbers share one answer, code 004.
"""

from __future__ import annotations

from scrapers.carriers import Call
from scrapers.carriers.canada_post import CanadaPost
from scrapers.look import Tracked
from scrapers.official import Asked, Official, Secrets
from scrapers.official.bearer import basic
from scrapers.reading.document import Document


def _call(asked: Asked, secrets: Secrets) -> Call:
    return Call(
        url=f"https://soa-gw.canadapost.ca/vis/track/pin/{asked.number}/detail",
        headers={**basic(secrets), "Accept": "application/vnd.cpc.track-v2+xml", "Accept-Language": "en-CA"},
    )


def _parse(document: Document, asked: Asked) -> tuple[Tracked, ...]:
    return CanadaPost().parse(document, asked.number)


SOURCE = Official(
    id="canada-post",
    name="Canada Post",
    wants=("client_id", "client_secret"),
    hosts=("soa-gw.canadapost.ca",),
    carriers=frozenset({"canada-post"}),
    call=_call,
    parse=_parse,
    a_day=300,
)
