"""Which parcel a page speaks of: a result counts only where the asked number is echoed."""

from __future__ import annotations

import re

from bs4.element import NavigableString, Tag

from agent.vocabulary import numbers
from agent.vocabulary.languages import fold
from scrapers.reading import clock
from scrapers.reading.document import seen_nodes, squeeze, visible_strings
from scrapers.reading.labels import data, names_a_number

_DIGIT = re.compile(r"\d")
_BLANKS = re.compile(r"[\s\-.\u00a0]+")
_TOKEN = re.compile(r"(?<![A-Z0-9])(?=[A-Z0-9 -]*\d{4})[A-Z0-9](?:[ -]?[A-Z0-9]){7,33}(?![A-Z0-9])")


_FIELD = re.compile(
    r"(?:barcode|waybill(?:number)?|tracking(?:number|no|code|id)|orderno|shipmentid|idship|parcelno|awb|piececode)$|^id$",
    re.IGNORECASE,
)
LONGEST_NAME = 60
_NAMED = re.compile(
    rf"(?:^|[\s(])(?:{'|'.join(data('labels')['parcel'])})\w{{0,3}}[\s.:#-]{{1,3}}(?:(?:num|numer|numero|number|nummer|no|nr|n|id|code|kod|codigo|codice)[.]?[\s:#]+)?"
    r"((?=[a-z -]*\d[a-z0-9 -]*\d[a-z0-9 -]*\d)[a-z0-9]{2,}(?:[ -][a-z0-9]{2,}){0,5})$"
)
"""A short text that is a word for a parcel and its number: "Shipment: NF-33819"."""


def normalised(number: str) -> str:
    """Upper case, no blanks, dashes or dots."""
    return _BLANKS.sub("", number).upper()


def is_number_field(name: str) -> bool:
    """Whether a field of data is called like a tracking number."""
    return bool(_FIELD.search(name)) or names_a_number(re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", name))


def same_number(left: str, right: str) -> bool:
    """Whether two printed numbers are one; leading noughts do not tell them apart."""
    one, two = normalised(left), normalised(right)
    return bool(one) and (one == two or one.lstrip("0") == two.lstrip("0"))


def is_number(text: str) -> bool:
    """Whether a field holds nothing but what may be a tracking number."""
    return 8 <= len(text) <= 40 and bool(re.fullmatch(r"[A-Za-z0-9 ]+", text)) and sum(c.isdigit() for c in text) >= 6


def alike(one: str, other: str) -> bool:
    """Whether two numbers are of one kind, by where they have letters and digits; an order's looks different."""
    return _shape(one) == _shape(other)


def _shape(number: str) -> str:
    return re.sub(r"[A-Z]", "A", re.sub(r"\d", "9", normalised(number).lstrip("0")))


def echoes(text: str, number: str) -> bool:
    """Whether a text prints the number, in whatever groups."""
    wanted = normalised(number).lstrip("0")
    return len(wanted) >= 5 and wanted in normalised(text)


def find_numbers(root: Tag, number: str | None) -> list[tuple[str, Tag]]:
    """Tracking numbers that the page prints, in order: the asked one, and those that a label introduces."""
    found: list[tuple[str, Tag]] = []
    announced = False
    for node in seen_nodes(root):
        if not isinstance(node, NavigableString) or not str(node).strip():
            continue
        text, parent = squeeze(str(node)), node.parent
        if parent is None or len(text) > 300:
            announced = names_a_number(text[-60:])
            continue
        labelled = names_a_number(text)
        if not _DIGIT.search(text):
            announced = labelled
            continue
        if number and echoes(text, number):
            found.append((normalised(number), parent))
        elif len(text) <= LONGEST_NAME and (named := _NAMED.search(fold(text))):
            found.append((normalised(text[-len(named[1]) :]), parent))
        elif labelled or announced:
            rest = text[_label_end(text) :] if labelled else text
            token = _TOKEN.search(rest.upper())
            stamp = clock.find(rest)
            is_time = stamp is not None and stamp.dated and not rest[: stamp.start].strip()
            if token and not is_time and sum(char.isdigit() for char in token.group()) >= 6:
                found.append((normalised(token.group()), parent))
                labelled = False  # the label has its number
        announced = labelled
    if not found:
        found = [(name, root) for name in likely_numbers("\n".join(visible_strings(root)))]
    unique: dict[str, Tag] = {}
    for name, element in found:
        unique.setdefault(name, element)
    return list(unique.items())


def likely_numbers(text: str) -> list[str]:
    """Numbers whose shape and check digit are surely a carrier's; none where the text prints several."""
    found = {
        normalised(one.number)
        for one in numbers.find(text[:40_000])
        if one.candidates and one.candidates[0].confidence >= 0.8 and one.candidates[0].checksum == "ok"
    }
    return list(found) if len(found) == 1 else []


def _label_end(text: str) -> int:
    match = re.search(r"[:#]\s*|(?:nummer|number|no\.?|code|id)\s+", text, re.IGNORECASE)
    return match.end() if match else 0
