"""Postal addresses as mails print them: a line each for name, street, town, and country."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from babel import Locale

from agent.vocabulary.languages import fold
from agent.vocabulary.values import Address

_UK = r"(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})"
# Town lines, most particular first, with the country that a shape alone proves.
_TOWNS: tuple[tuple[re.Pattern[str], str | None], ...] = (
    (re.compile(r"(?P<city>[^\d]+?),?\s+(?P<region>[A-Z]{2})\.?,?\s+(?P<postcode>\d{5}(?:-\d{4})?)"), "US"),
    (
        re.compile(r"(?P<city>[^\d,]+),\s+(?P<region>[A-Z][a-z]+(?: [A-Z][a-z]+)?),?\s+(?P<postcode>\d{5}(?:-\d{4})?)"),
        "US",
    ),
    (re.compile(r"(?P<city>[^\d]+?),?\s+(?P<region>[A-Z]{2})\.?,?\s+(?P<postcode>[A-Z]\d[A-Z] ?\d[A-Z]\d)"), "CA"),
    (  # "Montréal (Québec)  H2X 1Y4"
        re.compile(
            r"(?P<city>[^\d,(]+)[,(]\s*(?P<region>[^\W\d][^\d,()]+?)\)?,?\s+(?P<postcode>[A-Z]\d[A-Z] ?\d[A-Z]\d)"
        ),
        "CA",
    ),
    (re.compile(r"(?P<city>[^\d]+?),?\s+(?P<region>NSW|VIC|QLD|WA|SA|TAS|ACT|NT),?\s+(?P<postcode>\d{4})"), "AU"),
    (re.compile(rf"(?:(?P<city>[^\d]+?)[,\s]\s*)?(?P<postcode>{_UK})"), "GB"),
    (re.compile(r"(?:(?P<city>[^\d]+?)[,\s]\s*)?(?P<postcode>[A-Z]\d[\dW] ?[A-Z\d]{4})"), "IE"),
    (re.compile(r"(?P<city>[^\d]+?),?\s+(?P<postcode>\d{3}-\d{4})"), "JP"),
    (re.compile(r"(?P<postcode>\d{4} ?[A-Z]{2})\s+(?P<city>[^\d]+)"), "NL"),
    (re.compile(r"(?P<postcode>\d{5})\s+(?P<city>[^\d]+?\s+CEDEX(?:\s+\d{1,2})?)", re.IGNORECASE), "FR"),
    (re.compile(r"(?:I-)?(?P<postcode>\d{5}),?\s+(?P<city>[^\d]+?),?\s+\(?(?P<region>[A-Z]{2})\)?"), "IT"),
    (
        re.compile(
            r"(?:[A-Z]{1,2}[- ])?(?P<postcode>\d{4,5}|\d{2}-\d{3}|\d{3} ?\d{2})"
            r",?\s+(?P<city>[^\d(]+)(?:\((?P<region>[^\d()]+)\))?"
        ),
        None,
    ),
    (re.compile(r"(?P<city>[^\d]+?),?\s+(?P<postcode>\d{4,6})"), None),
)
_LONGEST = 120
_MOST_LINES = 9
_COUNTIES = frozenset(
    {
        "surrey",
        "kent",
        "essex",
        "devon",
        "cornwall",
        "dorset",
        "norfolk",
        "suffolk",
        "somerset",
        "cumbria",
        "merseyside",
    }
    | {"sussex", "east sussex", "west sussex", "greater london", "greater manchester", "west midlands", "tyne and wear"}
    | {
        "county durham",
        "durham",
        "rutland",
        "isle of wight",
        "middlesex",
        "cleveland",
        "avon",
        "clwyd",
        "dyfed",
        "gwent",
    }
    | {"fife", "powys", "gwynedd", "county antrim", "county down", "lancs", "herts", "hants", "bucks", "northants"}
)


def read_address(lines: Sequence[str]) -> Address | None:
    """The address that starts with the first line; what follows it is left alone. None where no town line is found."""
    block = [line.strip(" ,") for line in lines[:_MOST_LINES]]
    found = _town_of(block) or _town_of(block := _unfolded(block))
    if found is None:
        return _without_town(block)
    town, fields, proves = found
    below = (country_code(line) for line in block[town + 1 : town + 3])  # a county may stand before the country
    country = next((code for code in below if code), None)
    above = [line for line in block[1:town] if line and not _is_phone(line)]
    if not fields.get("city") and above:  # a British postcode on a line of its own
        if len(above) > 1 and _is_county(above[-1]):
            fields["region"] = above.pop()
        fields["city"] = above.pop()
    return Address(
        name=block[0] or None,
        street=", ".join(above) or None,
        city=fields.get("city"),
        region=fields.get("region"),
        postcode=fields.get("postcode"),
        country=country or proves,
    )


def country_code(name: str) -> str | None:
    """ISO 3166 alpha-2 of a country's name in one of our languages or of the code itself, or None."""
    text = fold(name).strip(" .,")
    if re.fullmatch(r"[A-Z]{2}", name.strip()) and name.strip() in _codes():
        return name.strip()
    return _countries().get(text)


def _without_town(block: Sequence[str]) -> Address | None:
    """An address of a form nobody knows: its last line names a country, so what stands between is kept as printed."""
    end = next((at for at, line in enumerate(block) if at > 1 and len(line) > 2 and country_code(line)), None)
    if end is None:
        return None
    return Address(name=block[0] or None, street=", ".join(block[1:end]) or None, country=country_code(block[end]))


def _town_of(block: Sequence[str]) -> tuple[int, dict[str, str], str | None] | None:
    """The town line: the shape that proves a country before one that many share, which a house number could feign."""
    end = next((at for at, line in enumerate(block) if at > 1 and country_code(line)), len(block))
    for pattern, proves in _TOWNS:
        matches = [(at, match) for at in range(1, end) if (match := _matched(pattern, block[at]))]
        if matches:
            at, match = matches[0] if proves else matches[-1]
            return at, {k: v.strip(" ,") for k, v in match.groupdict().items() if v and v.strip(" ,")}, proves
    return None


def _matched(pattern: re.Pattern[str], line: str) -> re.Match[str] | None:
    return pattern.fullmatch(line) if len(line) <= _LONGEST else None


def _unfolded(block: Sequence[str]) -> list[str]:
    """An address that was printed on one line, taken apart at its commas; "city, ST ZIP" stays together."""
    if not block or block[0].count(",") < 2:
        return list(block)
    return re.split(r",\s+(?![A-Z]{2}\.? +[A-Z\d]|[A-Z]{2,3} \d)", block[0])


def _is_county(line: str) -> bool:
    return fold(line).endswith("shire") or fold(line).startswith(("co. ", "county ")) or fold(line) in _COUNTIES


def _is_phone(line: str) -> bool:
    return re.fullmatch(r"(?:(?:phone|tel|telefon|mobile)\S*\s*)?\+?[\d\s()./-]{7,}", line, re.IGNORECASE) is not None


@cache
def _countries() -> Mapping[str, str]:
    found = {
        "usa": "US",
        "u.s.a": "US",
        "great britain": "GB",
        "england": "GB",
        "scotland": "GB",
        "wales": "GB",
        "uk": "GB",
    }
    found |= {"northern ireland": "GB", "holland": "NL", "czech republic": "CZ", "united states of america": "US"}
    for language in ("en", "de", "fr", "it", "es", "nl", "pl"):
        for code, name in Locale(language).territories.items():
            if code in _codes():
                found.setdefault(fold(str(name)), str(code))
    return found


@cache
def _codes() -> frozenset[str]:
    return frozenset(code for code in map(str, Locale("en").territories) if len(code) == 2 and code.isalpha())
