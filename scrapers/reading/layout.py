"""A carrier's answer described as data: where its parcels, rows, codes and numbers stand. `read` does the rest.

Headline status: the carrier's flag, then its code, then words, then the newest row; codes mean what the carrier's data
file says they mean. Paths are those of `scrapers.reading.paths`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from agent.vocabulary.status import TrackingStatus
from agent.vocabulary.values import Moment, Place, Window
from scrapers.carriers import NotFound, Unreadable
from scrapers.look import Onward, Scan, Tracked
from scrapers.reading import clock, dig, paths
from scrapers.reading.document import Document
from scrapers.reading.identity import normalised, same_number
from scrapers.reading.judged import UNKNOWN, Judged, by_code, scan, words
from scrapers.reading.onward import LAST_CARRIER, LAST_MILE, onward
from scrapers.reading.verdict import judge
from scrapers.reading.weighed import in_order, weighed

_S = TrackingStatus
MOST_ROWS = 500
_ENDS = {_S.DELIVERED, _S.RETURNED}
_EARLY = {_S.INFO_RECEIVED, _S.UNKNOWN}
_ZONE = re.compile(r"^(?:GMT|UTC)?\s*([+-]?)\s*(\d{1,2})(?::?(\d{2}))?$", re.IGNORECASE)
_BARE_CLOCK = re.compile(r"^(\d{1,2}?)(\d{2})(\d{2})?$")
_NUMBER = re.compile(r"^[A-Z0-9]{6,40}$")


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Where things stand in a carrier's answer; an empty path is a field that it does not have."""

    carrier: str
    parcel: str
    """What an object of a parcel has: paths of which one leads to its rows or status."""
    rows: str
    """The lists of its rows: several, joined by `+`, are legs of one parcel, first leg first."""
    number: str = ""
    """All names of the parcel, its own first, joined by `|`."""
    headline: str = ""
    code: str = ""
    delivered: str = ""
    """A yes-or-no field."""
    returned: str = ""
    words: str
    more: str = ""
    """Words in full, where the short ones mean nothing to anybody."""
    time: str
    clock: str = ""
    """Of a row whose time is told apart from its day."""
    zone: str = ""
    epochs: bool = True
    """False: times told as numbers are wrong, only printed ones count."""
    day_first: bool | None = None
    place: tuple[str, ...] = ()
    """Parts of the printed place, joined by commas."""
    postcode: str = ""
    country: str = ""
    row_code: tuple[str, ...] = ()
    """Parts of a row's code, joined by dashes."""
    absent: Mapping[str, Sequence[str]] | None = None
    """By path, values by which the carrier says that it knows no such number; no values: whatever stands there."""
    expected: tuple[str, str] = ("", "")
    """First and last moment of the promised delivery."""
    destination: str = ""
    """The country, or the country's name, to which the parcel goes."""
    to_city: str = ""
    to_postcode: str = ""
    onward: str = ""
    onward_carrier: str = ""


def read(layout: Layout, document: Document, number: str | None) -> tuple[Tracked, ...]:
    """The parcels of an answer. Raises NotFound or Unreadable."""
    said: str | None = None
    for data in dig.sources(document):
        found = [tracked(layout, held, number) for held in _parcels(layout, data)]
        parcels = tuple(parcel for parcel in found if parcel is not None)
        if parcels:
            return parcels
        said = said or unknown(layout, data)
    if said:
        raise NotFound(said)
    raise Unreadable(f"no rows ({layout.rows.split('|')[0]}) in the answer")


def read_one_of(layouts: Sequence[Layout], document: Document, number: str | None) -> tuple[Tracked, ...]:
    """The parcels by the first of a carrier's layouts that fits. Raises NotFound or Unreadable."""
    for layout in layouts[:-1]:
        try:
            return read(layout, document, number)
        except Unreadable:
            continue
    return read(layouts[-1], document, number)


def unknown(layout: Layout, data: Any) -> str | None:
    """What the answer says by which the carrier does not know the number, or None."""
    for ways, values in (layout.absent or {}).items():
        wanted = {paths.bare(value) for value in values}
        for path in ways.split("|"):
            for held in paths.holders(data, path):
                stated = paths.flag(held, path)
                told = paths.text(held, path) or (str(stated) if stated is not None else None)
                if told is not None and (paths.bare(told) in wanted or not values):
                    return f"{path}: {told}"[:200]
    return None


def _parcels(layout: Layout, data: Any) -> list[Mapping[str, Any]]:
    """The outermost objects that look like a parcel."""
    found: list[Mapping[str, Any]] = []
    inside: set[int] = set()
    for held in paths.holders(data, layout.parcel):
        if id(held) in inside:
            continue
        found.append(held)
        inside.update(id(inner) for inner in paths.holders(held, layout.parcel))
    return found


def tracked(layout: Layout, data: Mapping[str, Any], number: str | None) -> Tracked | None:
    """One parcel; None where neither rows nor a status are told."""
    scans = scans_of(layout, data)
    said = paths.text(data, layout.headline)
    coded = by_code(layout.carrier, paths.text(data, layout.code))
    verdict = judge(
        scans,
        said=said,
        coded=coded,
        delivered=paths.flag(data, layout.delivered),
        returned=paths.flag(data, layout.returned),
    )
    if not scans and verdict.status in _EARLY - {_S.INFO_RECEIVED}:
        return None
    names = names_of(layout, data)
    return Tracked(
        tracking_number=next((n for n in names if number and same_number(n, number)), names[0] if names else None),
        carrier=layout.carrier,
        status=verdict.status,
        reason=verdict.reason,
        headline=said,
        classified_by=verdict.by,
        estimated_delivery=None if verdict.status in _ENDS else _window(layout, data),
        scans=scans,
        onward=_onward(layout, data, names, number),
        destination=_destination(layout, data),
    )


# --- rows -------------------------------------------------------------------------------------------------------


def scans_of(layout: Layout, data: Mapping[str, Any]) -> tuple[Scan, ...]:
    """The rows of a parcel, newest first; of several legs the last leg's come first."""
    legs = [dig.rows(data, *path.split("|"))[:MOST_ROWS] for path in layout.rows.split("+")]
    hint = layout.day_first
    if hint is None:
        hint = clock.day_comes_first(paths.text(row, layout.time) or "" for leg in legs for row in leg)
    found: list[Scan] = []
    for leg in reversed(legs):
        scans = [one for row in leg if (one := _scan(layout, row, hint)) is not None]
        found.extend(one for one in in_order(list(dict.fromkeys(scans))) if one not in found)
    return tuple(found)


def _scan(layout: Layout, row: Mapping[str, Any], day_first: bool | None) -> Scan | None:
    short = paths.text(row, layout.words)
    full = paths.text(row, layout.more)
    code = "-".join(part for path in layout.row_code if (part := paths.text(row, path))) or None
    said = full if full and (short is None or words(short) == UNKNOWN != words(full)) else short
    if said is None and code is None:
        return None
    moment, raw = moment_of(layout, row, day_first)
    parts = [part for path in layout.place if (part := paths.text(row, path))]
    location = ", ".join(dict.fromkeys(parts)) or None
    postcode = paths.text(row, layout.postcode)
    country = paths.text(row, layout.country)
    place = Place(city=parts[0] if parts and parts[0] != country else None, postcode=postcode, country=country)
    return scan(
        said or "",
        moment=moment,
        raw_time=raw,
        location=location,
        place=place if postcode or country else None,
        code=code,
        judged=_coded(layout, row, code, said or "", full or ""),
    )


def _coded(layout: Layout, row: Mapping[str, Any], code: str | None, said: str, full: str) -> Judged:
    """A row's code in full, else its first part; with what the words, in short and in full, say more."""
    found = by_code(layout.carrier, code)
    if found.status is _S.UNKNOWN and len(layout.row_code) > 1:
        found = by_code(layout.carrier, paths.text(row, layout.row_code[0]))
    if found.status is _S.UNKNOWN and not full:
        return UNKNOWN
    found = weighed(found, words(said))
    return weighed(found, words(full)) if full and found.status is not _S.UNKNOWN else found


def moment_of(layout: Layout, row: Mapping[str, Any], day_first: bool | None) -> tuple[Moment | None, str | None]:
    """A row's moment and how it is printed; an offset that stands beside it counts."""
    value = paths.value(row, layout.time)
    if isinstance(value, Mapping):
        value = next((part for part in value.values() if isinstance(part, str | int | float)), None)
    if isinstance(value, str) and re.fullmatch(r"\d{10}|\d{13}", value.strip()):
        value = int(value)
    if value is None or isinstance(value, bool | list) or (isinstance(value, int | float) and not layout.epochs):
        return None, None
    raw = str(value).strip()
    beside = paths.text(row, layout.clock)
    moment = clock.moment(value, day_first)
    if beside and not isinstance(moment, datetime):
        hours = beside if ":" in beside else _BARE_CLOCK.sub(_colons, beside)
        stamp = clock.find(hours)
        if stamp is not None and stamp.clock is not None and not stamp.dated and moment is not None:
            moment = clock.joined(moment, stamp.clock, stamp.zone)
        raw = f"{raw} {beside}"
    zone = _zone(paths.text(row, layout.zone)) if layout.zone else None
    if zone is not None and isinstance(moment, datetime):
        told_as_number = isinstance(value, int | float)
        moment = moment.astimezone(zone) if told_as_number else moment
        moment = moment.replace(tzinfo=zone) if moment.tzinfo is None else moment
    return moment, raw


def _colons(match: re.Match[str]) -> str:
    return ":".join(part.zfill(2) for part in match.groups() if part)


def _zone(printed: str | None) -> timezone | None:
    """`GMT+8`, `+08:00`, `8`; a zone's name says too little."""
    match = _ZONE.match(printed.strip()) if printed else None
    if match is None:
        return None
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    return timezone(-offset if match[1] == "-" else offset) if offset < timedelta(hours=15) else None


# --- the parcel's own -------------------------------------------------------------------------------------------


def names_of(layout: Layout, data: Mapping[str, Any]) -> list[str]:
    """Every number under which the carrier knows the parcel, its own first."""
    ways = layout.number.split("|") if layout.number else []
    found = [normalised(told) for way in ways if (told := paths.own(data, way))]
    return list(dict.fromkeys(name for name in found if _NUMBER.match(name)))


def _onward(layout: Layout, data: Mapping[str, Any], names: Sequence[str], asked: str | None) -> Onward | None:
    if not layout.onward:
        return None
    told = paths.own(data, f"{layout.onward}|{LAST_MILE}")
    named = paths.own(data, f"{layout.onward_carrier}|{LAST_CARRIER}".strip("|"))
    return onward(told, named, asked, *names[:1])


def _destination(layout: Layout, data: Mapping[str, Any]) -> Place | None:
    country = paths.own(data, layout.destination)
    city = paths.own(data, layout.to_city)
    postcode = paths.own(data, layout.to_postcode)
    return Place(city=city, postcode=postcode, country=country) if country or city or postcode else None


def _window(layout: Layout, data: Mapping[str, Any]) -> Window | None:
    start, end = (clock.moment(paths.value(data, path), layout.day_first) if path else None for path in layout.expected)
    if start is None and end is None:
        return None
    early, late = start or end, end or start
    return Window(early, late) if early is not None and late is not None else None
