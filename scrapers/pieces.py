"""The texts of a page in order, each with the element it stands in and the time printed at its beginning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bs4.element import NavigableString, Tag

from scrapers import clock
from scrapers.document import is_seen, squeeze
from scrapers.labels import role

INLINE = {"a", "abbr", "b", "bdi", "cite", "data", "em", "font", "i", "label", "mark", "s", "small", "span", "strong"}
INLINE |= {"sub", "sup", "time", "u", "wbr"}
MOST_PIECES = 6000
LETTERS = re.compile(r"[^\W\d_]{2,}")
_AROUND = re.compile(
    r"^[\s,.;:|·–—()\[\]/-]*(?:(?:uhr|at|um|on|am|le|ore|h|local time|gmt|utc"
    r"|[ecmp][sd]?t|cest|bst|wes?t|ees?t|jst|ist|ae[sd]t|ak[sd]t|hst)\b[\s,.;:|·–—()-]*)*$",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(r"^[\s,(]*(?:[^\W\d_]{2,12})[.,]*\s*$")


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A text of the page with the element it stands in."""

    text: str
    element: Tag
    order: int
    stamp: clock.Stamp | None = None
    rule: bool = False
    """A horizontal rule, between two rows."""

    @property
    def dated(self) -> bool:
        return self.stamp is not None and self.stamp.dated

    @property
    def clocked(self) -> bool:
        return self.stamp is not None and self.stamp.clock is not None

    @property
    def rest(self) -> str:
        """What stands beside the printed time."""
        if self.stamp is None:
            return self.text
        before, after = self.text[: self.stamp.start], self.text[self.stamp.end :]
        before = "" if _WEEKDAY.match(before) or _AROUND.match(before) else before
        after = "" if _AROUND.match(after) else after
        return squeeze(re.sub(r"^\s*(?:Uhr\b)?[\s,;:|·–—-]*", "", f"{before} {after}".strip()))


def printed(piece: Piece) -> str:
    """The time as printed, its weekday included."""
    if piece.stamp is None or not piece.rest:
        return piece.text
    before = piece.text[: piece.stamp.start]
    return squeeze((before if _WEEKDAY.match(before) else "") + piece.text[piece.stamp.start : piece.stamp.end])


def leading_stamp(text: str, day_first: bool | None) -> clock.Stamp | None:
    """A printed time that the text begins with, or that is nearly all of it; a date inside a sentence is none."""
    if not any(char.isdigit() for char in text) or len(text) > 400:
        return None
    stamp = clock.find(text, day_first)
    if stamp is None:
        return None
    before, after = text[: stamp.start], text[stamp.end :]
    if _AROUND.match(before) or _WEEKDAY.match(before):
        return stamp if stamp.dated or _AROUND.match(after) or len(after) < 80 else None
    label = re.match(r"^[^\W\d_][\w /-]{1,24}:\s*(?:[^\W\d_]{2,10}[.,]*\s*)?$", before)
    return stamp if label and _AROUND.match(after) else None


def texts_of(root: Tag) -> list[Piece]:
    """The page's texts in order: those of one block together, unless its inline parts are fields of their own."""
    found: list[Piece] = []
    block: Tag | None = None
    parts: list[tuple[str, Tag]] = []

    def flush() -> None:
        for text, element in _fields(parts, block):
            if text:
                found.append(Piece(text, element, len(found)))
        parts.clear()

    for node in root.descendants:
        if len(found) > MOST_PIECES:
            break
        if isinstance(node, Tag):
            if node.name == "br":
                flush()
            elif node.name == "hr":
                flush()
                found.append(Piece("", node, len(found), rule=True))
            elif node.name not in INLINE:
                flush()
        elif isinstance(node, NavigableString) and str(node).strip() and is_seen(node):
            parent = node.parent
            if parent is None:
                continue
            holder = next((p for p in node.parents if p.name not in INLINE), root)
            if holder is not block:
                flush()
                block = holder
            parts.append((_with_its_date(squeeze(str(node)), parent), parent))
    flush()
    return found


def _with_its_date(text: str, parent: Tag) -> str:
    """The text, or the date in full where a `<time>` element tells it and the text leaves out the year."""
    told = parent.get("datetime") if parent.name == "time" else None
    if not isinstance(told, str) or clock.moment(told) is None:
        return text
    printed = clock.find(text)
    return text if printed is not None and printed.day is not None else told


def _fields(parts: Sequence[tuple[str, Tag]], block: Tag | None) -> Iterable[tuple[str, Tag]]:
    if not parts or block is None:
        return []
    if len(parts) == 1:
        text, element = parts[0]
        return [(text, element)]
    joined = squeeze(" ".join(text for text, _ in parts))
    owners = {id(element) for _, element in parts}
    separate = len(owners) == len(parts) and all(element is not block for _, element in parts)
    if (
        separate
        and any(_is_all_stamp(text) for text, _ in parts)
        and any(LETTERS.search(rest) for rest in _not_stamps(parts))
    ):
        return list(parts)
    named = {role(names(element)) for _, element in parts if element is not block}
    if separate and len(named - {None}) > 1:
        return list(parts)
    return [(joined, block)]


def _not_stamps(parts: Sequence[tuple[str, Tag]]) -> list[str]:
    return [text for text, _ in parts if not _is_all_stamp(text) and len(text) > 3]


def _is_all_stamp(text: str) -> bool:
    stamp = clock.find(text) if any(char.isdigit() for char in text) and len(text) < 60 else None
    if stamp is None:
        return False
    before, after = text[: stamp.start], text[stamp.end :]
    return bool((_AROUND.match(before) or _WEEKDAY.match(before)) and _AROUND.match(after))


def names(element: Tag) -> str:
    """Everything by which a page names an element."""
    found: list[str] = []
    for key in (
        "class",
        "id",
        "itemprop",
        "data-label",
        "data-th",
        "data-title",
        "headers",
        "aria-label",
        "data-testid",
    ):
        value = element.get(key)
        found.extend(value if isinstance(value, list) else [str(value)] if value else [])
    return " ".join(found)
