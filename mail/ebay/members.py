"""The buyer whom an eBay mail names: beside a label, or as the one who does something in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.vocabulary.languages import fold, languages
from mail.intents import shows
from mail.labels import HANDLE, OLD_ORDER, ORDER, Labelled

_NAME = r"[A-Za-z0-9.*!$~-]{0,62}"
_SPOKEN = re.compile(rf"(?={_NAME}[\d_])[A-Za-z0-9][A-Za-z0-9_.*!$~-]{{1,62}}[A-Za-z0-9_*](?![\w@-])")
# No word of a language looks like it: "bob_77", "oak.chair", "j0hn.h", "barn-77".
_CLEARLY = (
    rf"(?P<name>(?={_NAME}(?:_|[A-Za-z-]{{3,62}}\d|[a-z]\d{{1,9}}[a-z.]|[a-z]{{2}}\d{{3}}|[a-z]\.[a-z]{{3}}))"
    r"[A-Za-z][A-Za-z0-9_.*!$~-]{2,62}[A-Za-z0-9_*]|\d[a-z]{2,20}\d[a-z0-9]{0,40})"
)
_ACTOR = re.compile(rf"{_CLEARLY}(?=\s|['’]s\s|:\s)")
_LOWER = re.compile(r"(?P<name>[a-z][a-z-]{3,40})(?=\s|['’]s\s)")  # no sentence of eBay's begins in lower case
_PARTY = re.compile(
    rf"\b(?:to|from|by|of|for|refunded|an|von|vom|für|par|à|de|pour|di|da|dal|a|per|por|para)\s{_CLEARLY}(?![\w@/-])"
)
_CLAUSE = re.compile(r"(?<=[.!?,;:])\s+")
_VERB = re.compile(r"\s[^\W\d_]{2}")  # a member does something: words follow the name
_UNDERSCORED = re.compile(r"(?<![\w@./#-])(?=[a-zA-Z0-9.-]{1,62}_)[A-Za-z0-9][\w.-]{2,62}\w(?![\w@/])")
_SITE = re.compile(r"(?:^|\.)ebay\.[a-z.]{2,6}$", re.IGNORECASE)
_HEADLINES = 6  # lines in which an event's own words name who did it


def buyer_of(mail: Labelled) -> str | None:
    """The buyer's member name; never one that the footer names, the seller's."""
    footer = " ".join(mail.lines[len(mail.body) :])
    own = {word.strip("().,:") for word in footer.split()} | {"ebay", "eBay"}
    return next((name for name in _names(mail) if name not in own and not _SITE.search(name)), None)


def _names(mail: Labelled) -> Iterator[str]:
    yield from _labelled(mail)
    if spoken := mail.spoken("buyer", _SPOKEN):
        yield spoken
    yield from _acting(mail)
    lines = (line for line in mail.body[:_HEADLINES] if line.endswith("."))
    named = {match.group() for line in lines for match in _UNDERSCORED.finditer(line)}
    yield from named if len(named) == 1 else ()


def _labelled(mail: Labelled) -> Iterator[str]:
    """One word, a score in brackets left out; or a person's name with the member's in brackets."""
    for spot, value in mail.spot_values("buyer"):
        bare, _, behind = value.partition("(")
        bare, inside = bare.strip().rstrip(".,;!"), behind.partition(")")[0].strip()
        if ORDER.fullmatch(bare) or OLD_ORDER.fullmatch(bare):
            continue
        if HANDLE.fullmatch(bare) and (spot.marked or re.search(r"[\d_]|\w[.*-]\w", bare)):
            yield bare
        elif spot.marked and HANDLE.fullmatch(inside) and re.search(r"[^\W\d]", inside):
            yield inside


def _acting(mail: Labelled) -> Iterator[str]:
    """Who did it, in a headline: "bob_77 opened a return", "oldvalves asked", "You sent a refund to bob_77"."""
    clearly = list(_in_clauses(mail))
    for line in (mail.subject, *mail.body[:_HEADLINES]):
        tells = mail.intent not in (None, "order_sold") and shows(str(mail.intent), fold(line)) is not None
        found = _ACTOR.match(line)
        if tells and found is None:
            lower = _LOWER.match(line)
            found = lower if lower and not _is_word(lower["name"]) else _PARTY.search(line)
        if found and (tells or line.endswith((".", "!", "?", ":"))):
            yield str(found["name"])
    yield from clearly if len(set(clearly)) == 1 else ()


def _in_clauses(mail: Labelled) -> Iterator[str]:
    """Who acts in a clause of a headline's sentences: "Wait before you post: bob_77 has not paid"."""
    for line in mail.body[:_HEADLINES]:
        if not line.endswith((".", "!", "?")):
            continue
        for clause in _CLAUSE.split(line):
            found = _ACTOR.match(clause)
            if found is None or not _VERB.match(clause, found.end()):
                found = _PARTY.search(clause)
            if found:
                yield str(found["name"])


def _is_word(lower: str) -> bool:
    """Whether a word is one of our languages' small ones, which may begin a line too."""
    return any(lower in language.stopwords for language in languages().values())
