"""PostNL: the JSON behind jouw.postnl.nl (source: CARRIERS, row postnl; seen on answers of 2024-10 to 2026-07)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from agent.vocabulary.status import TrackingStatus
from agent.vocabulary.values import Window
from scrapers.carriers import Call, NotFound, Unreadable, Visit, carrier
from scrapers.look import Scan, Tracked
from scrapers.reading import clock
from scrapers.reading.document import Document
from scrapers.reading.judged import UNKNOWN, Judged, by_code, headline, newest, newest_first, scan, words
from scrapers.reading.layout import Layout, read

_POSTCODE = re.compile(r"^\d{4}[A-Z]{2}$")
_S10 = re.compile(r"[A-Z]{2}\d{9}[A-Z]{2}")
_S = TrackingStatus
# The phases of the page's progress bar; coarser than its words. 4 ("delivered") is left to the flag.
_PHASES = {0: _S.INFO_RECEIVED, 1: _S.IN_TRANSIT, 2: _S.IN_TRANSIT, 3: _S.OUT_FOR_DELIVERY}
_NO_MOVEMENT = {"A04", "A19", "A95", "A96", "A98", "J40"}
"""Notes of the system: a forecast was computed, the delivery may be changed."""

_INTERNATIONAL = Layout(
    carrier="postnl",
    parcel="events",
    rows="events",
    number="trackingNumber|barcode|itemId",
    headline="shipmentStatus|statusDescription",
    words="status_description|statusDescription|description",
    time="datetime_local|dateTimeLocal|datetime|date",
    place=("location.name|location|city", "country_code"),
    country="country_code",
    destination="destinationCountry|destinationCountryCode",
    onward="localTrackingNumber|partnerBarcode",
    onward_carrier="partner|localCarrier",
)
"""The answer of postnl.post, for parcels that cross a border."""


@carrier("postnl")
class PostNl:
    def visit(self, number: str, postcode: str | None) -> Visit:
        if _S10.fullmatch(number):
            return Visit(url=f"https://postnl.post/track?barcodes={number}", data_paths=("/api/v1/tracking-items",))
        code = re.sub(r"\s", "", postcode or "").upper()
        key = f"{number}-NL-{code}" if _POSTCODE.match(code) else number
        site = "https://jouw.postnl.nl/track-and-trace"
        return Visit(
            url=f"{site}/{key}",
            data=Call(url=f"{site}/api/trackAndTrace/{key}?language=en"),
            data_paths=("/api/trackAndTrace/",),
        )

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        for data in (document.data, *document.embedded):
            colli = data.get("colli") if isinstance(data, dict) else None
            if isinstance(colli, dict):
                parcels = tuple(_parcel(key, value, number) for key, value in colli.items() if isinstance(value, dict))
                if parcels:
                    return parcels
                if colli:
                    raise Unreadable("parcels (colli) of another kind")
                raise NotFound("no parcel is listed under this number")
        return read(_INTERNATIONAL, document, number)


def _parcel(key: str, colli: Mapping[str, Any], number: str | None) -> Tracked:
    rows = _observations(colli)
    scans = newest_first([_scan(row) for row in rows])
    phase = colli.get("statusPhase") if isinstance(colli.get("statusPhase"), dict) else {}
    message = str(phase.get("message") or "").strip() if phase else ""
    names = {str(colli.get(name) or "").upper() for name in ("barcode", "partnerBarcode")} | {key.upper()}
    verdict = _headline(colli, message, phase.get("index") if phase else None, scans)
    if verdict.status is _S.UNKNOWN and not scans:
        raise Unreadable("a parcel without a status and without a history")
    return Tracked(
        tracking_number=number if number and number.upper() in names else str(colli.get("barcode") or key),
        carrier="postnl",
        status=verdict.status,
        reason=verdict.reason,
        headline=message or None,
        classified_by=verdict.by,
        estimated_delivery=None if verdict.status is _S.DELIVERED else _eta(colli),
        scans=scans,
    )


def _observations(colli: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    analytics = colli.get("analyticsInfo")
    rows = analytics.get("allObservations") if isinstance(analytics, dict) else None
    rows = rows or colli.get("observations") or []
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _scan(row: Mapping[str, Any]) -> Scan:
    code = str(row.get("observationCode") or "") or None
    text = str(row.get("description") or "").strip()
    raw = row.get("observationDate")
    said = words(text) if text else UNKNOWN
    coded = by_code("postnl", code)
    if code in _NO_MOVEMENT:
        return Scan(description=text, occurred_at=clock.moment(raw), raw_time=str(raw) if raw else None, code=code)
    verdict = said if coded.status is said.status and said.reason else coded
    return scan(text, moment=clock.moment(raw), raw_time=str(raw) if raw else None, code=code, judged=verdict)


def _headline(colli: Mapping[str, Any], message: str, phase: Any, scans: tuple[Scan, ...]) -> Judged:
    said = words(message) if message else UNKNOWN
    if any(colli.get(flag) is True for flag in ("isDelivered", "isPickedUpAtRetailLocation", "isPickedUpAtPba")):
        reason = said.reason if said.status is _S.DELIVERED else None
        last = newest(scans)
        return Judged(_S.DELIVERED, reason or (last.reason if last.status is _S.DELIVERED else None), "flag")
    if any(colli.get(flag) is True for flag in ("isAtRetailLocation", "isDeliveredAtPba")):
        return Judged(_S.AVAILABLE_FOR_PICKUP, said.reason, "flag")
    verdict = headline(message, scans)
    if verdict.status is _S.DELIVERED and colli.get("isDelivered") is False:
        verdict = UNKNOWN  # words against the carrier's own flag
    if verdict.status is _S.UNKNOWN and isinstance(phase, int) and phase in _PHASES:
        return Judged(_PHASES[phase], None, "code")
    return verdict


def _eta(colli: Mapping[str, Any]) -> Window | None:
    route = colli.get("routeInformation")
    later = route.get("expectedDeliveryTimeWindow") if isinstance(route, dict) else None
    if isinstance(later, dict):
        start, end = clock.moment(later.get("startDateTime")), clock.moment(later.get("endDateTime"))
        if start and end:
            return Window(start, end)
    eta = colli.get("eta")
    if not isinstance(eta, dict):
        return None
    start, end = clock.moment(eta.get("start")), clock.moment(eta.get("end"))
    return Window(start, end) if start and end else None
