"""Korea Post: a page with a table of rows, in Korean or English; its fixed words are codes in the data file.

Source: CARRIERS, row korea-post.
"""

from __future__ import annotations

from urllib.parse import quote

from scrapers.carriers import Visit, carrier
from scrapers.look import Tracked
from scrapers.reading import printed
from scrapers.reading.document import Document


@carrier("korea-post")
class KoreaPost:
    def visit(self, number: str, postcode: str | None) -> Visit:
        service = "https://service.epost.go.kr/trace"
        key = quote(number, safe="")
        if number.isdigit():
            return Visit(url=f"{service}.RetrieveDomRigiTraceList.comm?sid1={key}&displayHeader=N", script=False)
        return Visit(url=f"{service}.RetrieveEmsRigiTraceList.comm?POST_CODE={key}&displayHeader=N", script=False)

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return printed.read("korea-post", document, number)
