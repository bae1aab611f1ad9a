"""India Post: a table of date, time, office and event. Its page asks for a CAPTCHA.

Source: CARRIERS, row india-post.
"""

from __future__ import annotations

from scrapers.carriers import Visit, carrier
from scrapers.look import Tracked
from scrapers.reading import printed
from scrapers.reading.document import Document


@carrier("india-post")
class IndiaPost:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(url="https://www.indiapost.gov.in", plain=False)

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return printed.read("india-post", document, number, day_first=True)
