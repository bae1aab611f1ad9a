"""Amounts as mails print them: "$51.00", "EUR 64,44", "1.234,56 €", "AU $12.50"."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from agent.vocabulary.values import Money

_SIGNS = {
    "$us": "USD", "$ca": "CAD", "$c": "CAD", "$au": "AUD",  # "12,50 $ CA"
    "us$": "USD", "au$": "AUD", "a$": "AUD", "c$": "CAD", "ca$": "CAD", "hk$": "HKD", "s$": "SGD", "nz$": "NZD",
    "£": "GBP", "€": "EUR", "euro": "EUR", "zł": "PLN", "zl": "PLN", "¥": "JPY", "sfr": "CHF", "fr.": "CHF",
}  # fmt: skip
_ISO = [
    "usd",
    "eur",
    "gbp",
    "aud",
    "cad",
    "chf",
    "pln",
    "hkd",
    "sgd",
    "jpy",
    "nzd",
    "sek",
    "nok",
    "dkk",
    "czk",
    "myr",
    "php",
    "cny",
    "inr",
]
_DIGIT = re.compile(r"\d")
_DOLLARS = ("USD", "AUD", "CAD", "HKD", "SGD", "NZD")
_SIGN = (
    r"us\s?\$|aud?\s?\$|ca?\s?\$|hk\s?\$|s\$|nz\s?\$|[£€¥$]|euro\b|z[łl]\b|sfr\b|fr\.|\b(?:" + "|".join(_ISO) + r")\b"
)
_NUMBER = r"\d{1,3}(?:[.,'\u00a0\u202f ]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,2})?(?!\d)"
_AMOUNT = re.compile(
    rf"(?:(?P<before>{_SIGN})\s*(?P<n1>{_NUMBER}))"
    rf"|(?:(?P<n2>{_NUMBER})\s*(?P<after>\$\s?(?:us|ca?|au)\b|{_SIGN}))",
    re.IGNORECASE,
)


def find_money(text: str, home: str | None = None) -> Money | None:
    """The first amount with a currency in a text; `home` is the currency of a bare `$` (US dollars without it)."""
    match = _AMOUNT.search(text) if _DIGIT.search(text) else None
    if match is None:
        return None
    sign = re.sub(r"\s+", "", (match["before"] or match["after"]).lower())
    value = _decimal(match["n1"] or match["n2"])
    if value is None:
        return None
    if sign == "$":
        return Money(value, home if home in _DOLLARS else "USD")
    currency = sign.upper() if sign in _ISO else _SIGNS.get(sign)
    return Money(value, currency) if currency else None


def _decimal(text: str) -> Decimal | None:
    """Both separators: the last is the decimal one. One separator: decimal unless exactly three digits follow."""
    bare = re.sub(r"['\u00a0\u202f ]", "", text)
    last = max(bare.rfind("."), bare.rfind(","))
    if last >= 0 and len(bare) - last - 1 != 3:
        whole, fraction = bare[:last], bare[last + 1 :]
        bare = re.sub(r"[.,]", "", whole) + "." + fraction
    else:
        bare = re.sub(r"[.,]", "", bare)
    try:
        return Decimal(bare)
    except InvalidOperation:
        return None
