"""Whether two postcodes are one, as far as both are printed.

A neighbouring code is no other place: a delivery office often prints its own.
"""

from __future__ import annotations

import re
from typing import Literal

Agreement = Literal["same", "district", "near", "other"]
"""`district`: of one delivery district, and one of them prints no more than that or goes on differently."""

_US = re.compile(r"(\d{5})\d{4}")
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


def postcodes(one: str | None, other: str | None) -> Agreement | None:
    """How two postcodes agree; None where one is absent, or they cannot be compared."""
    left, right = _plain(one), _plain(other)
    if min(len(left), len(right)) < _SHORTEST:
        return None
    if left == right:
        return "same"
    if left.startswith(right) or right.startswith(left):
        return "district"
    for shape in _SHAPES:
        here, there = shape.fullmatch(left), shape.fullmatch(right)
        if here and there:
            if here["core"] == there["core"]:
                return "district"
            return "near" if here["area"] == there["area"] else "other"
    return None


def _plain(code: str | None) -> str:
    """Without blanks, a country's mark (`D-`), and the four digits that a ZIP may add."""
    printed = _COUNTRY_MARK.sub("", (code or "").strip().upper(), count=1)
    plain = "".join(char for char in printed[:20] if char.isascii() and char.isalnum())
    return zip4[1] if (zip4 := _US.fullmatch(plain)) else plain
