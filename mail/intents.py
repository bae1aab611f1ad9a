"""What an eBay mail is about, by the phrases that its subject and its first lines show."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from itertools import islice

from agent.vocabulary.languages import fold, languages
from mail.phrases import REMEMBERED, SENTENCE, Shown, everywhere, first, phrases_in, says, states

NOISE = ("own_message", "payout", "saved_search", "sign_in", "listing", "offer", "purchase", "marketing")
_LATER = frozenset({"case_closed", "case_on_hold", "inr_escalated"})
_OUTCOMES = _LATER | {"payment_dispute_closed", "cancellation_declined"}
_OUTCOMES |= {"order_cancelled", "refund_issued", "funds_held", "return_opened", "return_update"}
_PARTS = frozenset({"footer", "cut", "greeting", "quoted", "not_parcel", "safe_place", "digest", "call", "opening"})
_PARTS |= {"conditional", "possible", "undone"}
_ENDS = frozenset({"case_closed", "payment_dispute_closed", "order_cancelled", "refund_issued", "case_on_hold"})
_ASKED = frozenset({"ship_reminder", "order_sold", "order_paid", "label_bought", "refund_issued"})
_QUESTION = re.compile(r"[^.!?\n]{0,60}\?")
_SUBJECT_ONLY = "@subject"
# An intent is also shown by its topic with one of its steps in the same sentence: "return" and "approved".
_SETTLING = ("closed", "refunded", "refund_due", "approved", "declined", "escalated", "on_hold")
RETURN_STEPS = (*_SETTLING, "delivered", "shipped", "label")
_STEPS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "return_opened": ("return", ("opened", "pending")),
    "return_update": ("return", RETURN_STEPS),
    "cancellation_requested": ("cancellation", ("opened", "pending")),
    "cancellation_declined": ("cancellation", ("declined",)),
    "order_cancelled": ("cancellation", ("approved", "done")),
    "payment_dispute_opened": ("dispute", ("opened", "pending")),
    "payment_dispute_closed": ("dispute", ("closed",)),
    "order_news": ("dispute", ("answered",)),
    "inr_escalated": ("case", ("escalated",)),
    "case_on_hold": ("case", ("on_hold",)),
    "case_closed": ("case", ("closed",)),
}
_ALONE = {"return": "return_update", "dispute": "payment_dispute_opened", "cancellation": None, "case": None}
"""What a subject is about that names a topic and no step."""
_ENDED = {"case": "case_closed", "dispute": "payment_dispute_closed"}
"""What it is about if the body says for whom it ended."""
_HEADED = frozenset({"purchase", "listing", "saved_search"})  # noise at a subject's head, with a title behind it
_YIELDING = frozenset({"listing", "offer"})  # noise whose body may tell of a sale after all
_HEADLINES = 14  # lines of a body in which an eBay mail says what it is about
_LONGEST = 300  # characters of a line that is still a headline
_FRONT = 4  # of them those in which noise may be known too
_BREAK = re.compile(r"[!?\n]|\.\s")
_TITLE_START = re.compile(r"(?<=[\s\"'“„«])(?=[^\s\"'“„«])")
_TITLE_STARTS = 40  # words of a subject at which a title may begin
_SHORTEST_TITLE = 6  # letters of a cut title's beginning
_NEAR = 80  # characters between a topic and its step
_ORDER = re.compile(r"(?<![\w-])\d{2}-\d{5}-\d{5}(?![\w-])")
_NUMBER = re.compile(r"(?<![\w-])\d{10}(?![\w-])")


@cache
def _event_intents() -> frozenset[str]:
    """Every intent of a whole mail: those whose id has no dot and that are no part of one."""
    return frozenset({i for lang in languages().values() for i in lang.intents if "." not in i} - _PARTS)


def shows(intent: str, folded: str, *, subject: bool = False) -> Shown | None:
    """Where a text shows what a mail is about: by a phrase, or by the topic with one of its steps."""
    return (_shows_again if len(folded) <= REMEMBERED else _shows)(intent, folded, subject)


def _shows(intent: str, folded: str, subject: bool) -> Shown | None:
    shown = [first(intent, folded), _beside(intent, folded, subject)]
    if subject:
        shown.append(first(intent + _SUBJECT_ONLY, folded))
    found = [Shown(intent, s.language, s.start, s.end) for s in shown if s]
    return min(found, key=lambda s: (s.start, -s.end), default=None)


_shows_again = lru_cache(maxsize=8192)(_shows)


def about(subject: str, lines: Sequence[str]) -> Shown | None:
    """What an eBay mail is about: its subject says so, else the first of its headlines that does.

    The earliest words of a subject count, because titles of items come after them. Noise counts only where nothing else
    is shown: what is left out must be known for sure.
    """
    untitled = _without_title(fold(subject), lines)
    folded_subject = re.sub(r"\.{2,}", " ", untitled)  # a title that is cut ends no sentence
    heading = _earliest(folded_subject, subject=True)
    updates = says("subject.update", folded_subject)  # "Update on your return request": the body tells which
    if heading is not None and heading.intent not in NOISE and not updates:
        return heading
    folded = [fold(line) for line in lines[:_HEADLINES] if len(line) <= _LONGEST]
    body = [shown for line in folded if (shown := _headline(line))]
    serious = [shown for shown in body if shown.intent not in NOISE]
    if heading is not None and heading.intent not in NOISE:
        return _of_topic(folded_subject, folded, serious) or heading
    if heading is not None:
        doubted = heading.intent in _YIELDING and any(_ORDER.search(line) for line in lines)
        titled = heading.intent in _HEADED and _serious_in(folded_subject)
        return serious[0] if serious and (doubted or titled) else heading
    if topical := _of_topic(folded_subject, folded, serious):
        return topical
    if serious and serious[0].intent == "order_paid":  # a mail that tells of the sale too is the sale's
        return next((shown for shown in serious if shown.intent == "order_sold"), serious[0])
    front = [shown for line in folded[:_FRONT] if (shown := _headline(line)) and shown.intent != "marketing"]
    if serious or any(_ORDER.search(line) for line in (subject, *lines)):
        return next(iter(serious), None)
    numbers = [at for at, line in enumerate((subject, *lines)) if _NUMBER.search(line)]
    if numbers and not (front and front[0].intent == "payout" and all(_paid_out(lines, at - 1) for at in numbers)):
        return None
    return next(iter(front), None)


def _paid_out(lines: Sequence[str], at: int) -> bool:
    """Whether a line's number is a payout's: the line names one, or the label above it does."""
    return at >= 0 and says("noun.payout", *(fold(line) for line in lines[max(at - 1, 0) : at + 1]))


def _without_title(subject: str, lines: Sequence[str]) -> str:
    """A folded subject less the beginning of a title that it cuts and the body has in full: no words of eBay's."""
    cut = re.search(r"\s?(?:\.{2,}|…)\W*$", subject)
    if cut is None:
        return subject
    stem = subject[: cut.start()]
    starts = [found.start() for found in islice(_TITLE_START.finditer(stem), _TITLE_STARTS)]
    folded = [fold(line) for line in lines[:_HEADLINES] if len(line) <= _LONGEST]
    for at in starts:
        if len(stem) - at >= _SHORTEST_TITLE and any(line.startswith(stem[at:]) for line in folded):
            return stem[:at].rstrip()
    return subject


def _of_topic(subject: str, lines: Sequence[str], serious: Sequence[Shown]) -> Shown | None:
    """What a mail is about whose subject names no more than its topic: its headlines tell the step."""
    named = [(shown.start, topic, shown.language) for topic in _ALONE if (shown := first(f"topic.{topic}", subject))]
    if not named:
        return None
    _, topic, language = min(named)
    intents = [intent for intent, (of, _) in _STEPS.items() if of == topic]
    if found := next((shown for shown in serious if shown.intent in intents), None):
        return found
    ended = _ENDED.get(topic)
    if ended and {shown.intent for shown in serious} <= {"refund_issued"} and _is_decided(lines):
        return Shown(ended, language, 0, 0)
    if topic == "case" and serious:
        return None
    for line in map(settled, lines):
        pairs = [(intent, step) for intent in intents for step in _STEPS[intent][1]]
        steps = [replace(shown, intent=intent) for intent, step in pairs if (shown := first(f"step.{step}", line))]
        if steps := [shown for shown in steps if not _undone(shown, line)]:
            return replace(min(steps, key=lambda shown: (shown.start, -shown.end)), start=0, end=0)
    alone = _ALONE[topic]
    return Shown(alone, language, 0, 0) if alone else None


def _is_decided(lines: Sequence[str]) -> bool:
    """Whether lines tell for whom it ended, and ask for no answer."""
    if says("step.pending", *lines):
        return False
    return states("outcome.seller", *lines) or states("outcome.buyer", *lines)


def _beside(intent: str, folded: str, subject: bool) -> Shown | None:
    """Where a topic and a step of it stand near each other in a sentence."""
    topic, steps = _STEPS.get(intent, ("", ()))
    if not topic or f"topic.{topic}" not in phrases_in(folded):
        return None
    ids = [f"step.{step}" for step in steps]
    ids += [name + _SUBJECT_ONLY for name in ids] if subject else []
    possible = phrases_in(folded)
    if not any(name in possible for name in ids):
        return None
    found: list[Shown] = []
    topics = list(everywhere(f"topic.{topic}", folded))
    for step in (shown for name in ids if name in possible for shown in everywhere(name, folded)):
        for named in topics:
            left, right = sorted((named, step), key=lambda s: s.start)
            between = folded[left.end : right.start]
            if named.language == step.language and len(between) <= _NEAR and not _BREAK.search(between):
                found.append(Shown(intent, step.language, left.start, max(left.end, right.end)))
    return min(found, key=lambda s: (s.start, -s.end), default=None)


def _serious_in(subject: str) -> bool:
    return any(shows(intent, subject, subject=True) for intent in _serious_intents())


@cache
def _serious_intents() -> tuple[str, ...]:
    names = {intent.removesuffix(_SUBJECT_ONLY) for intent in _event_intents()} | _STEPS.keys()
    return tuple(sorted(names - set(NOISE)))


@lru_cache(maxsize=4096)
def _headline(folded: str) -> Shown | None:
    return _earliest(settled(folded), subject=False)


def settled(folded: str) -> str:
    """A line without the sentences that only warn of what may come: "the case may be closed in the buyer's favor"."""
    return " ".join(s for s in SENTENCE.split(folded) if not _is_open(s))


def _is_open(sentence: str) -> bool:
    """Whether a sentence speaks of what might be; "can" alone makes only an outcome uncertain."""
    return says("conditional", sentence) or (says("possible", sentence) and any(shows(i, sentence) for i in _OUTCOMES))


def _earliest(folded: str, *, subject: bool) -> Shown | None:
    possible = phrases_in(folded)
    names = {name.removesuffix(_SUBJECT_ONLY) for name in _event_intents().intersection(possible)}
    names |= {intent for intent, (topic, _) in _STEPS.items() if f"topic.{topic}" in possible}
    found = [shown for name in sorted(names) if (shown := shows(name, folded, subject=subject))]
    noises = [shown for shown in found if shown.intent in NOISE]
    serious = [s for s in found if s.intent not in NOISE and not any(_within(s, noise) for noise in noises)]
    serious = [shown for shown in serious if not _undone(shown, folded)]
    if says("paid.no", folded):  # "has bought it, but not paid yet"
        serious = [shown for shown in serious if shown.intent != "order_paid"]
    # "case" is what every topic is called too: of a return's case the return counts
    if not subject:  # "Haven't shipped yet? Accept and we'll refund": a body only asks whether it is so
        serious = [s for s in serious if s.intent not in _ASKED or not _QUESTION.match(folded, s.end)]
    best = min(serious, key=lambda s: (s.start, -s.end, s.intent in _LATER), default=None)
    if best and best.intent == "refund_issued":  # "you refunded the buyer, so the case is closed": why it ended
        best = next((shown for shown in serious if shown.intent == "case_closed"), best)
    noise = min(noises, key=lambda s: (s.start, -s.end), default=None)
    if best is None or (subject and noise and _heads(noise, best, folded)):
        return noise
    if best.intent == "inr_opened" and not (subject and says("opening", folded)):
        # "item not received request 53… is closed": the name of the request is no news, what became of it is
        return min((s for s in serious if s.intent in _LATER), key=lambda s: s.start, default=best)
    return best


def _undone(shown: Shown, folded: str) -> bool:
    """Whether the words of an end tell that it has not come: "your request still hasn't been resolved"."""
    sentence = _BREAK.split(folded[: shown.end])[-1] if shown.intent in _ENDS else ""
    behind = folded[shown.end :][:_NEAR] if shown.intent == "case_on_hold" else ""  # "waiting for your answer"
    return says("undone", sentence[-_NEAR - shown.end + shown.start :] + behind)


def _within(serious: Shown, noise: Shown) -> bool:
    """Whether words are but a part of longer ones that mean something else: "se ha vendido" of "no se ha vendido"."""
    inside = noise.start <= serious.start and serious.end <= noise.end
    return inside and serious.end - serious.start < noise.end - noise.start


def _heads(noise: Shown, serious: Shown, subject: str) -> bool:
    """Whether a subject begins with noise, and what seems serious is of the title: "Order confirmed: Return…"."""
    return noise.intent in _HEADED and noise.end <= serious.start and not re.search(r"\w", subject[: noise.start])
