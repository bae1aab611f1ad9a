"""What a mail is about: phrases of every language, as data.

Phrases stand in `agent/vocabulary/languages/` and are matched on folded text as whole words; `*` in one stands for a
few words of the same sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from agent.vocabulary.languages import fold, languages

NOISE = ("own_message", "payout", "saved_search", "sign_in", "listing", "offer", "purchase", "marketing")
_LATER = frozenset({"case_closed", "case_on_hold", "inr_escalated"})
_OUTCOMES = _LATER | {"order_cancelled", "refund_issued", "funds_held", "return_opened", "return_update"}
_PARTS = frozenset({"footer", "cut", "greeting", "quoted", "not_parcel", "safe_place", "digest", "call", "opening"})
_PARTS |= {"conditional", "possible"}
_SUBJECT_ONLY = "@subject"
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_HEADLINES = 14  # lines of a body in which an eBay mail says what it is about
_LONGEST = 300  # characters of a line that is still a headline


@dataclass(frozen=True, slots=True)
class Shown:
    """An intent that a text shows: where, in which language, and what follows the words."""

    intent: str
    language: str
    start: int
    end: int


@cache
def patterns(intent: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Per language the words that show an intent."""
    found = []
    for language in languages().values():
        phrases = language.intents.get(intent, ())
        if phrases:
            alternatives = "|".join(_pattern(phrase) for phrase in sorted(phrases, key=len, reverse=True))
            found.append((language.id, re.compile(alternatives)))
    return tuple(found)


def _pattern(phrase: str) -> str:
    body = r"(?:(?!\. )[^!?\n]){0,80}?".join(re.escape(part) for part in phrase.split("*"))
    start = r"(?<!\w)" if phrase[:1].isalnum() else ""
    return start + body + (r"(?!\w)" if phrase[-1:].isalnum() else "")


@cache
def _event_intents() -> tuple[str, ...]:
    """Every intent of a whole mail: those whose id has no dot and that are no part of one."""
    return tuple(sorted({i for lang in languages().values() for i in lang.intents if "." not in i} - _PARTS))


def says(intent: str, *folded: str) -> bool:
    """Whether any of some folded texts shows an intent, in any language."""
    return any(pattern.search(text) for _, pattern in patterns(intent) for text in folded)


def first(intent: str, folded: str) -> Shown | None:
    """Where a folded text first shows an intent."""
    matches = ((language, pattern.search(folded)) for language, pattern in patterns(intent))
    found = [Shown(intent, language, m.start(), m.end()) for language, m in matches if m]
    return min(found, key=lambda s: (s.start, -s.end), default=None)


def about(subject: str, lines: Sequence[str]) -> Shown | None:
    """What an eBay mail is about: its subject says so, else the first of its headlines that does.

    The earliest words of a subject count, because titles of items come after them. Noise counts in a subject only, and
    only where nothing else is shown there: what is left out must be known for sure.
    """
    heading = _earliest(fold(subject), subject=True)
    if heading is not None:
        return heading
    folded = [fold(line) for line in lines[:_HEADLINES] if len(line) <= _LONGEST]
    body = [shown for line in folded if (shown := _earliest(_settled(line), subject=False))]
    serious = [shown for shown in body if shown.intent not in NOISE]
    if serious and serious[0].intent == "order_paid":  # a mail that tells of the sale too is the sale's
        return next((shown for shown in serious if shown.intent == "order_sold"), serious[0])
    return next(iter(serious), None)


def _settled(folded: str) -> str:
    """A line without the sentences that only warn of what may come: "the case may be closed in the buyer's favor"."""
    return " ".join(s for s in _SENTENCE.split(folded) if not _is_open(s))


def _is_open(sentence: str) -> bool:
    """Whether a sentence speaks of what might be; "can" alone makes only an outcome uncertain."""
    return says("conditional", sentence) or (says("possible", sentence) and any(says(i, sentence) for i in _OUTCOMES))


def states(intent: str, *folded: str) -> bool:
    """Whether a text says so outright: neither as what may be, nor with a denial before the words."""
    for sentence in (s for text in folded for s in _SENTENCE.split(text)):
        if says("conditional", sentence) or says("possible", sentence):
            continue
        for language, pattern in patterns(intent):
            if any(not denied(sentence, match, language) for match in pattern.finditer(sentence)):
                return True
    return False


def _earliest(folded: str, *, subject: bool) -> Shown | None:
    found: list[Shown] = []
    for intent in _event_intents():
        name = intent.removesuffix(_SUBJECT_ONLY)
        if intent == name or subject:
            shown = first(intent, folded)
            if shown:
                found.append(Shown(name, shown.language, shown.start, shown.end))
    serious = [shown for shown in found if shown.intent not in NOISE]
    best = min(serious or found, key=lambda s: (s.start, -s.end), default=None)
    if best and best.intent == "inr_opened" and not says("opening", folded):
        # "item not received request 53… is closed": the name of the request is no news, what became of it is
        return min((s for s in serious if s.intent in _LATER), key=lambda s: s.start, default=best)
    return best


def denied(folded: str, match: re.Match[str], language: str) -> bool:
    """A negation in the few words before, within the clause; or right after, where German puts it."""
    negation = languages()[language].intents.get("buyer.negation", ())
    before = re.split(r"[.,;!?\n]| but | aber ", folded[: match.start()])[-1].split()[-4:]
    after = re.split(r"[.,;!?\n]", folded[match.end() :])[0].split()[:2]
    denies = {word for phrase in negation for word in [phrase] if " " not in phrase}
    own = set(match.group().split())
    if own & denies:  # the phrase itself denies: "don't want it anymore"
        return False
    return bool(denies & set(before)) or (language == "de" and bool(denies & set(after)))
