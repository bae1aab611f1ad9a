"""A carrier's page that is a table of rows: the best history on it, its rows judged by the carrier's own words first.

A post that prints one of a few fixed words per row has them as `codes` in its data file.
"""

from __future__ import annotations

from agent.vocabulary.status import TrackingStatus
from scrapers.carriers import Unreadable
from scrapers.look import Scan, Tracked
from scrapers.reading.document import Document
from scrapers.reading.history import History, Row, histories
from scrapers.reading.identity import echoes, find_numbers, same_number
from scrapers.reading.judged import by_code, headline, known, newest_first, scan
from scrapers.reading.legs import with_other_legs
from scrapers.reading.onward import printed_onward


def read(carrier: str, document: Document, number: str | None, *, day_first: bool | None = None) -> tuple[Tracked, ...]:
    """The parcel of a page. Raises Unreadable; what its words say then is asked of `scrapers.reading.answers`."""
    soup = document.soup
    if soup is None:
        raise Unreadable("not a page")

    def knows(text: str) -> bool:
        return known(text) or by_code(carrier, text).status is not TrackingStatus.UNKNOWN

    def weight(history: History) -> tuple[int, int]:
        return sum(knows(row.words) for row in history.rows), len(history.rows)

    names = [name for name, _ in find_numbers(soup, number)]
    numbered = bool(names) or (number is not None and echoes(document.text, number))
    found = [one for one in histories(soup, knows, day_first) if _sure(*weight(one), numbered)]
    if not found:
        raise Unreadable("no rows of dates and words on the page")
    best = with_other_legs(max(found, key=weight), found, knows)
    scans = newest_first([_scan(carrier, row) for row in best.rows])
    verdict = headline(None, scans)
    own = next((n for n in names if number and same_number(n, number)), names[0] if names else None)
    return (
        Tracked(
            tracking_number=own,
            carrier=carrier,
            status=verdict.status,
            reason=verdict.reason,
            classified_by=verdict.by,
            scans=scans,
            onward=printed_onward(document.visible, own),
        ),
    )


def _sure(known: int, rows: int, numbered: bool) -> bool:
    """Whether a list is of a parcel: news of the service has dates and words too, but no number beside it."""
    return known * 4 >= rows and known > 0 if numbered else known * 2 >= rows and known > 1


def _scan(carrier: str, row: Row) -> Scan:
    coded = by_code(carrier, row.words)
    return scan(row.words, moment=row.moment, raw_time=row.raw_time, location=row.place, judged=coded)
