"""Finding a parcel's history in HTML by what its rows look like: a printed time and words, again and again.

No class name or column number is relied on. Each printed time claims the largest element that holds no other one;
times whose elements are siblings make a history. Names of classes and columns only help to tell words from places.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bs4.element import Tag

from agent.vocabulary.values import Moment
from scrapers import clock
from scrapers.document import squeeze
from scrapers.labels import Role, role
from scrapers.pieces import LETTERS, Piece, leading_stamp, names, printed, texts_of

MOST_FIELDS = 14
MOST_TEXT = 900
_SPLIT = re.compile(r"\s+[–—|·•]\s+|\s+-\s+|\s*[|•·]\s*|:\s+|\t|\n")
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


@dataclass(slots=True, eq=False)
class _Record:
    pieces: list[Piece]
    day: date | None = None
    day_text: str = ""
    heads: dict[int, str] = field(default_factory=dict)
    parent: Tag | None = None


def histories(root: Tag, knows: Callable[[str], bool], day_first: bool | None = None) -> list[History]:
    """Every list of rows under `root`, in order; `knows` says whether a text is a carrier's word for a status."""
    pieces = texts_of(root)
    hint = clock.day_comes_first(p.text for p in pieces)
    if hint is None:
        hint = day_first
    pieces = [p if p.rule else replace(p, stamp=leading_stamp(p.text, hint)) for p in pieces]
    found: list[History] = []
    for parent, claimed in _groups(root, pieces):
        records = _records(parent, claimed, pieces)
        rows = _rows(records, knows)
        if rows:
            found.append(History(rows=tuple(rows), element=parent, order=records[0].pieces[0].order))
    return sorted(found, key=lambda history: history.order)


# --- records ----------------------------------------------------------------------------------------------------


def _groups(root: Tag, pieces: Sequence[Piece]) -> list[tuple[Tag, dict[int, Tag]]]:
    """Parents with the child elements that each hold one printed date."""
    count: Counter[int] = Counter()
    dates = [p for p in pieces if p.dated]
    for piece in dates:
        for element in _upwards(piece.element, root):
            count[id(element)] += 1
    groups: dict[int, tuple[Tag, dict[int, Tag]]] = {}
    for piece in dates:
        claimed = piece.element
        for element in _upwards(piece.element, root):
            if count[id(element)] > 1:
                break
            claimed = element
            if element.name in {"tr", "li", "dt"} and len(dates) > 0:
                break
        parent = claimed.parent
        if count[id(piece.element)] > 1:  # several dates as bare lines of one element
            parent, claimed = piece.element, piece.element
        if parent is None:
            continue
        if claimed.name == "tr" and parent.name in {"tbody", "thead", "tfoot"}:
            parent = claimed.find_parent("table") or parent
        groups.setdefault(id(parent), (parent, {}))[1][id(claimed)] = claimed
    return list(groups.values())


def _upwards(element: Tag, root: Tag) -> Iterable[Tag]:
    current: Tag | None = element
    while current is not None:
        yield current
        if current is root:
            return
        current = current.parent


def _slot(piece: Piece, parent: Tag) -> Tag | None:
    """The child of `parent` that holds the piece; for a table the row of that table."""
    below: Tag | None = None
    for element in _upwards(piece.element, parent):
        if element is parent:
            if parent.name == "table":
                row = piece.element if piece.element.name == "tr" else piece.element.find_parent("tr")
                while row is not None and row.find_parent("table") is not parent:
                    row = row.find_parent("tr")
                return row
            return below or parent
        below = element
    return None


def _records(parent: Tag, claimed: dict[int, Tag], pieces: Sequence[Piece]) -> list[_Record]:
    slots: list[tuple[Tag, list[Piece]]] = []
    inside = {id(element) for element in parent.descendants if isinstance(element, Tag)} | {id(parent)}
    for piece in pieces:
        if id(piece.element) not in inside:
            continue
        slot = _slot(piece, parent)
        if slot is None:
            continue
        if slots and slots[-1][0] is slot and slot is not parent:
            slots[-1][1].append(piece)
        else:
            slots.append((slot, [piece]))
    slots = [
        (slot, held) for slot, held in slots if id(slot) in claimed or slot is parent or not any(p.dated for p in held)
    ]
    dated = [i for i, (_, held) in enumerate(slots) if any(p.dated for p in held)]
    if not dated:
        return []
    full = [i for i in dated if _has_words(slots[i][1])]
    heads = _heads(parent) if parent.name == "table" else {}
    if parent.name != "dl" and (len(full) * 2 > len(dated) or (parent.name == "table" and full)):
        records = _by_slot(slots, dated, parent)
    else:
        records = _by_flow(slots, dated)
    for record in records:
        record.heads = heads
        record.parent = parent
    return [record for record in records if _is_small(record)]


def _is_small(record: _Record) -> bool:
    """Whether it can be one row: a section of the page that happens to hold one date is none."""
    return len(record.pieces) <= MOST_FIELDS and sum(len(p.text) for p in record.pieces) <= MOST_TEXT


def _has_words(held: Sequence[Piece]) -> bool:
    return any(LETTERS.search(p.rest) and len(p.rest) > 2 for p in held if not (p.stamp and not p.rest))


def _by_slot(slots: Sequence[tuple[Tag, list[Piece]]], dated: Sequence[int], parent: Tag) -> list[_Record]:
    found: list[_Record] = []
    shapes = {_shape(slots[i][0]) for i in dated}
    day, day_text = None, ""
    for index, (slot, held) in enumerate(slots):
        if any(p.dated for p in held):
            stamp = next(p for p in held if p.dated)
            day, day_text = (stamp.stamp.day if stamp.stamp else None), stamp.text
            clocks = [p for p in held if p.clocked and not p.dated]
            if len(clocks) > 1:
                found.extend(_days(slot, held, day, day_text))
            elif _has_words(held):
                found.append(_Record(held))
        elif index < dated[0] or any(p.rule for p in held):
            continue
        elif not any(LETTERS.search(p.text) for p in held):
            if found and parent.name == "table":  # the second line of a row: a postal code
                found[-1].pieces.extend(held)
        elif _shape(slot) in shapes and not slot.find("th"):
            if any(p.clocked for p in held):
                found.append(_Record(held, day, day_text))
            elif index <= dated[-1] + 1:
                found.append(_Record(held))
    return found


def _shape(slot: Tag) -> tuple[object, ...]:
    if slot.name == "tr":
        return ("tr", len(slot.find_all("td", recursive=False)))
    return (slot.name,)


def _by_flow(slots: Sequence[tuple[Tag, list[Piece]]], dated: Sequence[int]) -> list[_Record]:
    """Dates stand alone, what happened stands after each of them (or before each, where the page begins with words)."""
    found: list[_Record] = []
    flat = [(slot, piece) for slot, held in slots for piece in held]
    first = next(i for i, (_, p) in enumerate(flat) if p.dated)
    last = max(i for i, (_, p) in enumerate(flat) if p.dated)
    trailing = not any(LETTERS.search(p.text) for _, p in flat[last + 1 :]) and first > 0
    if trailing:
        current: list[Piece] = []
        for _, piece in flat:
            if not piece.rule:
                current.append(piece)
            if piece.dated:
                found.append(_Record(current))
                current = []
        return found
    day, day_text = None, ""
    current = []
    holder: Tag | None = None
    for slot, piece in flat[first:]:
        starts = piece.dated or piece.rule or (piece.clocked and slot is not holder and bool(current))
        if starts and current:
            found.append(_Record(current, day, day_text))
            current = []
        if piece.dated and piece.stamp:
            day, day_text = piece.stamp.day, piece.text
        if piece.rule:
            day, day_text = None, ""
        else:
            current.append(piece)
        if starts:
            holder = slot
    if current:
        found.append(_Record(current, day, day_text))
    return [record for record in found if _has_words(record.pieces)]


def _days(slot: Tag, held: Sequence[Piece], day: date | None, day_text: str) -> list[_Record]:
    """A day's box with a clock per row."""
    found: list[_Record] = []
    current: list[Piece] = []
    for piece in held:
        if piece.dated and not piece.rest and not piece.clocked:
            continue
        if piece.clocked and any(p.clocked for p in current):
            found.append(_Record(current, day, day_text))
            current = []
        current.append(piece)
    if current:
        found.append(_Record(current, day, day_text))
    return [record for record in found if _has_words(record.pieces)]


def _heads(table: Tag) -> dict[int, str]:
    for row in table.find_all("tr", limit=4):
        cells = row.find_all(["th", "td"], recursive=False)
        if len(cells) > 1 and all(cell.name == "th" for cell in cells):
            return {index: squeeze(cell.get_text(" ")) for index, cell in enumerate(cells)}
    return {}


# --- rows -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Candidate:
    text: str
    role: Role | None
    position: int


def _rows(records: Sequence[_Record], knows: Callable[[str], bool]) -> list[Row]:
    split = [(record, _candidates(record)) for record in records]
    column = _words_column([held for _, held in split], knows)
    found: list[Row] = []
    for record, held in split:
        row = _row(record, held, column, knows)
        if row is not None:
            found.append(row)
    return found


def _candidates(record: _Record) -> list[_Candidate]:
    found: list[_Candidate] = []
    seen: set[str] = set()
    for piece in record.pieces:
        text = piece.rest if piece.stamp else piece.text
        if piece.rule or not text or _NOTHING.match(text) or text in seen:
            continue
        seen.add(text)
        hint = _hint(piece, record)
        if piece.stamp and not piece.rest:
            continue
        if piece.stamp and hint == "time":
            hint = None
        parts = [part for part in _SPLIT.split(text) if part] if piece.stamp else [text]
        for part in parts:
            found.append(_Candidate(part.strip(" ,;"), hint, len(found)))
    return [c for c in found if LETTERS.search(c.text) or re.search(r"\d{3}", c.text)]


def _hint(piece: Piece, record: _Record) -> Role | None:
    cell = piece.element if piece.element.name in {"td", "th"} else piece.element.find_parent(["td", "th"])
    limit = 4
    for element in [piece.element, *piece.element.parents]:
        if limit == 0 or element is record.parent or element.name in {"tr", "li", "ul", "ol", "dl", "table", "body"}:
            break
        named = role(names(element)) if names(element) else None
        if named:
            return named
        if element is cell:
            break
        limit -= 1
    if cell is not None and record.heads and isinstance(cell.parent, Tag):
        cells = cell.parent.find_all(["td", "th"], recursive=False)
        index = next((i for i, other in enumerate(cells) if other is cell), -1)
        if len(cells) == len(record.heads) and index in record.heads:
            return role(record.heads[index])
    return None


def _words_column(rows: Sequence[Sequence[_Candidate]], knows: Callable[[str], bool]) -> int | None:
    """The position at which most rows have words that a carrier would say."""
    score: Counter[int] = Counter()
    for row in rows:
        for candidate in row:
            if candidate.role in (None, "words") and knows(candidate.text):
                score[candidate.position] += 1
    return score.most_common(1)[0][0] if score else None


def _row(record: _Record, held: Sequence[_Candidate], column: int | None, knows: Callable[[str], bool]) -> Row | None:
    worded = [c for c in held if LETTERS.search(c.text)]
    if not worded:
        return None
    named = [c for c in worded if c.role == "words"]
    if named:
        best = next((c for c in named if knows(c.text)), named[0])
        best = next(
            (c for c in named if c.text != best.text and c.text.startswith(best.text)), best
        )  # the fuller words
    else:
        free = [c for c in worded if c.role != "place"] or worded
        best = next(
            (c for c in free if c.position == column and knows(c.text)),
            next((c for c in free if knows(c.text)), None),
        ) or next((c for c in free if c.position == column), max(free, key=lambda c: len(c.text)))
    others = [c for c in held if c is not best]
    place = next((c for c in others if c.role == "place"), None)
    if place is None:
        place = next((c for c in others if c.role is None and len(c.text) <= 60 and not knows(c.text)), None)
    moment, raw_time = _time(record)
    return Row(
        words=best.text,
        moment=moment,
        raw_time=raw_time,
        place=place.text if place and LETTERS.search(place.text) else None,
        others=tuple(c.text for c in others if c is not place),
    )


def _time(record: _Record) -> tuple[Moment | None, str | None]:
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
