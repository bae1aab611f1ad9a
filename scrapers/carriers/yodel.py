"""Yodel: a page with the scans of a parcel; the recipient's postcode goes into its address where it is known.

Source: CARRIERS, row yodel.
"""

from __future__ import annotations

from urllib.parse import quote

from scrapers.carriers import Visit, carrier
from scrapers.look import Tracked
from scrapers.reading import printed
from scrapers.reading.document import Document


@carrier("yodel")
class Yodel:
    def visit(self, number: str, postcode: str | None) -> Visit:
        key, code = quote(number, safe=""), quote((postcode or "").replace(" ", ""), safe="")
        site = "https://www.yodel.co.uk/tracking"
        return Visit(url=f"{site}/{key}/{code}" if code else f"{site}/{key}")

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return printed.read("yodel", document, number, day_first=True)
