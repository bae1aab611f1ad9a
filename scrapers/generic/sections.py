"""A page that tells of several parcels, cut down to the asked one: nothing of another's is left to be read.

Other parcels are numbers printed in the very shape in which the page prints the asked one. Each number owns the largest
element that names no other; where that is a bare heading, it owns what stands below it, up to the next number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from bs4.element import NavigableString, PageElement, Tag

from scrapers.generic import branches
from scrapers.reading import clock
from scrapers.reading.document import Document, seen_nodes, squeeze, strings, visible_strings
from scrapers.reading.identity import LONGEST_NAME, normalised, same_number
from scrapers.reading.judged import known
from scrapers.reading.labels import names_another_thing

MOST_MARKS = 400


@dataclass(frozen=True, slots=True, eq=False)
class _Mark:
    """One place at which the page prints a number."""

    name: str
    node: NavigableString


def only(document: Document, asked: str) -> Document:
    """The document without what it tells of other parcels; the same one where it tells of no other."""
    cut = [branches.keep_only(data, asked) for data in (document.data, *document.embedded)]
    if document.soup is None:
        return replace(document, visible="\n".join(strings(document.data))) if any(cut) else document
    soup = document.soup
    shape = _shape(document.visible, asked)
    if shape is None:
        return document
    parted = _part_lines(soup, shape, asked)
    marks = _marks(soup, shape, asked)
    if {mark.name for mark in marks} <= {asked}:
        return replace(document, visible=_visible(soup)) if parted else document
    naming = _naming(marks)
    wholes = {id(whole): (mark.name, whole) for mark in marks for whole in [_whole(mark, naming)]}
    levels = {id(whole.parent): whole.parent for _, whole in wholes.values() if whole.parent is not None}
    beside: dict[int, list[PageElement]] = {}
    for level in levels.values():
        beside |= _beside(level, wholes.keys() | naming.keys())
    mine: list[PageElement] = []
    others: list[PageElement] = []
    for name, whole in wholes.values():
        (mine if name == asked else others).extend([whole, *beside.get(id(whole), ())])
    for element in others:
        element.extract()
    _silence(soup, mine)
    return replace(document, visible=_visible(soup))


def _visible(soup: Tag) -> str:
    return "\n".join(visible_strings(soup))


def _shape(visible: str, asked: str) -> re.Pattern[str] | None:
    """How numbers look that are printed like the asked one; None where no other is."""
    text = visible.upper()
    name = r"[ \u00a0.-]?".join(map(re.escape, asked.lstrip("0")))
    printed = {found.group() for found in re.finditer(rf"(?<![A-Z0-9])0*{name}(?![A-Z0-9])", text)}
    if len(asked) < 5:
        return None
    printed = printed or {asked}  # the page shows another's history and carries this one's in its data, or none
    either = "|".join(sorted({"".join(map(_kind, one)) for one in printed}))
    pattern = re.compile(rf"(?<![A-Z0-9-])(?:{either})(?![A-Z0-9-])")
    return pattern if any(not same_number(one.group(), asked) for one in pattern.finditer(text)) else None


def _kind(char: str) -> str:
    return r"\d" if char.isdigit() else "[A-Z]" if char.isalpha() else re.escape(char)


def _marks(soup: Tag, shape: re.Pattern[str], asked: str) -> list[_Mark]:
    """Where the page prints which number, in order."""
    found: list[_Mark] = []
    before = ""
    for node in list(seen_nodes(soup)):
        if not isinstance(node, NavigableString) or not (text := squeeze(str(node))):
            continue
        names = _names(text, shape)
        if names and len(found) < MOST_MARKS:
            if any(same_number(name, asked) for name in names):
                found.append(_Mark(asked, node))
            elif len(names) == 1 and _heads(text, before, shape):
                found.append(_Mark(names.pop(), node))
        before = text
    return found


def _names(text: str, shape: re.Pattern[str]) -> set[str]:
    return {normalised(one.group()) for one in shape.finditer(text.upper())}


def _heads(text: str, before: str, shape: re.Pattern[str]) -> bool:
    """Whether a number is a parcel's, over what is told of it: not in a sentence, nor an order's or a phone's."""
    match = shape.search(text.upper())
    if match is None or len(text) > LONGEST_NAME:
        return False
    stamp = clock.find(match.group())
    if stamp is not None and stamp.dated:
        return False
    return not names_another_thing(text[: match.start()].strip() or before[-LONGEST_NAME:])


def _naming(marks: Sequence[_Mark]) -> dict[int, str | None]:
    """The elements that hold a number, each with it; with None where they hold several."""
    found: dict[int, str | None] = {}
    for mark in marks:
        for parent in mark.node.parents:
            found[id(parent)] = mark.name if found.get(id(parent), mark.name) == mark.name else None
    return found


def _whole(mark: _Mark, naming: Mapping[int, str | None]) -> PageElement:
    """The largest element around a number that names no other."""
    whole: PageElement = mark.node
    for parent in mark.node.parents:
        if naming[id(parent)] is None:
            break
        whole = parent
    return whole


def _beside(level: Tag, heads: Set[int]) -> dict[int, list[PageElement]]:
    """What belongs to each number of a level: all up to the next; or up from the last, where numbers stand below."""
    children = list(level.children)
    named = [at for at, child in enumerate(children) if id(child) in heads]
    ends = [*named, len(children)]
    parts = [children[start + 1 : end] for start, end in zip([-1, *named], ends, strict=True)]
    below = not any(_dated(children[head]) for head in named) and not _dated(*parts[-1])
    below = below and all(_tells(*part) for part in parts[:-1])
    return {id(children[head]): parts[place if below else place + 1] for place, head in enumerate(named)}


def _dated(*elements: PageElement) -> bool:
    return any((stamp := clock.find(text)) is not None and stamp.dated for text in _texts(elements))


def _tells(*elements: PageElement) -> bool:
    return _dated(*elements) and any(known(text) for text in _texts(elements))


def _texts(elements: Iterable[PageElement]) -> list[str]:
    found: list[str] = []
    for element in elements:
        found.extend(visible_strings(element) if isinstance(element, Tag) else [squeeze(str(element))])
    return [text for text in found if text and len(text) < 400]


def _silence(soup: Tag, mine: Sequence[PageElement]) -> None:
    """A carrier's words that stand under nobody's number may be of any parcel: they are taken away."""
    own = {id(element) for element in mine}
    for node in list(seen_nodes(soup)):
        if not isinstance(node, NavigableString) or id(node) in own or not known(squeeze(str(node))):
            continue
        if not any(id(parent) in own for parent in node.parents):
            node.extract()


def _part_lines(soup: Tag, shape: re.Pattern[str], asked: str) -> bool:
    """Of texts of many lines that print several numbers, leaves out those under another; whether there are any."""
    found = False
    for node in list(seen_nodes(soup)):
        if not isinstance(node, NavigableString) or "\n" not in str(node) or len(_names(str(node), shape)) < 2:
            continue
        kept: list[str] = []
        mine = True
        for line in str(node).splitlines():
            names = _names(line, shape)
            if names:
                mine = any(same_number(name, asked) for name in names)
            if mine:
                kept.append(line)
        node.replace_with("\n".join(kept))
        found = True
    return found
