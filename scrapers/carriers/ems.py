"""EMS Cooperative: a table of an item's events in the words of the UPU, for numbers that begin with E alone.

Source: CARRIERS, row ems. "Does not denote an EMS item" is said of other services' numbers too: no `not found`.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from agent.vocabulary.languages import fold
from scrapers.carriers import Call, Unreadable, Visit, carrier
from scrapers.look import Tracked
from scrapers.reading import dig, paths, printed
from scrapers.reading.document import Document, read


@carrier("ems")
class Ems:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(
            url="https://www.ems.post/en/global-network/tracking",
            data=Call(
                url="https://items.ems.post/api/publicTracking/track?language=EN&itemId=" + quote(number, safe="")
            ),
            script=False,
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        if "does not denote an ems item" in fold(document.visible):
            raise Unreadable("the service says that this is no EMS number")
        if document.soup is None:  # the table may come as a field of an answer
            fragment = next((text for text in _texts(document) if "<t" in text.lower()), None)
            if fragment is None:
                raise Unreadable("no table in the answer")
            document = read(fragment.encode())
        return printed.read("ems", document, number)


def _texts(document: Document) -> Iterator[str]:
    for data in dig.sources(document):
        for held in paths.objects(data):
            yield from (value for value in held.values() if isinstance(value, str))
