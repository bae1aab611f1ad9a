"""The texts of a page in order, each with the element it stands in and the time printed at its beginning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bs4.element import Tag

from scrapers.reading import clock
from scrapers.reading.document import seen_nodes, squeeze
from scrapers.reading.labels import is_no_event, role

INLINE = {"a", "abbr", "b", "bdi", "cite", "data", "em", "font", "i", "label", "mark", "s", "small", "span", "strong"}
INLINE |= {"sub", "sup", "time", "u", "wbr"}
MOST_PIECES = 6000
MOST_PARTS = 200
LETTERS = re.compile(r"[^\W\d_]{2,}")
_DIGIT = re.compile(r"\d")
_AROUND = re.compile(
    r"^[\s,.;:|·–—()\[\]/-]*(?:(?:uhr|at|um|on|am|le|ore|alle ore|alle|h|kl|klo|(?:o )?godz|om|as|às|a las|à|hrs?"
    r"|local time|gmt|utc"
    r"|[ecmp][sd]?t|cest|bst|wes?t|ees?t|jst|ist|ae[sd]t|ak[sd]t|hst)\b[\s,.;:|·–—()-]*)*$",
    re.IGNORECASE,
)
_PARTED = re.compile(r"(?:\s[–—-]|[·•|,(])\s*(?:[^\W\d_]{2,10}[.,]*\s*)?$")
"""What stands between words and the time behind them: "Leeds · Mon 14.10.2026 08:12"."""
LONGEST_BEFORE = 60
_WEEKDAY = re.compile(
    r"^[\s,(]*([^\W\d_]{1,13})[.,]*(?:\s+(?:d\.|den|the|el|le|il|dia))?\s*[)]?[.,]*\s*$", re.IGNORECASE
)
_RANGE = re.compile(
    r"^\s*(?:uhr\s*)?(?:[–—-]|to\b|bis\b|a\b|à\b|do\b|tot\b|～|~)\s*\d{1,2}(?:[:.h]\d\d|\s?[ap]m)", re.IGNORECASE
)


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
        before = "" if _is_weekday(before) or _AROUND.match(before) else before
        after = "" if _AROUND.match(after) else after
        if before and not after and (parted := _PARTED.search(before)):
            before = before[: parted.start()]
        return squeeze(re.sub(r"^\s*(?:Uhr\b)?[\s,;:|·–—-]*", "", f"{before} {after}".strip()))


def printed(piece: Piece) -> str:
    """The time as printed, its weekday included."""
    if piece.stamp is None or not piece.rest:
        return piece.text
    before = piece.text[: piece.stamp.start]
    return squeeze((before if _is_weekday(before) else "") + piece.text[piece.stamp.start : piece.stamp.end])


def leading_stamp(text: str, day_first: bool | None) -> clock.Stamp | None:
    """A printed time that the text begins with, or that is nearly all of it; a date inside a sentence is none."""
    if len(text) > 400 or not _DIGIT.search(text):
        return None
    stamp = clock.find(text, day_first)
    if stamp is None:
        return None
    before, after = text[: stamp.start], text[stamp.end :]
    if stamp.clock is not None and not stamp.dated and _RANGE.match(after):
        return None  # opening hours, a window
    if before and is_no_event(before):
        return None
    if _AROUND.match(before) or _is_weekday(before):
        return stamp if stamp.dated or _AROUND.match(after) or len(after) < 80 else None
    if not _AROUND.match(after):
        return None
    label = re.match(r"^[^\W\d_][\w /-]{1,24}:\s*(?:[^\W\d_]{2,10}[.,]*\s*)?$", before)
    return stamp if label or (stamp.dated and len(before) <= LONGEST_BEFORE and _PARTED.search(before)) else None


def _is_weekday(text: str) -> bool:
    match = _WEEKDAY.match(text)
    return match is not None and clock.is_weekday(match[1])


def texts_of(root: Tag) -> list[Piece]:
    """The page's texts in order: those of one block together, unless its inline parts are fields of their own."""
    found: list[Piece] = []
    block: Tag | None = None
    parts: list[tuple[str, Tag]] = []

    def flush() -> None:
        if not parts:
            return
        for text, element in _fields(parts, block):
            if text:
                found.append(Piece(text, element, len(found)))
        parts.clear()

    for node in seen_nodes(root):
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
        elif str(node).strip():
            parent = node.parent
            if parent is None:
                continue
            holder = parent
            while holder.name in INLINE and holder.parent is not None:
                holder = holder.parent
            if holder is not block:
                flush()
                block = holder
            lines = _lines(str(node), parent)
            for line in lines:
                parts.append((_with_its_date(squeeze(line), parent), parent))
                if len(lines) > 1 or len(parts) >= MOST_PARTS:
                    flush()
    flush()
    return found


def _lines(text: str, parent: Tag) -> list[str]:
    """The lines of a text whose line ends count: in `<pre>`, or where several lines begin with a date."""
    lines = [line for line in text.splitlines() if line.strip()] if "\n" in text.strip() else [text]
    if len(lines) < 2:
        return [text]
    as_typed = parent.name == "pre" or parent.find_parent("pre") is not None
    if (
        not as_typed
        and sum((stamp := leading_stamp(line, None)) is not None and stamp.dated for line in lines[:40]) < 2
    ):
        return [text]
    return [re.sub(r"(?<=\S)(?: {2,}|\t+)(?=\S)", " | ", line) for line in lines]


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
    bare = [at for at, (_, element) in enumerate(parts) if element is block]
    behind = bare == [len(parts) - 1] and len(parts) > 2 and not parts[-1][0][:1].islower()  # a place after the words
    separate = len(owners) == len(parts) and (not bare or behind)
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
    return [text for text, _ in parts if not _is_all_stamp(text) and (len(text) > 3 or not text.isascii())]


def _is_all_stamp(text: str) -> bool:
    stamp = clock.find(text) if len(text) < 60 and _DIGIT.search(text) else None
    if stamp is None:
        return False
    before, after = text[: stamp.start], text[stamp.end :]
    return bool((_AROUND.match(before) or _is_weekday(before)) and _AROUND.match(after))


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
