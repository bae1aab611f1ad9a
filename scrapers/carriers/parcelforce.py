"""Parcelforce: a page with date, time, place and words of each scan.

Source: CARRIERS, row parcelforce.
"""

from __future__ import annotations

from urllib.parse import quote

from scrapers.carriers import Visit, carrier
from scrapers.look import Tracked
from scrapers.reading import printed
from scrapers.reading.document import Document


@carrier("parcelforce")
class Parcelforce:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(url=f"https://www.parcelforce.com/track-trace?trackNumber={quote(number, safe='')}", plain=False)

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return printed.read("parcelforce", document, number, day_first=True)
