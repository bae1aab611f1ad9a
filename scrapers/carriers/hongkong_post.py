"""Hongkong Post: a page with dates, places and words.

Source: CARRIERS, row hongkong-post.
"""

from __future__ import annotations

from urllib.parse import quote

from scrapers import printed
from scrapers.carriers import Visit, carrier
from scrapers.document import Document
from scrapers.look import Tracked


@carrier("hongkong-post")
class HongkongPost:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(url=f"https://www.hongkongpost.hk/en/mail_tracking/index.html?tracknbr={quote(number, safe='')}")

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return printed.read("hongkong-post", document, number, day_first=True)
