"""A page that tells of several parcels, cut down to the asked one, so that nothing of another parcel's is left to be read.

Other parcels are numbers printed in the very shape in which the page prints the asked one. Each number owns the largest
element that names no other; where that is a bare heading, it owns what stands below it, up to the next number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bs4.element import NavigableString, PageElement, Tag

from scrapers import branches, clock
from scrapers.document import Document, seen_nodes, squeeze, strings, visible_strings
from scrapers.identity import LONGEST_NAME, normalised, same_number
from scrapers.judged import known
from scrapers.labels import names_another_thing

MOST_MARKS = 400


@dataclass(frozen=True, slots=True, eq=False)
class _Mark:
    """One place at which the page prints a number."""

    name: str
    node: NavigableString


def only(document: Document, asked: str) -> Document:
    """The document without what it tells of other parcels; the same one where it tells of no other."""
    for data in (document.data, *document.embedded):
        branches.keep_only(data, asked)
    if document.soup is None:
        return document if document.data is None else replace(document, visible="\n".join(strings(document.data)))
    soup = document.soup
    shape = _shape(document.visible, asked)
    if shape is None:
        return document
    _part_lines(soup, shape, asked)
    marks = _marks(soup, shape, asked)
    if {mark.name for mark in marks} <= {asked}:
        return replace(document, visible=_visible(soup))
    wholes = {id(whole): (mark.name, whole) for mark in marks for whole in [_whole(mark, _naming(marks, mark.name))]}
    heads = set(wholes)
    heads |= {id(parent) for mark in marks for parent in mark.node.parents}
    mine: list[PageElement] = []
    others: list[PageElement] = []
    for name, whole in wholes.values():
        (mine if name == asked else others).extend([whole, *_beside(whole, heads)])
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
    """Whether a number is a parcel's, printed over what is told of it: not in a sentence, nor an order's or a phone's."""
    match = shape.search(text.upper())
    if match is None or len(text) > LONGEST_NAME:
        return False
    stamp = clock.find(match.group())
    if stamp is not None and stamp.dated:
        return False
    return not names_another_thing(text[: match.start()].strip() or before[-LONGEST_NAME:])


def _naming(marks: Sequence[_Mark], name: str) -> set[int]:
    """The elements that print a number other than this."""
    return {id(parent) for mark in marks if mark.name != name for parent in mark.node.parents}


def _whole(mark: _Mark, foreign: set[int]) -> PageElement:
    """The largest element around a number that names no other."""
    whole: PageElement = mark.node
    for parent in mark.node.parents:
        if id(parent) in foreign:
            break
        whole = parent
    return whole


def _beside(whole: PageElement, heads: set[int]) -> list[PageElement]:
    """What stands on its level up to the next number; or up from the last one, where numbers stand below."""
    level = list(whole.parent.children) if whole.parent is not None else []
    named = [at for at, child in enumerate(level) if id(child) in heads]
    at = next((index for index in named if level[index] is whole), None)
    if at is None:
        return []
    place = named.index(at)
    ends = [*named, len(level)]
    parts = [level[start + 1 : end] for start, end in zip([-1, *named], ends, strict=True)]
    below = not any(_dated(level[head]) for head in named) and not _dated(*parts[-1])
    return parts[place] if below and all(_tells(*part) for part in parts[:-1]) else parts[place + 1]


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


def _part_lines(soup: Tag, shape: re.Pattern[str], asked: str) -> None:
    """Of a text of many lines that prints several numbers, those from another number to the next are left out."""
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
