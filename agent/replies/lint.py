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
)
_NUMBER = re.compile(r"(?<!\w)[+(]?\d(?:[\s./()\-–_]{0,3}\d){6,}(?!\w)")
_DATE = re.compile(
    r"(?<!\w)(?:(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})|(?P<d2>\d{1,2})\.(?P<m2>\d{1,2})\.(?P<y2>\d{4}))(?!\w)"
)
_PLACEHOLDER = re.compile(
    r"\{\{|\}\}|\{%|%\}|\{#|\{\w+\}|%\(\w+\)|\$\{\w+\}|\$[a-z_]+\b"  # of templates
    r"|\[[A-Za-z_ ]{2,30}\]|<[A-Za-z_/!][^>\n]{0,60}>"  # [name], <name>, and markup
    r"|\bNone\b|\bnull\b|\?\?\?"
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n{2,}")


@dataclass(frozen=True)
class Rule:
    name: str
    words: re.Pattern[str] | None
    pair: tuple[re.Pattern[str], re.Pattern[str]] | None
    """Two words that may not share a sentence."""


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


def _strange_numbers(text: str, known: Collection[str]) -> list[str]:
    for number in sorted(map(_plain, known), key=len, reverse=True):
        if len(number) >= 5:
            text = re.sub(rf"(?<!\w){re.escape(number)}(?!\w)", " … ", text)
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
        if rule.pair and (first := rule.pair[0].search(sentence)) and (second := rule.pair[1].search(sentence)):
            return f"{first[0]} … {second[0]}"
    return None


@cache
def _rules() -> tuple[Rule, ...]:
    text = resources.files("agent.replies").joinpath("lint.yaml").read_text(encoding="utf-8")
    data: Mapping[str, Mapping[str, object]] = parse_yaml(text)
    return tuple(_rule(name, entry) for name, entry in data.items())


def _rule(name: str, entry: Mapping[str, object]) -> Rule:
    patterns, pair = entry.get("any"), entry.get("sentence")
    words = _whole("|".join(f"(?:{one})" for one in patterns)) if isinstance(patterns, list) else None
    both = (_whole(str(pair["first"])), _whole(str(pair["second"]))) if isinstance(pair, Mapping) else None
    return Rule(name, words, both)


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)")
