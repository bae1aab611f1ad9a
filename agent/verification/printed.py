"""A place that a page prints on one line, by its parts: "Bend, OR 97701, US", "80331 München", "LEEDS LS1 4AP"."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from agent.verification.words import country_code
from agent.vocabulary.values import Place

_CODE = re.compile(
    r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"  # GB
    r"|[A-Z]\d[A-Z] ?\d[A-Z]\d"  # CA
    r"|\d{4} ?[A-Z]{2}"  # NL
    r"|\d{5}(?:-\d{4})?|\d{2}-\d{3}|\d{3} ?\d{2}|\d{4}"
)
_AT_AN_END = re.compile(
    rf"(?:(?P<first>{_CODE.pattern})\s+(?P<town>\D.*)|(?:(?P<before>.*\S)\s+)?(?P<last>{_CODE.pattern}))"
)
_REGION = re.compile(r"\s+[A-Z]{2,3}")
_LONGEST = 120


def taken_apart(place: Place) -> Place:
    """The place with the postcode and country that its line prints, where nobody took it apart before."""
    if place.postcode or not place.city or len(place.city) > _LONGEST:
        return place
    city, code, country = _parts(place.city)
    if code is None and country is None:
        return place
    return replace(place, city=city or place.city, postcode=code, country=place.country or country)


@lru_cache(maxsize=1024)
def _parts(text: str) -> tuple[str | None, str | None, str | None]:
    parts = [part.strip() for part in text.replace(" - ", ",").split(",") if part.strip()]
    country = None
    if len(parts) > 1 and (len(parts) > 2 or len(parts[-1]) > 3):  # "CA" after a town is California
        country = country_code(parts[-1])
        parts = parts[:-1] if country else parts
    city: str | None = None
    code: str | None = None
    for at, part in enumerate(parts):
        found = _AT_AN_END.fullmatch(part)
        if found is None:
            city = city or part
            continue
        code = code or found["first"] or found["last"]
        rest = found["town"] or found["before"] or ""
        if at == 0 and found["before"]:
            rest = _REGION.sub("", rest) if _REGION.search(rest, max(0, len(rest) - 4)) else rest
        city = city or rest or None
    return city, code, country
