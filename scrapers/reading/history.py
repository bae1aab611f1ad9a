"""Finding a parcel's history in HTML by what its rows look like: a printed time and words, again and again.

No class name or column number is relied on. Each printed time claims the largest element that holds no other one;
times whose elements are siblings make a history. Names of classes and columns only help to tell words from places.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bs4.element import Tag

from agent.vocabulary.values import Moment
from scrapers.generic.records import Record, groups, records
from scrapers.reading import clock
from scrapers.reading.labels import Role, is_full, is_no_event, is_to_come, role
from scrapers.reading.pieces import LETTERS, Piece, leading_stamp, names, printed, texts_of

_SPLIT = re.compile(r"\s+[–—|·•]\s+|\s+-\s+|\s*[|•·]\s*|:\s+|\t|\n")
_DIGIT = re.compile(r"\d")
_HOURS = re.compile(r"\d[:.]\d\d\b")
LONGEST_LABEL = 40
_NOTHING = re.compile(r"^[\s\-–—.,:;|/]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a history, as printed."""

    words: str
    moment: Moment | None = None
    raw_time: str | None = None
    place: str | None = None
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class History:
    """The rows of one list or table in the page's order."""

    rows: tuple[Row, ...]
    element: Tag
    order: int
    """Where on the page it starts."""


def histories(root: Tag, knows: Callable[[str], bool], day_first: bool | None = None) -> list[History]:
    """Every list of rows under `root`, in order; `knows` says whether a text is a carrier's word for a status."""
    pieces = texts_of(root)
    hint = clock.day_comes_first(p.text for p in pieces)
    if hint is None:
        hint = day_first
    pieces = [_stamped(piece, hint) for piece in pieces]
    pieces = [_scanned(piece, before) for before, piece in pairwise([None, *pieces]) if piece is not None]
    found: list[History] = []
    for group in groups(root, pieces, knows):
        held = records(group)
        rows = _rows(held, knows)
        if rows:
            lone = len(group.claimed) == 1 and group.parent.name != "dl"
            element = next(iter(group.claimed.values())) if lone else group.parent
            found.append(History(rows=tuple(rows), element=element, order=held[0].pieces[0].order))
    return sorted(found, key=lambda history: history.order)


def _stamped(piece: Piece, day_first: bool | None) -> Piece:
    stamp = None if piece.rule else leading_stamp(piece.text, day_first)
    return piece if stamp is None else replace(piece, stamp=stamp)


def _scanned(piece: Piece, before: Piece | None) -> Piece:
    """The piece, its date no scan's where the text before it is a label that says so."""
    if before is None or not piece.dated or piece.rest or before.stamp or len(before.text) > LONGEST_LABEL:
        return piece
    return replace(piece, stamp=None) if is_no_event(before.text) else piece


@dataclass(slots=True)
class _Candidate:
    text: str
    role: Role | None
    position: int
    full: bool = False
    """Named like the words in full (`detail`), where another field has them in short."""


def _rows(records: Sequence[Record], knows: Callable[[str], bool]) -> list[Row]:
    reached = [record for record in records if not _is_to_come(record)]
    if len(reached) < len(records):
        records = reached or records
    split = [(record, _candidates(record)) for record in records]
    column = _words_column([held for _, held in split], knows)
    found: list[Row] = []
    for record, held in split:
        row = _row(record, held, column, knows)
        if row is not None:
            found.append(row)
    rising = _rising(found)
    while found and found[-1].raw_time is None and (rising or not knows(found[-1].words)):
        found.pop()  # "Show all", below the rows; below the newest a step to come
    return found


def _rising(rows: Sequence[Row]) -> bool:
    """Whether the newest row stands last."""
    times = [str(row.moment) for row in rows if row.moment is not None]
    return len(times) > 1 and times[0] < times[-1]


def _is_to_come(record: Record) -> bool:
    """Whether the page marks a row as a step still to come."""
    for element in [record.pieces[0].element, *record.pieces[0].element.parents]:
        if element is record.parent:
            return False
        if is_to_come(" ".join(element.get("class") or [])):
            return True
    return False


def _candidates(record: Record) -> list[_Candidate]:
    found: list[_Candidate] = []
    seen: set[str] = set()
    for piece in record.pieces:
        text = piece.rest if piece.stamp else piece.text
        if piece.rule or not text or _NOTHING.match(text) or text in seen:
            continue
        seen.add(text)
        hint, full = _hint(piece, record)
        if piece.stamp and not piece.rest:
            continue
        if piece.stamp and hint == "time":
            hint = None
        parts = [part for part in _SPLIT.split(text) if part] if piece.stamp else [text]
        for part in parts:
            found.append(_Candidate(part.strip(" ,;"), hint, len(found), full))
    return [c for c in found if LETTERS.search(c.text) or re.search(r"\d{3}", c.text)]


def _hint(piece: Piece, record: Record) -> tuple[Role | None, bool]:
    """The role that names around a piece give it, and whether they name the words in full."""
    cell = piece.element if piece.element.name in {"td", "th"} else piece.element.find_parent(["td", "th"])
    limit = 4
    for element in [piece.element, *piece.element.parents]:
        if limit == 0 or element is record.parent or element.name in {"tr", "li", "ul", "ol", "dl", "table", "body"}:
            break
        named = role(names(element)) if names(element) else None
        if named:
            return named, named == "words" and is_full(names(element))
        if element is cell:
            break
        limit -= 1
    if cell is not None and record.heads and isinstance(cell.parent, Tag):
        cells = cell.parent.find_all(["td", "th"], recursive=False)
        index = next((i for i, other in enumerate(cells) if other is cell), -1)
        if len(cells) == len(record.heads) and index in record.heads:
            return role(record.heads[index]), is_full(record.heads[index])
    return None, False


def _words_column(rows: Sequence[Sequence[_Candidate]], knows: Callable[[str], bool]) -> int | None:
    """The position at which most rows have words that a carrier would say."""
    score: Counter[int] = Counter()
    for row in rows:
        for candidate in row:
            if candidate.role in (None, "words") and knows(candidate.text):
                score[candidate.position] += 1
    return score.most_common(1)[0][0] if score else None


def _row(record: Record, held: Sequence[_Candidate], column: int | None, knows: Callable[[str], bool]) -> Row | None:
    worded = [c for c in held if LETTERS.search(c.text)]
    if not worded:
        return None
    named = [c for c in worded if c.role == "words"]
    if named:
        named.sort(key=lambda c: (not c.full, c.position != column))
        best = next((c for c in named if knows(c.text)), named[0])
        best = next(
            (c for c in named if c.text != best.text and c.text.startswith(best.text)), best
        )  # the fuller words
        if best.full:  # a detail of fewer words is an addition: "Returned to sender", "Unclaimed"
            best = next((c for c in named if not c.full and knows(c.text) and len(c.text) > len(best.text)), best)
    else:
        free = [c for c in worded if c.role != "place"] or worded
        best = next(
            (c for c in free if c.position == column and knows(c.text)),
            next((c for c in free if knows(c.text)), None),
        ) or next((c for c in free if c.position == column), max(free, key=lambda c: len(c.text)))
    others = [c for c in held if c is not best]
    places = [c for c in others if len(_DIGIT.findall(c.text)) < 6 and not _HOURS.search(c.text)]
    place = next((c for c in places if c.role == "place"), None)
    if place is None:
        place = next((c for c in places if c.role is None and len(c.text) <= 60 and not knows(c.text)), None)
    moment, raw_time = _time(record)
    return Row(
        words=best.text,
        moment=moment,
        raw_time=raw_time,
        place=place.text if place and LETTERS.search(place.text) else None,
        others=tuple(c.text for c in others if c is not place),
    )


def _time(record: Record) -> tuple[Moment | None, str | None]:
    dated = next((p for p in record.pieces if p.dated and p.stamp), None)
    clocked = next((p for p in record.pieces if p.clocked and p.stamp and not p.dated), None)
    if dated is not None and dated.stamp is not None:
        stamp = dated.stamp
        raw = printed(dated)
        if stamp.clock is None and clocked is not None and clocked.stamp is not None:
            return clock.joined(stamp.day, clocked.stamp.clock, clocked.stamp.zone), f"{raw} {printed(clocked)}"
        return stamp.moment, raw
    if clocked is not None and clocked.stamp is not None and record.day_text:
        moment = clock.joined(record.day, clocked.stamp.clock, clocked.stamp.zone)
        return moment, f"{record.day_text} {printed(clocked)}"
    return (record.day, record.day_text or None) if record.day_text else (None, None)
