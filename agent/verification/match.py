"""How well a place that a carrier or label names agrees with an order's address, level by level.

eBay's proof of delivery asks for the town or the postcode of the order (sellercentre.ebay.com.au, "proof of delivery").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from agent.verification.postcodes import postcodes
from agent.verification.printed import taken_apart
from agent.verification.towns import same_town, towns_differ
from agent.verification.words import country_code, plain_words, words
from agent.vocabulary.values import Address, Place

Level = Literal["exact", "postcode", "city", "district", "near", "mismatch", "alternate", "unknown"]
"""`district`: the first half of a British or Canadian code; `near`: a code of the same region, for a delivery office
often prints its own; `alternate`: handed out at a shop, locker, neighbour, wherever that lies."""

_PROVES = frozenset({"exact", "postcode", "city"})
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Match:
    """How two addresses agree. A mismatch is `firm` where a postcode or country tells it, not a town's name alone."""

    level: Level
    firm: bool = False
    house: bool | None = None
    """Whether the house numbers agree; None where one is not printed."""

    @property
    def proves(self) -> bool:
        """Whether it is enough for eBay's test of the place."""
        return self.level in _PROVES


UNKNOWN = Match("unknown")


def match(found: Address | Place | None, wanted: Address | None) -> Match:
    """How a place agrees with an address, as far as both are printed."""
    if found is None or wanted is None:
        return UNKNOWN
    if isinstance(found, Place):
        found = taken_apart(found)
    if countries(found.country, wanted.country) is False:
        return Match("mismatch", firm=True)
    code, town = postcodes(found.postcode, wanted.postcode), same_town(found.city, wanted.city)
    if code == "same":
        house = _houses(found, wanted)
        return Match("exact" if house else "postcode", firm=True, house=house)
    if town:
        return Match("city")
    if code is not None:
        return Match("mismatch" if code == "other" else code, firm=True)
    return Match("mismatch") if towns_differ(found.city, wanted.city, wanted.region) else UNKNOWN


def countries(one: str | None, other: str | None) -> bool | None:
    """Whether two codes or names mean one country; None where one is absent or is not known."""
    left, right = country_code(one), country_code(other)
    return None if left is None or right is None else left == right


def _houses(found: Address | Place, wanted: Address) -> bool | None:
    """Whether the house numbers agree, flats and blocks aside; of streets without any, whether their words do."""
    here, there = (getattr(place, "street", None) for place in (found, wanted))
    if not here or not there:
        return None
    left, right = set(_NUMBER.findall(here[:200])), set(_NUMBER.findall(there[:200]))
    if left and right:
        return not left.isdisjoint(right)
    return True if _street(here) == _street(there) else None


def _street(text: str) -> list[str]:
    return [_word(word) for word in plain_words(text)]


def _word(word: str) -> str:
    known = words()
    if whole := known.street.get(word):
        return whole
    ending = next((short for short in known.street_endings if word.endswith(short) and word != short), None)
    return word.removesuffix(ending) + known.street_endings[ending] if ending else word
