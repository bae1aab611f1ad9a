"""Tracking numbers: from a number to the carriers it may be of, and numbers in running text.

Shapes and check digits are data, in `agent/vocabulary/carriers/`. Collisions are normal (twelve digits may be FedEx,
DHL, an item number), so every carrier whose format fits is kept, best first. `ACT` and more means "act on it".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from agent.vocabulary.carriers import Carrier, NumberFormat, carrier, carriers, related
from agent.vocabulary.checksums import impb_bodies, passes

Checksum = Literal["ok", "fail", "none"]

ACT = 0.8
"""The confidence from which a number may be acted on without anybody having named its carrier."""

_LONGEST = 40
_LONGEST_TEXT = 100_000
_REMEMBERED = 300  # characters of a line that is worth remembering
_MOST_GROUPS = 10
_DISREGARDED = re.compile(r"[\s\-\u2010-\u2015\u00ad\u200b-\u200f\u2060\ufeff]+")
_EBAY_ORDER = re.compile(r"\d{2}-\d{5}-\d{5}")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A carrier that a number may be of. `checksum` is `none` where its format has no check digit."""

    carrier: str
    format: str
    checksum: Checksum
    confidence: float


@dataclass(frozen=True, slots=True)
class Found:
    """A tracking number in a text: `number` normalised, `text[start:end]` as it is printed there."""

    number: str
    start: int
    end: int
    candidates: tuple[Candidate, ...]


def normalise(text: str) -> str:
    """A number as formats know it: upper case, without blanks, dashes and invisible characters."""
    return _DISREGARDED.sub("", text).upper()


def candidates(number: str, declared: str | None = None) -> tuple[Candidate, ...]:
    """The carriers whose formats fit, best first; `declared` is the carrier that the sender or a label names, if any.

    A failing check digit leaves a candidate of low confidence, marked `fail`. eBay's own order numbers fit nothing.
    """
    if _EBAY_ORDER.fullmatch(number.strip()):
        return ()
    normalised = normalise(number)
    return _ranked(normalised, declared) if len(normalised) <= _LONGEST else ()


def destination_zip(number: str) -> str | None:
    """The ZIP or ZIP+4 (`78745`, `10023-3424`) that a USPS number with routing code is addressed to, or None."""
    normalised = normalise(number)
    if not normalised.startswith("420"):
        return None
    for body in impb_bodies(normalised):
        if passes("gs1", body):
            digits = normalised[3 : len(normalised) - len(body)]
            return digits if len(digits) == 5 else f"{digits[:5]}-{digits[5:]}"
    return None


@cache
def _formats() -> tuple[tuple[Carrier, NumberFormat, re.Pattern[str]], ...]:
    return tuple((one, shape, re.compile(shape.pattern)) for one in carriers().values() for shape in one.numbers)


@cache
def _any_format() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern.pattern})" for _, _, pattern in _formats()))


def _ranked(number: str, declared: str | None) -> tuple[Candidate, ...]:
    found = _fitting(number)
    named = carrier(declared) if declared is not None and found else None
    if declared is not None:
        found = tuple(_with_declared(candidate, declared) for candidate in found)
    exact = named.id if named is not None else None
    return tuple(sorted(found, key=lambda one: (-one.confidence, one.carrier != exact, one.checksum != "ok")))


@lru_cache(maxsize=4096)
def _fitting(number: str) -> tuple[Candidate, ...]:
    """At most one candidate per carrier: its best format."""
    if not number.isascii() or not _any_format().fullmatch(number):
        return ()
    best: dict[str, Candidate] = {}
    for one, shape, pattern in _formats():
        if not pattern.fullmatch(number) or (shape.countries and number[-2:] not in shape.countries):
            continue
        candidate = _candidate(one, shape, number)
        if one.id not in best or _rank(candidate) > _rank(best[one.id]):
            best[one.id] = candidate
    return tuple(best.values())


def _candidate(one: Carrier, shape: NumberFormat, number: str) -> Candidate:
    if shape.checksum is None:
        return Candidate(one.id, shape.name, "none", shape.confidence)
    if passes(shape.checksum, number):
        return Candidate(one.id, shape.name, "ok", shape.confidence)
    return Candidate(one.id, shape.name, "fail", round(shape.confidence / 4, 3))


def _rank(candidate: Candidate) -> tuple[bool, float]:
    return candidate.checksum != "fail", candidate.confidence


def _with_declared(candidate: Candidate, declared: str) -> Candidate:
    """Somebody named the carrier: three quarters of the doubt go, or nearly half where the check digit is wrong."""
    if not _same_family(declared, candidate.carrier):
        return candidate
    kept_doubt = 0.6 if candidate.checksum == "fail" else 0.25
    lifted = 1 - (1 - candidate.confidence) * kept_doubt
    return Candidate(candidate.carrier, candidate.format, candidate.checksum, round(lifted, 3))


def _same_family(declared: str, carrier_id: str) -> bool:
    one = carrier(carrier_id)
    return related(declared, carrier_id) or (
        one is not None and one.parent is not None and related(declared, one.parent)
    )


# ---- numbers in running text ------------------------------------------------------------------------------------

_WORD = re.compile(r"[A-Za-z0-9]+")
_GAP = re.compile(r"[ \u00a0\u2007\u202f-]{1,2}")
_COUNTRY_OR_SERVICE = re.compile(r"[A-Z]{1,4}")
_DIGIT = re.compile(r"[0-9]")

_NO_NUMBERS = re.compile(
    r"\b\d{2}-\d{5}-\d{5}\b"  # eBay's order numbers
    r"|\b\d{3}-\d{7}-\d{7}\b"  # Amazon's
    r"|(?<![\w+])(?:\+|00(?=[1-9]\d{1,2}[ ./-]))\d[\d ()./-]{6,15}\d\b(?![ -]?\d)"  # phone numbers with country code
    r"|[$€£¥]\s?\d[\d.,]{0,15}|\b\d[\d.,]{0,15}\s?(?:[$€£¥]|(?:EUR|USD|GBP|PLN|CHF|AUD|CAD)\b)"  # prices
    r"|\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b"  # dates
)

# What may stand on the line right before a number, and says that it is a tracking number, or that it is something else.
_LABEL = re.compile(
    r"(?:track(?:ing)?(?:\s*(?:&|and)\s*trace)?(?:\s*(?:number|no|nr|id|code|#))?|(?:waybill|consignment)(?:\s*(?:number|no))?"
    r"|barcode|sendungs(?:nummer|nr|verfolgung)|paket(?:nummer|nr)|zendingsnummer|traceercode"
    r"|n(?:um[eé]ro|[o°])?\.?\s*(?:de\s*)?(?:suivi|colis)|(?:n[uú]mero|c[oó]digo)\s*de\s*(?:seguimiento|env[ií]o|rastre(?:io|amento))"
    r"|(?:numero|codice)\s*(?:di\s*)?(?:tracking|spedizione|tracciamento)|(?:numer|nr)\s*(?:przesy[lł]ki|paczki)"
    r"|(?:お問い?合わ?せ|追跡|送り状)番号)\W{0,6}(?:(?:is|ist|lautet|est|es|è|to|:)\s)?$",
    re.IGNORECASE,
)
_OTHER_LABEL = re.compile(
    r"(?:(?:order|item|account|customer|serial|model|case|request|bestell\w*|artikel\w*|kunden\w*|commande|objet|art[ií]culo"
    r"|ordine|oggetto|pedido)\s*(?:number|no|nr|id|nummer|#)|\b(?:sku|ref(?:erence)?|invoice|phone|tel|mobile|fax|coupon|voucher"
    r"|vat|ust|iban|isbn|ean|upc|imei|(?:artikel|bestell|kunden|auftrags|rechnungs|referenz|telefon)(?:nummer|nr))"
    r"(?:\s*(?:number|no|nr|id|code))?)\W{0,4}$",
    re.IGNORECASE,
)


def find(text: str, declared: str | None = None) -> tuple[Found, ...]:
    """The tracking numbers in a text, in order, printed in groups or not; only its first 100,000 characters are read.

    Words that merely could be one are given too, with their low confidence. What a label calls a tracking number counts
    as if its carrier were declared; order and item numbers, phone numbers, prices and dates are passed over.
    """
    return (_found_again if len(text) <= _REMEMBERED else _found)(text, declared)


def _found(text: str, declared: str | None) -> tuple[Found, ...]:
    return tuple(_find(_NO_NUMBERS.sub(lambda match: "\n" * len(match[0]), text[:_LONGEST_TEXT]), declared))


_found_again = lru_cache(maxsize=4096)(_found)  # mails of one template share most of their lines


def _find(text: str, declared: str | None) -> Iterator[Found]:
    words = list(_WORD.finditer(text))
    place = 0
    while place < len(words):
        count, found = _longest(text, words, place, declared)
        if found is not None:
            yield found
        place += count


def _longest(text: str, words: list[re.Match[str]], place: int, declared: str | None) -> tuple[int, Found | None]:
    """How many words were used, and the longest surely known number that begins here, else what the word may be."""
    groups = _groups(text, words, place)
    start = groups[0].start()
    label: bool | None = None
    for count in range(len(groups), 0, -1):
        number = "".join(word[0] for word in groups[:count]).upper()
        fitting = _ranked(number, declared) if 8 <= len(number) <= _LONGEST else ()
        if not fitting:
            continue
        if label is None:
            before = text[max(0, start - 40) : start].rpartition("\n")[2]
            if _OTHER_LABEL.search(before):
                break
            label = _LABEL.search(before) is not None
        if label:
            fitting = _lifted(fitting)
        if count == 1 or fitting[0].confidence >= ACT:
            return count, Found(number, start, groups[count - 1].end(), fitting)
    return 1, None


def _groups(text: str, words: list[re.Match[str]], place: int) -> list[re.Match[str]]:
    """The words from here that may be groups of one number: a blank or dash apart, letters only in front or last."""
    groups = [words[place]]
    if not _DIGIT.search(groups[0][0]) and not _COUNTRY_OR_SERVICE.fullmatch(groups[0][0]):
        return groups
    length = len(groups[0][0])
    for word in words[place + 1 : place + _MOST_GROUPS]:
        length += len(word[0])
        if length > _LONGEST or not _GAP.fullmatch(text, groups[-1].end(), word.start()):
            break
        has_digit = _DIGIT.search(word[0]) is not None
        if has_digit or _COUNTRY_OR_SERVICE.fullmatch(word[0]):
            groups.append(word)
        if not has_digit:
            break
    return groups


def _lifted(fitting: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """A label says that this is a tracking number: if one carrier stands out, it is that one's."""
    first, *others = fitting
    if first.checksum == "fail" or any(other.confidence > first.confidence - 0.1 for other in others):
        return fitting
    return (_with_declared(first, first.carrier), *others)
