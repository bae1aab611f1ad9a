"""Japan Post: server-rendered tables of details and history; a row of the history is a pair of table rows.

Source: CARRIERS, row japan-post. Dates of the English page have the month first, of the Japanese one the year.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from bs4.element import Tag

from agent.vocabulary.status import TrackingStatus
from agent.vocabulary.values import Place
from scrapers.carriers import Unreadable, Visit, carrier
from scrapers.look import Scan, Tracked
from scrapers.reading.document import Document, squeeze
from scrapers.reading.history import History, Row, histories
from scrapers.reading.judged import Judged, headline, known, newest_first, scan, words

_NUMBER = re.compile(r"(?<![A-Z0-9])(?:[A-Z]{2}\d{9}[A-Z]{2}|\d{4}-?\d{4}-?\d{4})(?![A-Z0-9])")
_POSTCODE = re.compile(r"^\d{3}-?\d{4}$|^\d{4,6}$")
_HISTORY = re.compile(r"履歴|history|record", re.IGNORECASE)


@carrier("japan-post")
class JapanPost:
    def visit(self, number: str, postcode: str | None) -> Visit:
        site = "https://trackings.post.japanpost.jp/services/srv/search/direct"
        return Visit(url=f"{site}?reqCodeNo1={quote(number, safe='')}&locale=en", script=False)

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        soup = document.soup
        if soup is None:
            raise Unreadable("not a page")
        found = [h for h in histories(soup, known, day_first=False) if len(h.rows) and _is_history(h)]
        if not found:
            raise Unreadable("no history table on the page")
        numbers = _numbers(soup)
        parcels = [
            _tracked(numbers[index] if index < len(numbers) else None, history) for index, history in enumerate(found)
        ]
        return tuple(parcels)


def _is_history(history: History) -> bool:
    summary = str(history.element.get("summary") or "")
    return bool(_HISTORY.search(summary)) or any(known(row.words) for row in history.rows)


def _numbers(soup: Tag) -> list[str]:
    found: list[str] = []
    for cell in soup.find_all(["td", "dd", "h1", "h2", "h3", "p", "span"]):
        match = _NUMBER.fullmatch(squeeze(cell.get_text(" ")).upper())
        if match and match.group().replace("-", "") not in found:
            found.append(match.group().replace("-", ""))
    if not found:
        match = _NUMBER.search(soup.get_text(" ").upper())
        found = [match.group().replace("-", "")] if match else []
    return found


def _tracked(number: str | None, history: History) -> Tracked:
    scans = newest_first([_scan(row) for row in history.rows])
    verdict = headline(None, scans)
    return Tracked(
        tracking_number=number,
        carrier="japan-post",
        status=verdict.status,
        reason=verdict.reason,
        headline=scans[0].description if scans else None,
        classified_by=verdict.by,
        scans=scans,
    )


def _scan(row: Row) -> Scan:
    postcode = next((text for text in row.others if _POSTCODE.match(text)), None)
    region = next(
        (text for text in row.others if not _POSTCODE.match(text) and len(text) <= 40 and not known(text)), None
    )
    office = row.place
    location = ", ".join(part for part in (office, region) if part)
    place = Place(city=office or region, postcode=postcode) if location or postcode else None
    said = words(row.words)
    if said.status is TrackingStatus.RETURNED:  # printed when it is sent back, not when it is back
        more = next((told.reason for text in row.others if (told := words(text)).reason), None)
        said = Judged(TrackingStatus.RETURNING, said.reason or more, "words")
    return scan(row.words, moment=row.moment, raw_time=row.raw_time, location=location, place=place, judged=said)
