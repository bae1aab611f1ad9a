"""USPS: the server-rendered tracking page in its layouts since 2015, and the XML of its Web Tools answer.

Source: CARRIERS, row usps; event codes as printed in Web Tools answers of 2014 and 2015.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from bs4.element import Tag

from agent.vocabulary.status import TrackingStatus
from agent.vocabulary.values import Place, Window
from scrapers.carriers import NotFound, Unreadable, Visit, carrier
from scrapers.look import Scan, Tracked
from scrapers.reading import answers, clock
from scrapers.reading.document import Document, squeeze
from scrapers.reading.history import History, histories
from scrapers.reading.judged import UNKNOWN, Judged, by_code, headline, known, newest_first, scan, scans_of_rows, words
from scrapers.reading.layout import Layout, read
from scrapers.reading.weighed import in_order

_S = TrackingStatus
_CATEGORIES = {
    "pre-shipment": _S.INFO_RECEIVED,
    "accepted": _S.IN_TRANSIT,
    "in transit": _S.IN_TRANSIT,
    "in-transit": _S.IN_TRANSIT,
    "out for delivery": _S.OUT_FOR_DELIVERY,
    "available for pickup": _S.AVAILABLE_FOR_PICKUP,
    "delivery attempt": _S.DELIVERY_ATTEMPTED,
    "delivered": _S.DELIVERED,
    "alert": _S.EXCEPTION,
}
_API = Layout(
    carrier="usps",
    parcel="trackingEvents|statusCategory",
    rows="trackingEvents",
    number="trackingNumber",
    headline="status|statusCategory",
    words="eventType|event|name",
    time="eventTimestamp",
    zone="GMTOffset",
    place=("eventCity", "eventState", "eventZIP", "eventCountry"),
    postcode="eventZIP",
    country="eventCountry",
    row_code=("eventCode",),
    expected=("expectedDeliveryTimeStamp|expectedDeliveryDate", "expectedDeliveryTimeStamp|expectedDeliveryDate"),
    to_city="destinationCity",
    to_postcode="destinationZIP",
    destination="destinationCountryCode",
    absent={"error.code|error.errors.code": ("404", "-2147219283", "150001", "150002")},
)
"""The JSON of the present official API."""
_NUMBER_CLASS = re.compile(r"tracking[-_]?number", re.IGNORECASE)
_HEADLINES = (
    ".current-step .tb-status-detail",
    ".current-step .tb-status",
    ".delivery_status .status_feed .important",
    ".delivery_status h2",
    ".delivery-status-text",
    ".latest-detail .info-text",
)
_ETA = ".expected_delivery, .delivery-status-update, .expected-delivery, .eta_wrap"
_CLASS = re.compile(r"\.([\w-]+)")
"""Class names of a selector: looking for one that the page nowhere has takes long."""
_ITEM_NUMBER = re.compile(r"(?<![A-Z0-9])(?:\d[\d ]{18,40}\d|[A-Z]{2}[\d ]{9,13}[A-Z]{2})(?![A-Z0-9])")


@carrier("usps")
class Usps:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(url=f"https://tools.usps.com/go/TrackConfirmAction?tLabels={number}", plain=False)

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        if document.soup is not None:
            return tuple(_pages(document, document.soup))
        infos = _infos(document.data)
        if not infos:
            return read(_API, document, number)
        return tuple(_parcel(info) for info in infos)


# --- the XML answer ---------------------------------------------------------------------------------------------


def _infos(data: Any) -> list[Mapping[str, Any]]:
    root = data.get("TrackResponse") if isinstance(data, dict) else None
    infos = root.get("TrackInfo") if isinstance(root, dict) else None
    infos = infos if isinstance(infos, list) else [infos]
    return [info for info in infos if isinstance(info, dict)]


def _parcel(info: Mapping[str, Any]) -> Tracked:
    error = info.get("Error")
    if isinstance(error, dict):
        raise NotFound(str(error.get("Description") or "error of the carrier"))
    details = info.get("TrackDetail")
    rows = [info.get("TrackSummary"), *(details if isinstance(details, list) else [details])]
    scans = tuple(_scan(row) for row in rows if isinstance(row, dict))
    if not scans:
        raise Unreadable("TrackInfo without rows")
    verdict = _verdict(info, scans)
    window = clock.moment(info.get("PredictedDeliveryDate") or info.get("ExpectedDeliveryDate"))
    return Tracked(
        tracking_number=str(info.get("ID") or "") or None,
        carrier="usps",
        status=verdict.status,
        reason=verdict.reason,
        headline=str(info.get("Status") or info.get("StatusSummary") or "") or None,
        classified_by=verdict.by,
        estimated_delivery=Window(window, window) if window and verdict.status is not _S.DELIVERED else None,
        scans=in_order(scans),
    )


def _verdict(info: Mapping[str, Any], scans: tuple[Scan, ...]) -> Judged:
    category = _CATEGORIES.get(str(info.get("StatusCategory") or "").strip().lower())
    said = headline(str(info.get("Status") or "") or None, scans)
    if category is None or category is said.status:
        return said if said.status is not _S.UNKNOWN else UNKNOWN
    if said.status is _S.UNKNOWN or category is _S.DELIVERED:
        return Judged(category, None, "code")
    return said if category in {_S.IN_TRANSIT, _S.EXCEPTION} else Judged(category, None, "code")


def _scan(row: Mapping[str, Any]) -> Scan:
    text = squeeze(str(row.get("Event") or ""))
    raw = squeeze(f"{row.get('EventDate') or ''} {row.get('EventTime') or ''}")
    city, state, postcode = (str(row.get(f"Event{name}") or "") for name in ("City", "State", "ZIPCode"))
    country = str(row.get("EventCountry") or "")
    code = str(row.get("EventCode") or "") or None
    said, coded = words(text), by_code("usps", code)
    location = ", ".join(part for part in (city, state, postcode, country) if part)
    place = Place(city=city or None, postcode=postcode or None, country=country or ("US" if state else None))
    return scan(
        text,
        moment=clock.moment(raw, day_first=False),
        raw_time=raw or None,
        location=location,
        place=place if location else None,
        code=code,
        judged=said if said.status is coded.status else coded,
    )


# --- the pages --------------------------------------------------------------------------------------------------


def _pages(document: Document, soup: Tag) -> Iterable[Tracked]:
    """One parcel per printed number that has a history of its own."""
    marks = _numbers(soup)
    order = {id(element): index for index, element in enumerate(soup.find_all(True))}

    def owner(element: Tag) -> str | None:
        before = [number for number, mark in marks if order.get(id(mark), 0) <= order.get(id(element), 0)]
        return before[-1] if before else (marks[0][0] if marks else None)

    steps: dict[str | None, list[Tag]] = {}
    for step in soup.select(".tb-step") if "tb-step" in document.text else []:
        if step.select_one(".tb-date") and step.select_one(".tb-status-detail, .tb-status"):
            steps.setdefault(owner(step), []).append(step)
    for number, own_steps in steps.items():
        scope = _scope(own_steps[0], marks, number) if len(marks) > 1 else soup
        yield _tracked(scope, document.text, number, newest_first([_step(step) for step in own_steps]))
    if steps:
        return
    found: dict[str | None, list[History]] = {}
    for history in histories(soup, known, day_first=False):
        if sum(known(row.words) for row in history.rows):
            found.setdefault(owner(history.element), []).append(history)
    if not found:
        unknown = answers.not_found(document)
        if unknown:
            raise NotFound(unknown)
        yield from _headlines_only(soup, document.text, marks)
        return
    many = len(found) > 1
    for number, own in found.items():
        best = max(own, key=lambda h: sum(known(row.words) for row in h.rows))
        scope = _scope(best.element, marks, number) if many else soup
        yield _tracked(scope, document.text, number, scans_of_rows(best.rows, _placed))


def _step(step: Tag) -> Scan:
    """One step of today's page: its detail are the words, its category (`Alert`) decides where nobody knows them."""

    def text(name: str) -> str:
        element = step.select_one(name)
        return squeeze(element.get_text(" ")) if element else ""

    category, raw = text(".tb-status"), text(".tb-date")
    printed = step.select_one(".tb-location")
    lines = [line for part in (printed.strings if printed else ()) if (line := squeeze(part))]
    detail = text(".tb-status-detail") or category
    return scan(
        detail,
        moment=clock.moment(raw, day_first=False),
        raw_time=raw or None,
        location=", ".join(lines),
        place=_placed(lines[-1]) if lines else None,
        judged=None if known(detail) else words(category),
    )


def _numbers(soup: Tag) -> list[tuple[str, Tag]]:
    found: list[tuple[str, Tag]] = []
    for element in soup.find_all(class_=_NUMBER_CLASS):
        match = _ITEM_NUMBER.search(element.get_text(" ").upper())
        if match:
            number = re.sub(r"\s", "", match.group())
            if number not in [name for name, _ in found]:
                found.append((number, element))
    if found:
        return found
    text = re.search(
        r"(?:Tracking Number|Label Number)\W{0,4}\s*(" + _ITEM_NUMBER.pattern + ")",
        soup.get_text("\n").upper(),  # what stands in the next cell is no part of the number
        re.IGNORECASE,
    )
    return [(re.sub(r"\s", "", text.group(1)), soup)] if text else []


def _scope(element: Tag, marks: list[tuple[str, Tag]], number: str | None) -> Tag:
    """The largest part of the page around a history that names no other parcel."""
    others = [mark for name, mark in marks if name != number]
    scope = element
    for parent in element.parents:
        inside = {id(child) for child in parent.find_all(True)}
        if any(id(other) in inside for other in others):
            break
        scope = parent
    return scope


def _tracked(scope: Tag, source: str, number: str | None, scans: tuple[Scan, ...]) -> Tracked:
    said = _headline(scope, source)
    verdict = headline(said, scans)
    return Tracked(
        tracking_number=number,
        carrier="usps",
        status=verdict.status,
        reason=verdict.reason,
        headline=said,
        classified_by=verdict.by,
        estimated_delivery=_eta(scope, source) if verdict.status is not _S.DELIVERED else None,
        scans=scans,
    )


def _placed(location: str) -> Place:
    """`MADISON, WI 53703` or `GERMANY`, as the page writes places."""
    match = re.fullmatch(r"(.+?),\s*([A-Z]{2})\s+(\d{5})(?:-?\d{4})?", location)
    if match:
        return Place(city=match[1], postcode=match[3], country="US")
    return Place(city=location)


def _headlines_only(soup: Tag, source: str, marks: list[tuple[str, Tag]]) -> Iterable[Tracked]:
    said = _headline(soup, source)
    if not said or not known(said) or len(marks) != 1:
        raise Unreadable("no history and no headline on the page")
    yield _tracked(soup, source, marks[0][0], ())


def _headline(scope: Tag, source: str) -> str | None:
    for selector in _HEADLINES:
        element = scope.select_one(selector) if _CLASS.findall(selector)[-1] in source else None
        text = squeeze(element.get_text(" ")) if element else ""
        if text and known(text):
            return text
    return None


def _eta(scope: Tag, source: str) -> Window | None:
    if not any(name in source for name in _CLASS.findall(_ETA)):
        return None
    for element in scope.select(_ETA):
        day = re.search(r"(\d{1,2})\s+([A-Z][a-z]+)\s+(20\d{2})", squeeze(element.get_text(" ")))
        moment = clock.moment(day.group() if day else squeeze(element.get_text(" "))[:120], day_first=False)
        if moment:
            return Window(moment, moment)
    return None
