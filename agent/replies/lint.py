"""What must never stand in a message to a buyer. Runs on every reply before it is shown or sent.

Rules: eBay's member-to-member contact policy (no contact data, no links, no deals outside eBay), feedback policy, and
our own: no promise that nobody configured, no blank left open. The words are data, in `lint.yaml`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from agent.vocabulary.data import parse_yaml
from agent.vocabulary.languages import fold

HARD_LIMIT = 1800
"""eBay cuts messages at 2,000 characters; what we add must fit too."""

_DOT = r"(?:\.|\s?(?:\(dot\)|\[dot\]|\[\.\])\s?|\sdot\s)"
_EMAIL = re.compile(
    r"[\w.+-]{1,64}\s?(?:@|\(at\)|\[at\]|\{at\})\s?[\w-]{1,63}"
    rf"|[\w.+-]{{1,64}}\sat\s[\w-]{{1,63}}{_DOT}[a-z]{{2,10}}\b",
    re.IGNORECASE,
)
_URL = re.compile(
    r"\bh(?:tt|xx)ps?\b|\bwww\d?\s?\."
    rf"|\b[a-z0-9-]{{2,63}}{_DOT}"
    r"(?:com|net|org|info|biz|shop|store|app|link|site|online|xyz|top|club|page|dev|gg|io|me|co|ly|gl|to|tv|cc|"
    r"uk|de|at|ch|fr|it|es|nl|be|pl|ie|eu|us|ca|au|nz|jp|cn|hk|sg|in|ru|br|mx|se|dk|no|fi|pt|cz|hu|ro|gr|tr)\b"
    r"|\b[a-z0-9-]{2,63}\s\.\s?(?:com|net|org|de)\b"
    r"|[\[({](?:\.|dot|punkt|point|punto)[\])}]"
)
_NUMBER = re.compile(r"(?<!\w)[+(]?\d(?:[\s./()\-–_]{0,3}\d){6,}(?!\w)")
_CODE = re.compile(r"(?<!\w)[A-Z]{1,5}[A-Z0-9]{7,35}(?!\w)")
_CODE_DIGITS = 7
"""A parcel's or another thing's number with letters has at least so many digits."""
_SHOUTED_WORDS, _SHOUTED_LETTERS = 3, 5
"""So many words in a row in capitals, one of them so long, are shouted."""
_BANGS = re.compile(r"[!¡]{2,}|[?¿]{2,}")
_DATE = re.compile(
    r"(?<!\w)(?:(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})|(?P<d2>\d{1,2})\.(?P<m2>\d{1,2})\.(?P<y2>\d{4}))(?!\w)"
)
_PLACEHOLDER = re.compile(
    r"\{\{|\}\}|\{%|%\}|\{#|\{\w+\}|%\(\w+\)|\$\{\w+\}|\$[a-z_]+\b"  # of templates
    r"|\[[^\W\d][\w ]{1,29}\]|<[A-Za-z_/!][^>\n]{0,60}>"  # [name], <name>, and markup
    r"|\b(?:VORNAME|NACHNAME|FIRST ?NAME|LAST ?NAME|PR[EÉ]NOM|NOMBRE|NOME|BUYER_?NAME|KÄUFERNAME)\b"
    r"|\bNone\b|\bnull\b|\?\?\?|\bTODO\b|\bFIXME\b|\bXXX+\b|\b[Ll]orem ipsum\b"  # `todo` is Spanish
)
_YEAR = re.compile(r"(?<=[^\W\d_][ ,] )20[23]\d(?!\d)|(?<=[^\W\d_] )20[23]\d(?!\d)")
"""Of a date in words: "24 November 2026", "November 24, 2026" before a number that is none of it."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n{2,}")


@dataclass(frozen=True)
class Rule:
    name: str
    words: re.Pattern[str] | None
    pairs: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    """Words of which two may not share a sentence."""


def lint(
    text: str, known_numbers: Collection[str] = (), *, quoted: Collection[str] = (), max_length: int = HARD_LIMIT
) -> tuple[str, ...]:
    """Why this text may not leave, a sentence each; empty if it may.

    `known_numbers` (tracking, order, item, request numbers) are no phone numbers. `quoted` texts, such as the listing's
    own title, may hold words and numbers that we would not write; mail addresses and links they may not.
    """
    too_long = f"too long: {len(text)} characters, limit {max_length}"
    if len(text) > HARD_LIMIT:
        return (too_long,)  # nothing else is worth the time
    problems = [too_long] if len(text) > max_length else []
    if not text.strip():
        problems.append("there is no text")
    plain = _plain(text)
    if found := _EMAIL.search(plain):
        problems.append(f"mail address: {found[0].strip()}")
    ours = _without(plain, quoted)
    if found := _URL.search(plain.lower()):
        problems.append(f"link: {found[0].strip()}")
    problems += [f"phone number or unknown number: {number}" for number in _strange_numbers(ours, known_numbers)]
    if found := _PLACEHOLDER.search(ours):
        problems.append(f"leftover placeholder or markup: {found[0]}")
    problems += [f"unknown number: {code}" for code in _strange_codes(ours, known_numbers)]
    if loud := _loud(ours):
        problems.append(f"tone: {loud}")
    sentences = [fold(sentence) for sentence in _SENTENCE.split(ours)]
    for rule in _rules():
        if words := _broken(rule, sentences):
            problems.append(f"{rule.name}: {words}")
    return tuple(problems)


def _plain(text: str) -> str:
    """Digits and letters of other shapes (full width, mathematical, Arabic) as the plain ones, nothing invisible."""
    folded = unicodedata.normalize("NFKC", text)
    folded = "".join(str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in folded)
    return "".join(char for char in folded if char == "\n" or unicodedata.category(char) not in {"Cc", "Cf"})


def _without(text: str, quoted: Collection[str]) -> str:
    for words in sorted(map(_plain, quoted), key=len, reverse=True):
        if words.strip():
            text = text.replace(words, " … ")
    return text


def _loud(text: str) -> str | None:
    """Marks in a row, or shouting; the last line may be a shop's name in capitals."""
    if found := _BANGS.search(text):
        return found[0]
    row: list[str] = []
    for word in (text.rstrip().rpartition("\n")[0] or text).split():
        letters = "".join(char for char in word if char.isalpha())
        row = [*row, letters] if len(letters) > 1 and letters.isupper() else []
        if len(row) >= _SHOUTED_WORDS and max(map(len, row)) >= _SHOUTED_LETTERS:
            return " ".join(row)
    return None


def _strange_codes(text: str, known: Collection[str]) -> list[str]:
    found = (match[0] for match in _CODE.finditer(_without(text, known)))
    return [code for code in found if sum(char.isdigit() for char in code) >= _CODE_DIGITS]


def _strange_numbers(text: str, known: Collection[str]) -> list[str]:
    for number in sorted(map(_plain, known), key=len, reverse=True):
        if len(number) >= 5:
            text = re.sub(rf"(?<!\w){re.escape(number)}(?!\w)", " … ", text)
    text = _YEAR.sub(" … ", text)
    text = _DATE.sub(lambda found: " … " if _is_date(found) else found[0], text)
    digits = {"".join(char for char in number if char.isdigit()) for number in known}
    found = (match[0].strip() for match in _NUMBER.finditer(text))
    return [number for number in found if "".join(char for char in number if char.isdigit()) not in digits]


def _is_date(found: re.Match[str]) -> bool:
    try:
        date(*(int(found[part] or found[f"{part}2"]) for part in "ymd"))
    except ValueError:
        return False
    return True


def _broken(rule: Rule, sentences: list[str]) -> str | None:
    for sentence in sentences:
        if rule.words and (found := rule.words.search(sentence)):
            return found[0]
        for one, other in rule.pairs:
            if (first := one.search(sentence)) and (second := other.search(sentence)):
                return f"{first[0]} … {second[0]}"
    return None


@cache
def _rules() -> tuple[Rule, ...]:
    text = resources.files("agent.replies").joinpath("lint.yaml").read_text(encoding="utf-8")
    data: Mapping[str, Mapping[str, Any]] = parse_yaml(text)
    return tuple(_rule(name, entry) for name, entry in data.items())


def _rule(name: str, entry: Mapping[str, Any]) -> Rule:
    words = _whole("|".join(f"(?:{one})" for one in entry["any"])) if entry.get("any") else None
    pairs = tuple((_whole(pair["first"]), _whole(pair["second"])) for pair in entry.get("pairs", ()))
    return Rule(name, words, pairs)


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)")
