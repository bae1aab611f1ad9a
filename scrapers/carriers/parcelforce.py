"""Parcelforce: a page with date, time, place and words of each scan.

Source: CARRIERS, row parcelforce.
"""

from __future__ import annotations

from urllib.parse import quote

from scrapers import printed
from scrapers.carriers import Visit, carrier
from scrapers.document import Document
from scrapers.look import Tracked


@carrier("parcelforce")
class Parcelforce:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(url=f"https://www.parcelforce.com/track-trace?trackNumber={quote(number, safe='')}", plain=False)

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return printed.read("parcelforce", document, number, day_first=True)
