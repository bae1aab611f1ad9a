"""DHL Paket (Germany): the JSON of the tracking search, the page that carries it in a script, and older HTML pages.

Source: CARRIERS, row dhl-paket-de; layouts of 2016, 2018 and the present data call, which have `sendungen` in common.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bs4 import BeautifulSoup

from agent.vocabulary.status import TrackingStatus
from agent.vocabulary.values import Window
from scrapers.carriers import Call, NotFound, Unreadable, Visit, carrier
from scrapers.look import Scan, Tracked
from scrapers.reading import clock
from scrapers.reading.document import Document, squeeze, visible_strings
from scrapers.reading.history import histories
from scrapers.reading.judged import Judged, headline, known, newest_first, scan, scans_of_rows, words
from scrapers.reading.layout import Layout, read

_S = TrackingStatus
_NUMBER = re.compile(
    r"(?:Sendungsnummer|Shipment number|Tracking number|Numéro d'envoi)\W{0,3}\s*([0-9A-Z]{10,24})\b", re.IGNORECASE
)
_STATUS = re.compile(r"^Status(?:\s*:|\s+(?:vom|from|of)\b[^:]{0,30}(?::\d\d)?)\s*(.*)$", re.IGNORECASE)

_PIECES = Layout(
    carrier="dhl-paket-de",
    parcel="delivery-event-flag|searched-piece-code|piece-code",
    rows="data.data|data",
    number="searched-piece-code|piece-code|piece-identifier",
    headline="status|short-status",
    words="event-status|event-text",
    time="event-timestamp",
    day_first=True,
    place=("event-location", "event-country"),
    destination="dest-country",
    absent={"error|error-status": ("No data found", "Keine Daten gefunden")},
)
"""The XML of the API for customers with a contract: `data` within `data`, told in attributes."""


@carrier("dhl-paket-de")
class DhlPaketDe:
    def visit(self, number: str, postcode: str | None) -> Visit:
        code = re.sub(r"\s", "", postcode or "")
        more = f"&zip={code}" if re.fullmatch(r"\d{5}", code) else ""
        return Visit(
            url=f"https://www.dhl.de/en/privatkunden/dhl-sendungsverfolgung.html?piececode={number}",
            data=Call(url=f"https://www.dhl.de/int-verfolgen/data/search?piececode={number}&language=en{more}"),
            data_paths=("/int-verfolgen/data/search", "/data/search"),
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        for data in (document.data, *document.embedded):
            if isinstance(data, dict) and isinstance(data.get("sendungen"), list):
                return _parcels(data["sendungen"], number)
        if document.soup is not None:
            return (_page(document.soup),)
        return read(_PIECES, document, number)


def _parcels(sendungen: list[Any], number: str | None) -> tuple[Tracked, ...]:
    found: list[Tracked] = []
    unknown = False
    for sendung in sendungen:
        if not isinstance(sendung, dict):
            continue
        details = sendung.get("sendungsdetails")
        absent = sendung.get("sendungNichtGefunden")
        if isinstance(absent, dict) and (absent.get("keineDatenVerfuegbar") or absent.get("keineDhlPaketSendung")):
            unknown = True
        elif isinstance(details, dict):
            found.append(_parcel(sendung, details, number))
    if found:
        return tuple(found)
    if unknown:
        raise NotFound("sendungNichtGefunden")
    raise Unreadable("sendungen without details")


def _parcel(sendung: Mapping[str, Any], details: Mapping[str, Any], number: str | None) -> Tracked:
    course = details.get("sendungsverlauf") if isinstance(details.get("sendungsverlauf"), dict) else {}
    events = course.get("events") if course else None
    scans = newest_first(
        [_scan(event) for event in events if isinstance(event, dict)] if isinstance(events, list) else []
    )
    full = _plain(str(course.get("aktuellerStatus") or "")) if course else ""
    short = _plain(str(course.get("kurzStatus") or "")) if course else ""
    if not scans and not full and not short:
        raise Unreadable("no sendungsverlauf")
    names = _numbers(sendung, details)
    back, done = details.get("ruecksendung") is True, details.get("istZugestellt")
    said = headline(full if known(full) or not short else short, scans)
    if done is True:
        reason = said.reason if said.status is _S.DELIVERED else None
        verdict = Judged(_S.RETURNED if back else _S.DELIVERED, None if back else reason, "flag")
    elif back:
        verdict = Judged(_S.RETURNING, words(full).reason, "flag")
    elif said.status is _S.DELIVERED and done is False:
        verdict = Judged()  # words against the carrier's own flag
    else:
        verdict = said
    return Tracked(
        tracking_number=number if number and number.lstrip("0") in names else (names[0] if names else None),
        carrier="dhl-paket-de",
        status=verdict.status,
        reason=verdict.reason,
        headline=short or full or None,
        classified_by=verdict.by,
        estimated_delivery=_eta(details) if verdict.status not in {_S.DELIVERED, _S.RETURNED} else None,
        scans=scans,
    )


def _numbers(sendung: Mapping[str, Any], details: Mapping[str, Any]) -> list[str]:
    info, own = sendung.get("sendungsinfo"), details.get("sendungsnummern")
    found = [str(value) for value in (own.values() if isinstance(own, dict) else []) if isinstance(value, str | int)]
    if isinstance(info, dict) and info.get("gesuchteSendungsnummer"):
        found.append(str(info["gesuchteSendungsnummer"]))
    if sendung.get("id"):
        found.append(str(sendung["id"]))
    return [*dict.fromkeys(found), *dict.fromkeys(name.lstrip("0") for name in found)]


def _scan(event: Mapping[str, Any]) -> Scan:
    raw = event.get("datum")
    text = _plain(str(event.get("status") or ""))
    judged = None
    if event.get("ruecksendung") is True and words(text).status in {_S.IN_TRANSIT, _S.UNKNOWN}:
        judged = Judged(_S.RETURNING, None, "flag")
    place = _plain(str(event.get("ort") or ""))
    return scan(text, moment=clock.moment(raw), raw_time=str(raw) if raw else None, location=place, judged=judged)


def _plain(text: str) -> str:
    """The words of a field that may carry links."""
    return squeeze(BeautifulSoup(text, "lxml").get_text(" ")) if "<" in text else squeeze(text)


def _eta(details: Mapping[str, Any]) -> Window | None:
    delivery = details.get("zustellung")
    if not isinstance(delivery, dict):
        return None
    start = clock.moment(delivery.get("zustellzeitfensterVon"))
    end = clock.moment(delivery.get("zustellzeitfensterBis"))
    return Window(start, end) if start and end else None


def _page(soup: BeautifulSoup) -> Tracked:
    """The HTML pages: a table (2016) or a list of terms (2018) of date, place and words."""
    found = [h for h in histories(soup, known, day_first=True) if any(known(row.words) for row in h.rows)]
    lines = visible_strings(soup)
    text = "\n".join(lines)
    if not found:
        raise Unreadable("no history on the page")
    best = max(found, key=lambda h: sum(known(row.words) for row in h.rows))
    scans = scans_of_rows(best.rows)
    said = _headline(lines)
    verdict = headline(said, scans)
    number = _NUMBER.search(text)
    return Tracked(
        tracking_number=number.group(1) if number else None,
        carrier="dhl-paket-de",
        status=verdict.status,
        reason=verdict.reason,
        headline=said,
        classified_by=verdict.by,
        scans=scans,
    )


def _headline(lines: list[str]) -> str | None:
    for index, line in enumerate(lines):
        match = _STATUS.match(line)
        if match:
            after = squeeze(match.group(1))
            candidate = after or (lines[index + 1] if index + 1 < len(lines) else "")
            if len(candidate) > 3:
                return candidate
    return None
