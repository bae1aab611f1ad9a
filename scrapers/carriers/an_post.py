"""An Post: a page with the history of an item.

Source: CARRIERS, row an-post (data file).
"""

from __future__ import annotations

from urllib.parse import quote

from scrapers.carriers import Visit, carrier
from scrapers.look import Tracked
from scrapers.reading import printed
from scrapers.reading.document import Document


@carrier("an-post")
class AnPost:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(url=f"https://www.anpost.com/Post-Parcels/Track/History?item={quote(number, safe='')}")

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return printed.read("an-post", document, number, day_first=True)
