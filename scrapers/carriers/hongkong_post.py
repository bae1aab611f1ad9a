"""Hongkong Post: a page with dates, places and words.

Source: CARRIERS, row hongkong-post.
"""

from __future__ import annotations

from urllib.parse import quote

from scrapers.carriers import Visit, carrier
from scrapers.look import Tracked
from scrapers.reading import printed
from scrapers.reading.document import Document


@carrier("hongkong-post")
class HongkongPost:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(url=f"https://www.hongkongpost.hk/en/mail_tracking/index.html?tracknbr={quote(number, safe='')}")

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return printed.read("hongkong-post", document, number, day_first=True)
