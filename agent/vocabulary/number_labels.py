"""What the words right before a number call it: a parcel's number, or something else's. The words are data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import Enum
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from agent.vocabulary.carriers import carriers
from agent.vocabulary.data import parse_yaml
from agent.vocabulary.languages import fold, languages

_OTHER_LABELS = ("order_number", "item_id", "request_id", "transaction_id", "other_number", "parcel_reference")
_WORD = re.compile(r"\w+|#")
_ORDINAL = re.compile(r"\bn[.]?[°oº](?!\w)", re.IGNORECASE)
_SHORT = re.compile(r"(?<=\w\w)nr\Z")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u1100-\u11ff]")
_PARTICLE = re.compile(r"(?<=\w)[はかを为是為]\Z")  # folded: they follow a noun without a blank
_MOST_WORDS = 6  # of a label
_MOST_READ = 12  # words before a number
_SERVICE = 2  # letters that a number may begin with, apart from its digits
_LONGEST = 120


class Called(Enum):
    PARCEL = "parcel"
    NAMELESS = "nameless"
    """Called by a word that carriers use of parcels and others of other things: "PIN", "barcode"."""
    OTHER = "other"
    NEVER = "never"
    """Called something that looks like a parcel's number and is none: an IBAN, an SKU."""


@lru_cache(maxsize=1024)
def called(label: str) -> Called | None:
    """What the words right before a number call it; None: they do not say."""
    words = _words(label[-_LONGEST:])[-_MOST_READ:]
    known, names, between = _labels(), _names(), _between()
    while words:
        for size in range(min(len(words), _MOST_WORDS), 0, -1):
            if found := known.get(" ".join(words[-size:])):
                return found
        if is_unspaced(words[-1]) and (found := _unspaced(words[-1], known)):
            return found
        named = next((n for n in range(min(len(words), _MOST_WORDS), 0, -1) if " ".join(words[-n:]) in names), 0)
        if not named and words[-1] not in between:
            return None
        del words[-(named or 1) :]
    return None


@lru_cache(maxsize=256)
def is_a_label(word: str) -> bool:
    """Whether a short word in capitals is a label of its own: "PIN", "NR", "AWB"."""
    return _words(word) == ["#"] or (len(word) > _SERVICE and called(word) is not None)


def _unspaced(word: str, known: Mapping[str, Called]) -> Called | None:
    """The label that a word ends with, where words are written without blanks."""
    for spoken in (word, _PARTICLE.sub("", word)):
        for start in range(len(spoken) - 1):
            if found := known.get(spoken[start:]):
                return found
    return None


def is_unspaced(text: str) -> bool:
    """Whether a text is of a script that sets no blanks between words."""
    return _UNSPACED.search(text) is not None


def _words(text: str) -> list[str]:
    """The words of a text, folded, without signs; every word for "number" is `#`."""
    numbered = _data("number")
    found = _WORD.findall(fold(_ORDINAL.sub("#", text)).replace("_", " "))
    return ["#" if word in numbered else _SHORT.sub("nummer", word) for word in found]


@cache
def _labels() -> Mapping[str, Called]:
    """Every label of every language; a word that is both a parcel's and another thing's is nameless."""
    spoken = languages().values()
    parcel = _phrases("parcel") | {_phrase(p) for one in spoken for p in one.labels.get("tracking_number", ())}
    other = _phrases("other") | {
        _phrase(p) for one in spoken for name in _OTHER_LABELS for p in one.labels.get(name, ())
    }
    found = dict.fromkeys(parcel, Called.PARCEL) | dict.fromkeys(other, Called.OTHER)
    found |= dict.fromkeys(parcel & other, Called.NAMELESS) | dict.fromkeys(_phrases("never"), Called.NEVER)
    return {phrase: kind for phrase, kind in found.items() if phrase.strip("# ")}


def _phrases(kind: str) -> set[str]:
    return {_phrase(one) for one in _data(kind)}


def _phrase(text: str) -> str:
    return " ".join(_words(text))


@cache
def _names() -> frozenset[str]:
    return frozenset(_phrase(name) for one in carriers().values() for name in (one.id, one.name, *one.aliases))


@cache
def _between() -> frozenset[str]:
    return frozenset({"#", *_data("between")})


@cache
def listing() -> re.Pattern[str]:
    """What stands between two numbers that one label introduces: a comma, "and"."""
    return re.compile(rf"\s*(?:[,;/&+|]|(?:[,;]\s*)?\b(?:{_any(_data('listed'))})\b)\s*", re.IGNORECASE)


@cache
def behind() -> re.Pattern[str]:
    """What stands between a number and its carrier's name: "(FedEx)", "with DHL Express"."""
    return re.compile(rf"\W{{0,3}}(?:(?:{_any(_data('behind'))})\s){{0,2}}", re.IGNORECASE)


def _any(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@cache
def _data(kind: str) -> tuple[str, ...]:
    return tuple(str(one) for one in _file()[kind])


@cache
def _file() -> Any:
    return parse_yaml(resources.files("agent.vocabulary").joinpath("number_labels.yaml").read_text(encoding="utf-8"))
