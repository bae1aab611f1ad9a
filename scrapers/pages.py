"""A page or answer nobody wrote a reader for: histories found by their shape, judged by their words, or nothing.

Careful by design: it wants rows with a printed time and words, some of which are a carrier's; the headline is the
newest row's, and a `delivered` that no row says is never taken from elsewhere on the page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

from bs4.element import Tag

from agent.vocabulary.status import TrackingStatus
from scrapers.carriers import Unreadable
from scrapers.document import Document, squeeze
from scrapers.fields import Listed, listed
from scrapers.history import History, Row, histories
from scrapers.identity import alike, find_numbers, is_number_field, likely_numbers, normalised, same_number
from scrapers.judged import Judged, headline, known, newest, scans_of_rows, spoken, words
from scrapers.labels import is_aside, is_headline, role
from scrapers.look import Scan, Tracked
from scrapers.onward import printed_onward

_S = TrackingStatus
_FINAL = {_S.DELIVERED, _S.RETURNED, _S.EXCEPTION}
_BOXES = {"p", "div", "li", "td", "h1", "h2", "h3", "table"}
_PUT_AWAY = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HEADLINES = {"h1", "h2", "h3", "h4", "strong", "b", "p", "div", "span", "td", "dd"}
_DELIVERED_FLAG = re.compile(r"^is_?delivered$|^delivered$|^istzugestellt$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Found:
    number: str | None
    rows: tuple[Row, ...]
    headline: str | None = None
    flagged: bool | None = None


def read_any(document: Document, number: str | None, carrier: str | None) -> tuple[Tracked, ...]:
    """The parcels of a document; raises Unreadable where it is not sure."""
    if document.soup is not None:
        found = _page(document.soup, number)
        if not found:
            found = [one for data in document.embedded for one in _data(data, number)]
    else:
        found = _data(document.data, number)
    if not found:
        raise Unreadable("no list of dates and words was found")
    if len(found) == 1 and found[0].number is None and number is None:
        likely = likely_numbers(document.visible)
        found = [replace(found[0], number=likely[0])] if likely else found
    parcels = tuple(_tracked(one, carrier) for one in found)
    if len(parcels) == 1 and document.soup is not None:
        next_leg = printed_onward(document.visible, parcels[0].tracking_number, number)
        parcels = (replace(parcels[0], onward=next_leg),)
    return parcels


def _tracked(one: _Found, carrier: str | None) -> Tracked:
    scans = scans_of_rows(one.rows)
    verdict = headline(one.headline, scans) if one.headline else newest(scans)
    understood = bool(scans) and scans[0].status is not _S.UNKNOWN and _is_latest(scans)
    if understood and scans[0].status is not verdict.status:
        verdict = newest(scans)  # on a page that we do not know, a headline beside the newest row may be about anything
    if one.flagged is True and verdict.status not in {_S.RETURNED, _S.RETURNING}:
        verdict = Judged(_S.DELIVERED, verdict.reason if verdict.status is _S.DELIVERED else None, "flag")
    elif one.flagged is False and verdict.status is _S.DELIVERED:
        verdict = Judged()
    return Tracked(
        tracking_number=one.number,
        carrier=carrier,
        reader="generic",
        status=verdict.status,
        reason=verdict.reason,
        headline=one.headline,
        classified_by=verdict.by,
        scans=scans,
    )


def _is_latest(scans: Sequence[Scan]) -> bool:
    """Whether no row is printed with a later time than the first: pages without any order exist."""
    times = [str(scan.occurred_at)[:16] for scan in scans if scan.occurred_at is not None]
    return scans[0].occurred_at is None or max(times) == times[0]


def _sure(rows: Sequence[Row], numbered: bool) -> bool:
    """Rows of which enough are a carrier's words; a single row only beside the parcel's own number."""
    timed = [row for row in rows if row.raw_time]
    understood = [row for row in timed if spoken(row.words)]
    if not any(known(row.words) for row in understood):
        return False
    if len({row.raw_time for row in timed}) > 2 and all(words(row.words).status is _S.DELIVERED for row in timed):
        return False  # nobody gets one parcel again and again: customers' praise, or other parcels
    if not numbered:  # a page of news has dates and words too
        if not any(known(row.words) and words(row.words).status not in _FINAL for row in timed):
            return False  # praise or news; a parcel was on its way before it came
        return len(understood) >= 2 and len(understood) * 2 >= len(timed)
    return bool(understood) and len(understood) * 4 >= len(timed)


# --- HTML -------------------------------------------------------------------------------------------------------


def _page(soup: Tag, number: str | None) -> list[_Found]:
    marks = find_numbers(soup, number)
    numbered = bool(marks)
    if number and any(same_number(name, number) for name, _ in marks):
        marks = [mark for mark in marks if alike(mark[0], number)]
    lists = [h for h in histories(soup, known) if _sure(h.rows, numbered) and not _beside_the_matter(h)]
    lists = _outermost_once(lists)
    if not lists:
        return _headline_only(soup, number, marks)
    order = {id(node): index for index, node in enumerate(soup.descendants)}
    chosen: dict[str | None, History] = {}
    for history in lists:
        at = order.get(id(history.element), 0)
        if len(history.rows) == 1:  # its box may name the number too
            at += sum(1 for _ in history.element.descendants)
        before = [name for name, element in marks if order.get(id(element), 0) <= at]
        owner = (before[-1] if before else marks[0][0]) if marks else None
        if owner not in chosen or _weight(history) > _weight(chosen[owner]):
            chosen[owner] = history
    if len(chosen) == 1:
        owner, history = next(iter(chosen.items()))
        several = _row_by_row(history, number)
        if several:
            return several
        return [_found(owner, history, soup)]
    return [_found(owner, history, None) for owner, history in chosen.items()]


def _row_by_row(history: History, number: str | None) -> list[_Found]:
    """The rows of a list of parcels, one row each: every row prints a number of its own, all of one kind."""
    named: list[str] = []
    for row in history.rows:
        fields = [text for text in (row.place, *row.others) if text and _is_number(text.replace("-", ""))]
        if not fields:
            return []
        named.append(next((text for text in fields if number and same_number(text, number)), fields[0]))
    kinds = {re.sub(r"\d", "9", normalised(name)) for name in named}
    if len(set(named)) < max(2, len(named)) or len(kinds) > 1:
        return []
    return [_Found(normalised(name), (row,)) for name, row in zip(named, history.rows, strict=True)]


def _found(number: str | None, history: History, soup: Tag | None) -> _Found:
    return _Found(number, history.rows, _headline(soup, history) if soup is not None else None)


def _beside_the_matter(history: History) -> bool:
    """Whether the heading over a list says that it is news for everybody."""
    heading = history.element.find_previous(["h1", "h2", "h3", "h4", "h5", "h6"])
    return isinstance(heading, Tag) and is_aside(squeeze(heading.get_text(" "))[:60])


def _weight(history: History) -> tuple[int, int]:
    return sum(known(row.words) for row in history.rows), len(history.rows)


def _outermost_once(found: list[History]) -> list[History]:
    """Lists that hold another list's element are sections of the page, not histories, unless they know more."""
    inner: dict[int, tuple[int, int]] = {}
    for history in found:
        for outer in history.element.parents:
            inner[id(outer)] = max(inner.get(id(outer), (0, 0)), _weight(history))
    return [history for history in found if inner.get(id(history.element), (0, 0)) < _weight(history)]


def _headline(soup: Tag, history: History) -> str | None:
    """Words in a box named like a status, before the rows; where such boxes disagree (a progress bar) there is none."""
    inside = {id(history.element), *(id(child) for child in history.element.find_all(True))}
    said: dict[TrackingStatus, str] = {}
    for element in soup.descendants:
        if element is history.element:
            break
        if not isinstance(element, Tag) or element.name not in _HEADLINES:
            continue
        if id(element) in inside or _holds(element, _BOXES):
            continue
        text = squeeze(element.get_text(" "))
        if not 4 <= len(text) <= 120 or not known(text) or text.endswith("?"):
            continue
        names = " ".join([*map(str, element.get("class") or []), str(element.get("id") or "")])
        if (element.name in {"h1", "h2", "h3", "h4"} or is_headline(names) or _labelled(element)) and _shown(element):
            said.setdefault(words(text).status, text)
    return next(iter(said.values())) if len(said) == 1 else None


def _holds(element: Tag, kinds: Set[str]) -> bool:
    return any(isinstance(inner, Tag) and inner.name in kinds for inner in element.descendants)


def _shown(element: Tag) -> bool:
    """Whether a box is not put away, for a script to show when its time has come."""
    return not any(
        one.has_attr("hidden") or _PUT_AWAY.search(str(one.get("style") or "")) for one in (element, *element.parents)
    )


def _labelled(element: Tag) -> bool:
    before = element.find_previous_sibling()
    return isinstance(before, Tag) and is_headline(squeeze(before.get_text(" "))[:40])


def _headline_only(soup: Tag, number: str | None, marks: Sequence[tuple[str, Tag]]) -> list[_Found]:
    """A page that prints a status and no history: believed only with the asked number on it and one clear status."""
    if number is None or not any(same_number(name, number) for name, _ in marks):
        return []
    said: dict[TrackingStatus, str] = {}
    for element in soup.descendants:
        if not isinstance(element, Tag) or element.name not in _HEADLINES or _holds(element, {*_BOXES, "span"}):
            continue
        text = squeeze(element.get_text(" "))
        if not 4 <= len(text) <= 160:
            continue
        names = " ".join([*map(str, element.get("class") or []), str(element.get("id") or "")])
        match = re.match(r"^(?:[\w ]{0,20}status|estado|statut|stato)\s*:\s*(.+)$", text, re.IGNORECASE)
        text = match.group(1) if match else text
        if (
            known(text)
            and _shown(element)
            and (match or _labelled(element) or (role(names) == "words" and is_headline(names)))
        ):
            said.setdefault(words(text).status, text)
    if len(said) != 1:
        return []
    return [_Found(number, (), next(iter(said.values())))]


# --- JSON and XML -----------------------------------------------------------------------------------------------


def _data(data: Any, number: str | None) -> list[_Found]:
    lists = [one for one in listed(data, known) if _sure(one.rows, _number_of(one, number) is not None)]
    chosen: dict[str | None, list[Listed]] = {}
    for one in lists:
        chosen.setdefault(_number_of(one, number), []).append(one)
    if len(chosen) > 1:
        chosen.pop(None, None)
    found: list[_Found] = []
    for owner, own in chosen.items():
        best = max(own, key=_rank)
        rows = _legs(best, own)
        found.append(_Found(owner, rows, _said(best.around), _flag(best.around)))
    return found


def _legs(best: Listed, own: Sequence[Listed]) -> tuple[Row, ...]:
    """The rows of all lists that stand side by side, newest leg first: origin and destination of one parcel."""
    beside = [
        one for one in own if one.around and best.around and one.around[-1] is best.around[-1] and one.keys == best.keys
    ]
    if len(beside) < 2 or any(set(one.rows) & set(best.rows) for one in beside if one is not best):
        return best.rows
    legs = [_newest_first(one.rows) for one in beside]
    legs.sort(key=lambda rows: str(next((row.moment for row in rows if row.moment), "")), reverse=True)
    return tuple(row for rows in legs for row in rows)


def _newest_first(rows: Sequence[Row]) -> tuple[Row, ...]:
    times = [str(row.moment) for row in rows if row.moment]
    return tuple(reversed(rows)) if times and times[0] < times[-1] else tuple(rows)


def _rank(one: Listed) -> tuple[int, int]:
    return sum(known(row.words) for row in one.rows), len(one.rows)


def _number_of(one: Listed, number: str | None) -> str | None:
    """The number that the objects around a history name, nearest first; the asked one where none of its kind is nearer."""
    named: list[str] = []
    for around in reversed(one.around):
        if number and any(alike(name, number) for name in named):
            break
        for key, value in around.items():
            if not isinstance(value, str | int) or isinstance(value, bool):
                continue
            text = str(value)
            if number and same_number(text, number):
                return number
            if is_number_field(key) and _is_number(text):
                named.append(text)
        for key in around:
            if number and same_number(str(key), number):
                return number
    return named[0] if named else None


def _is_number(text: str) -> bool:
    return 8 <= len(text) <= 40 and bool(re.fullmatch(r"[A-Za-z0-9 ]+", text)) and sum(c.isdigit() for c in text) >= 6


def _said(around: Sequence[Mapping[str, Any]]) -> str | None:
    """The headline words of an answer: a field named like a status, of the parcel or of a small object in it."""
    for mapping in reversed(around):
        for key, value in mapping.items():
            fields = value.items() if isinstance(value, Mapping) else [(key, value)]
            for name, text in fields:
                if isinstance(text, str) and is_headline(str(name)) and len(text) <= 160 and known(text):
                    return text
    return None


def _flag(around: Sequence[Mapping[str, Any]]) -> bool | None:
    for mapping in reversed(around):
        for key, value in mapping.items():
            if isinstance(value, bool) and _DELIVERED_FLAG.match(str(key)):
                return value
    return None
