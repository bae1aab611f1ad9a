"""A page or answer nobody wrote a reader for: histories found by their shape, judged by their words, or nothing.

Careful by design: it wants rows with a printed time and words, some of which are a carrier's; the headline is the
newest row's, and a `delivered` that no row says is never taken from elsewhere on the page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bs4.element import Tag

from agent.vocabulary.status import TrackingStatus
from scrapers.carriers import Unreadable
from scrapers.generic.found import Found, sure
from scrapers.generic.headlines import headline_above, lone_headline
from scrapers.generic.in_data import parcels_in
from scrapers.look import Scan, Tracked
from scrapers.reading.document import Document, squeeze
from scrapers.reading.history import History, histories
from scrapers.reading.identity import alike, find_numbers, is_number, likely_numbers, normalised, same_number
from scrapers.reading.judged import Judged, headline, known, newest, scans_of_rows
from scrapers.reading.labels import is_aside
from scrapers.reading.legs import with_other_legs
from scrapers.reading.onward import printed_onward

_S = TrackingStatus


def read_any(document: Document, number: str | None, carrier: str | None) -> tuple[Tracked, ...]:
    """The parcels of a document; raises Unreadable where it is not sure."""
    if document.soup is not None:
        found = _page(document.soup, number)
        if not found:
            found = [one for data in document.embedded for one in parcels_in(data, number)]
    else:
        found = parcels_in(document.data, number)
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


def _tracked(one: Found, carrier: str | None) -> Tracked:
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


# --- HTML -------------------------------------------------------------------------------------------------------


def _page(soup: Tag, number: str | None) -> list[Found]:
    marks = find_numbers(soup, number)
    numbered = bool(marks)
    if number and any(same_number(name, number) for name, _ in marks):
        marks = [mark for mark in marks if alike(mark[0], number)]
    lists = [h for h in histories(soup, known) if sure(h.rows, numbered) and not _beside_the_matter(h)]
    lists = _outermost_once(lists)
    if not lists:
        asked = number is not None and any(same_number(name, number) for name, _ in marks)
        said = lone_headline(soup) if asked else None  # believed only beside the asked number
        return [Found(number, (), said)] if said else []
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
        return [_found(owner, with_other_legs(history, lists, known), soup)]
    return [_found(owner, history, None) for owner, history in chosen.items()]


def _row_by_row(history: History, number: str | None) -> list[Found]:
    """The rows of a list of parcels, one row each: every row prints a number of its own, all of one kind."""
    named: list[str] = []
    for row in history.rows:
        fields = [text for text in (row.place, *row.others) if text and is_number(text.replace("-", ""))]
        if not fields:
            return []
        named.append(next((text for text in fields if number and same_number(text, number)), fields[0]))
    kinds = {re.sub(r"\d", "9", normalised(name)) for name in named}
    if len(set(named)) < max(2, len(named)) or len(kinds) > 1:
        return []
    return [Found(normalised(name), (row,)) for name, row in zip(named, history.rows, strict=True)]


def _found(number: str | None, history: History, soup: Tag | None) -> Found:
    return Found(number, history.rows, headline_above(soup, history) if soup is not None else None)


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
