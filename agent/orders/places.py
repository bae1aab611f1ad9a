"""Whether two places are the same, as far as both are printed. Pure.

Absent beats wrong: towns have several spellings, and carriers print their hubs' names, so that two towns tell nothing
by themselves. Postcodes are firm, but for neighbouring ones: a delivery office often prints its own.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from babel import Locale

from agent.vocabulary.languages import fold
from agent.vocabulary.values import Address, Place

Agreement = Literal["same", "near", "other"]

_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        r"(?P<core>(?P<area>\d{3})\d{2})(?:\d{4})?",  # US and ZIP+4, DE, FR, IT, ES, PL …
        r"(?P<core>(?P<area>\d{2})\d{2})",  # AT, AU, BE, CH, DK, NO
        r"(?P<core>(?P<area>\d{2})\d{2})[A-Z]{2}",  # NL
        r"(?P<core>(?P<area>\d{3})\d{3,5})",  # CN, IN, JP, BR, PT
        r"(?P<core>(?P<area>[A-Z]\d)[A-Z])(?:\d[A-Z]\d)?",  # CA
        r"(?P<core>(?P<area>[A-Z]{1,2})\d[A-Z\d]?)(?:\d[A-Z]{2})?",  # GB
        r"(?P<core>(?P<area>[A-Z])\d[\dW])[A-Z\d]{4}",  # IE
    )
)
"""What tells one delivery office from another (`core`), and the region that it lies in (`area`)."""
_COUNTRY_MARK = re.compile(r"[A-Z]{1,2}-(?=\d)")
_SHORTEST = 3
_SAME_COUNTRY = {"UK": "GB"}


def postcodes(one: str | None, other: str | None) -> Agreement | None:
    """How two postcodes agree; None where one is absent, or they cannot be compared."""
    left, right = _plain(one), _plain(other)
    if min(len(left), len(right)) < _SHORTEST:
        return None
    if left.startswith(right) or right.startswith(left):
        return "same"
    for shape in _SHAPES:
        here, there = shape.fullmatch(left), shape.fullmatch(right)
        if here and there:
            return _of_parts(here, there)
    return None


def countries(one: str | None, other: str | None) -> Agreement | None:
    """Whether two ISO codes name one country; None where one is absent or is no code."""
    left, right = (_SAME_COUNTRY.get(code, code) for code in ((one or "").upper(), (other or "").upper()))
    if not (len(left) == len(right) == 2):
        return None
    return "same" if left == right else "other"


def place_and_address(place: Place | None, address: Address | None) -> Agreement | None:
    """How a carrier's place agrees with an address, by what is firm: the country, then the postcode."""
    if place is None or address is None:
        return None
    if countries(place.country, address.country) == "other":
        return "other"
    return postcodes(place.postcode, address.postcode)


def towns_differ(town: str | None, address: Address) -> bool:
    """Whether a town surely is none that the address names: no word of either begins with the same letter.

    So Munich may be München, and a suburb the city that stands beside it; a country's name is no town.
    """
    named = _initials(" ".join(part for part in (address.city, address.region) if part))
    found = _initials(town or "")
    return bool(named and found) and not named & found and fold(town or "") not in _country_names()


def _initials(text: str) -> set[str]:
    """First letters of the words, of Latin script alone: no other can be compared."""
    words = re.findall(r"[^\W\d_]{2,}", fold(text))
    return {word[0] for word in words} if all(word[0] < "\u0250" for word in words) else set()


@cache
def _country_names() -> frozenset[str]:
    return frozenset(fold(name) for name in Locale("en").territories.values())


def addresses(one: Address | None, other: Address | None) -> Agreement | None:
    """How two addresses agree, by country and postcode."""
    if one is None or other is None:
        return None
    return place_and_address(Place(postcode=one.postcode, country=one.country), other)


def _of_parts(here: re.Match[str], there: re.Match[str]) -> Agreement:
    if here["core"] == there["core"]:
        return "same"
    return "near" if here["area"] == there["area"] else "other"


def _plain(code: str | None) -> str:
    printed = _COUNTRY_MARK.sub("", (code or "").strip().upper(), count=1)
    return "".join(char for char in printed[:20] if char.isascii() and char.isalnum())
