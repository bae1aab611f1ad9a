"""Which texts of a page belong to one row: each printed date claims what stands around it, up to the next one's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate

from bs4.element import Tag

from scrapers.reading.document import squeeze
from scrapers.reading.pieces import LETTERS, Piece

MOST_FIELDS = 14
MOST_TEXT = 900
MOST_ROWS = 600
MOST_CELLS = 40
MOST_GROUPS = 150


@dataclass(slots=True, eq=False)
class Record:
    """The pieces of one row, with the day it stands under and the headings of its table."""

    pieces: list[Piece]
    day: date | None = None
    day_text: str = ""
    heads: dict[int, str] = field(default_factory=dict)
    parent: Tag | None = None


@dataclass(slots=True, eq=False)
class Group:
    """A parent with its child elements of one kind that each hold one printed date, and the texts inside it."""

    parent: Tag
    claimed: dict[int, Tag]
    pieces: Sequence[Piece]


def groups(root: Tag, pieces: Sequence[Piece], knows: Callable[[str], bool]) -> list[Group]:
    """The groups under `root`, at most `MOST_GROUPS` and the larger ones first."""
    spans = _spans(root, pieces)
    dates_before = list(accumulate((piece.dated for piece in pieces), initial=0))
    chars_before = list(accumulate((len(piece.text) for piece in pieces), initial=0))

    def dates_in(element: Tag) -> int:
        start, end = spans[id(element)]
        return dates_before[end] - dates_before[start]

    def is_too_much(element: Tag) -> bool:
        start, end = spans[id(element)]
        return end - start > MOST_FIELDS or chars_before[end] - chars_before[start] > MOST_TEXT

    by_parent: dict[tuple[int, str], tuple[Tag, dict[int, Tag]]] = {}
    for piece in pieces:
        if not piece.dated:
            continue
        claimed = piece.element
        for element in _upwards(piece.element, root):
            if element is root or dates_in(element) > 1 or is_too_much(element):
                break
            claimed = element
            if element.name in {"tr", "li", "dt"}:
                break
        parent = claimed.parent
        if dates_in(piece.element) > 1:  # several dates as bare lines of one element
            parent, claimed = piece.element, piece.element
        if parent is None:
            continue
        if claimed.name == "tr" and parent.name in {"tbody", "thead", "tfoot"}:
            parent = claimed.find_parent("table") or parent
        by_parent.setdefault((id(parent), claimed.name), (parent, {}))[1][id(claimed)] = claimed
    largest = sorted(by_parent.values(), key=lambda pair: -len(pair[1]))[:MOST_GROUPS]

    def inside(element: Tag) -> Sequence[Piece]:
        return pieces[slice(*spans.get(id(element), (0, len(pieces))))]

    found = [_narrowed(parent, claimed, inside, knows) for parent, claimed in largest]
    return [Group(parent, claimed, inside(parent)) for parent, claimed in found]


def _spans(root: Tag, pieces: Sequence[Piece]) -> dict[int, tuple[int, int]]:
    """Each element's pieces, by where they begin and end among all: those of one element stand together."""
    found: dict[int, tuple[int, int]] = {}
    begun: dict[int, int] = {}
    """The elements that hold the last piece, from the outermost to the innermost, and where each began."""
    for at, piece in enumerate(pieces):
        opened: list[int] = []
        held = 0
        for element in _upwards(piece.element, root):
            if id(element) in begun:
                held = id(element)
                break
            opened.append(id(element))
        while begun and next(reversed(begun)) != held:
            name, start = begun.popitem()
            found[name] = (start, at)
        begun.update(dict.fromkeys(reversed(opened), at))
    return found | {name: (start, len(pieces)) for name, start in begun.items()}


def _narrowed(
    parent: Tag, claimed: dict[int, Tag], inside: Callable[[Tag], Sequence[Piece]], knows: Callable[[str], bool]
) -> tuple[Tag, dict[int, Tag]]:
    """A lone row has no neighbours to tell where it ends: it is the date and the nearest words of a carrier."""
    whole = next(iter(claimed.values()))
    if len(claimed) > 1 or whole is parent or whole.name in {"tr", "li", "dt"}:
        return parent, claimed
    dated = next((piece for piece in inside(whole) if piece.dated), None)
    for element in _upwards(dated.element, whole) if dated else []:
        if element.parent is not None and any(knows(piece.rest) for piece in inside(element)):
            return element.parent, {id(element): element}
    return parent, claimed


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
    row: Tag | None = None
    for element in _upwards(piece.element, parent):
        if element is parent:
            return row if parent.name == "table" else below or parent
        if element.name == "tr":
            row = element
        elif element.name == "table":
            row = None  # of a table inside
        below = element
    return None


def records(group: Group) -> list[Record]:
    """The pieces of each row of a list, given the children that hold its dates; at most `MOST_ROWS`."""
    parent, claimed = group.parent, group.claimed
    slots: list[tuple[Tag, list[Piece]]] = []
    for piece in group.pieces:
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
        held_together = _by_slot(slots, dated, parent)
    else:
        held_together = _by_flow(slots, dated)
    for record in held_together:
        record.heads = heads
        record.parent = parent
    return [record for record in held_together if _is_small(record)][:MOST_ROWS]


def _is_small(record: Record) -> bool:
    """Whether it can be one row: a section of the page that happens to hold one date is none."""
    return len(record.pieces) <= MOST_FIELDS and sum(len(p.text) for p in record.pieces) <= MOST_TEXT


def _has_words(held: Sequence[Piece]) -> bool:
    return any(
        LETTERS.search(p.rest) and (len(p.rest) > 2 or not p.rest.isascii())
        for p in held
        if not (p.stamp and not p.rest)
    )


def _by_slot(slots: Sequence[tuple[Tag, list[Piece]]], dated: Sequence[int], parent: Tag) -> list[Record]:
    found: list[Record] = []
    shapes = {_shape(slots[i][0]) for i in dated}
    day, day_text = None, ""
    below = 0
    for index, (slot, held) in enumerate(slots):
        if below and found and not any(p.dated for p in held):
            found[-1].pieces.extend(held)
            below -= 1
        elif any(p.dated for p in held):
            below = _rows_below(slot)
            stamp = next(p for p in held if p.dated)
            day, day_text = (stamp.stamp.day if stamp.stamp else None), stamp.text
            clocks = [p for p in held if p.clocked and not p.dated]
            if len(clocks) > 1:
                found.extend(_days(slot, held, day, day_text))
            elif _has_words(held):
                found.append(Record(held))
        elif index < dated[0] or any(p.rule for p in held):
            continue
        elif not any(LETTERS.search(p.text) for p in held):
            if found and parent.name == "table":  # the second line of a row: a postal code
                found[-1].pieces.extend(held)
        elif _shape(slot) in shapes and not (slot.name == "tr" and slot.find("th", recursive=False)):
            if any(p.clocked for p in held):
                found.append(Record(held, day, day_text))
            elif index < dated[-1] or (index == dated[-1] + 1 and len(dated) > 1):
                found.append(Record(held))
    return found


def _rows_below(slot: Tag) -> int:
    """How many of the table's next rows belong to this one, by the cells that reach down to them."""
    cells = [cell for cell in slot.contents[:MOST_CELLS] if isinstance(cell, Tag)] if slot.name == "tr" else []
    spans = [str(cell.get("rowspan") or "") for cell in cells]
    return max((int(span) - 1 for span in spans if re.fullmatch(r"[2-4]", span)), default=0)


def _shape(slot: Tag) -> tuple[object, ...]:
    if slot.name == "tr":
        return ("tr", len(slot.find_all("td", recursive=False)))
    return (slot.name,)


def _by_flow(slots: Sequence[tuple[Tag, list[Piece]]], dated: Sequence[int]) -> list[Record]:
    """Dates stand alone, what happened stands after each of them (or before each, where the page begins with words)."""
    found: list[Record] = []
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
                found.append(Record(current))
                current = []
        return found
    day, day_text = None, ""
    current = []
    holder: Tag | None = None
    for slot, piece in flat[first:]:
        told = any(p.clocked and not p.dated for p in current[:MOST_FIELDS]) and _has_words(current[:MOST_FIELDS])
        starts = piece.dated or piece.rule or (piece.clocked and bool(current) and (slot is not holder or told))
        if starts and current:
            found.append(Record(current, day, day_text))
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
        found.append(Record(current, day, day_text))
    return [record for record in found if _has_words(record.pieces)]


def _days(slot: Tag, held: Sequence[Piece], day: date | None, day_text: str) -> list[Record]:
    """A day's box with a clock per row."""
    found: list[Record] = []
    current: list[Piece] = []
    first = next((at for at, piece in enumerate(held) if piece.dated), 0)
    for piece in held[first:]:
        if piece.dated and not piece.rest and not piece.clocked:
            continue
        if piece.clocked and any(p.clocked for p in current):
            found.append(Record(current, day, day_text))
            current = []
        current.append(piece)
    if current:
        found.append(Record(current, day, day_text))
    return [record for record in found if _has_words(record.pieces)]


def _heads(table: Tag) -> dict[int, str]:
    for row in table.find_all("tr", limit=4):
        cells = row.find_all(["th", "td"], recursive=False)
        if len(cells) > 1 and all(cell.name == "th" for cell in cells):
            return {index: squeeze(cell.get_text(" ")) for index, cell in enumerate(cells)}
    return {}
