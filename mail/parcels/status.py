"""Where a parcel is, by the words of a carrier's mail: what is told of it, apart from forecasts, tips and pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache

from agent.vocabulary.carriers import carrier as carrier_of
from agent.vocabulary.languages import fold
from agent.vocabulary.sentences import goes_on
from agent.vocabulary.status import Reason, TrackingStatus
from agent.vocabulary.values import Moment
from agent.vocabulary.wording import Classified, classify
from mail.labels import Labelled
from mail.parcels.numbers import is_number
from mail.phrases import says
from mail.values.dates import find_moment
from mail.values.hours import find_hours

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-ÞĄĆČĘŁŃŚŠŹŻŽ¿¡'‘’\"])|(?<=[。！？])")
_NAME = r"(?:[A-Z0-9À-Þ][\w'’&.-]{0,30}(?: (?:&|and|of|the|und|et|y|e))? ){1,6}"
_FROM_SHOP = re.compile(rf"\b(\w+) (?:from|von|vom|de|da|van|od|från|fra) {_NAME}(?=[a-z])")
_SHOPS_OWN = re.compile(rf"\b(Your|your|The|the|Dein|Ihr|Votre|Tu|Il tuo|Je|Uw) ({_NAME})(?=([a-zà-þ]\w+))")
_STEP_BETWEEN = re.compile(r"\s*(?:[|>→»›·•▸►➔➜]|\s[-–—]\s|->)\s*")
_MARKED = re.compile(r"^\W*[✓✔☑✅●◉■⬤🟢]")
_HERE = re.compile(r"[►▶➤👉◄◀]|\((?:current|now|today|you are here)\)", re.IGNORECASE)
_ORDINARY = frozenset(
    {"ordered", "order", "placed", "confirmed", "processed", "processing", "paid", "shipped", "packed"}
)
_STEP_WORDS = 4
_READ = 40  # lines before the footer in which the parcel is spoken of
_LONGEST = 1500
_NEAR = 10  # lines in which a later day would be named
_NOT_TODAY = ("conditional", "day.weekday", "hours.opening")
_NEWS = frozenset(
    {
        TrackingStatus.EXCEPTION,
        TrackingStatus.DELIVERY_ATTEMPTED,
        TrackingStatus.OUT_FOR_DELIVERY,
        TrackingStatus.AVAILABLE_FOR_PICKUP,
        TrackingStatus.RETURNING,
    }
)
_UNEXPLAINED = frozenset({TrackingStatus.EXCEPTION, TrackingStatus.RETURNING, TrackingStatus.RETURNED})
_WHY = frozenset({TrackingStatus.DELIVERY_ATTEMPTED, TrackingStatus.EXCEPTION, TrackingStatus.RETURNING})
_CUSTOMS_WAITS = (Reason.CUSTOMS_FEE_DUE, Reason.CUSTOMS_DOCUMENTS)
_VAGUE = frozenset({TrackingStatus.IN_TRANSIT, TrackingStatus.INFO_RECEIVED})
_BY_INTENT = (
    TrackingStatus.DELIVERY_ATTEMPTED,
    TrackingStatus.RETURNING,
    TrackingStatus.AVAILABLE_FOR_PICKUP,
    TrackingStatus.DELIVERED,
    TrackingStatus.OUT_FOR_DELIVERY,
    TrackingStatus.EXCEPTION,
    TrackingStatus.INFO_RECEIVED,
    TrackingStatus.IN_TRANSIT,
)

_ON_ITS_WAY = (TrackingStatus.OUT_FOR_DELIVERY, TrackingStatus.INFO_RECEIVED, TrackingStatus.IN_TRANSIT)


@dataclass(frozen=True, slots=True)
class Said:
    """The sentence that says where the parcel is."""

    status: TrackingStatus
    reason: Reason | None
    sentence: str


NOTHING = Said(TrackingStatus.UNKNOWN, None, "")


def what_is_said(mail: Labelled) -> Said:
    """Where the parcel is: by the subject, a labelled status, or the first sentence that tells."""
    sentences = list(sentences_of(mail))
    known = [said for sentence in sentences if (said := told(mail, sentence) or _today(mail, sentence)) is not None]
    if known:
        first = _first(mail, known)
        if first.reason is Reason.CUSTOMS_HELD:  # "held by customs": another sentence says what customs waits for
            return replace(
                first, reason=next((one.reason for one in known if one.reason in _CUSTOMS_WAITS), first.reason)
            )
        if first.reason is not None:
            return first
        same = next((said for said in known if said.status is first.status and said.reason is not None), None)
        if same is None and first.status in _UNEXPLAINED:  # "Delivery exception": the next words say why
            why = next((said.reason for said in known if said.status in _WHY and said.reason is not None), None)
            return replace(first, reason=why)
        if same is None and first.status is TrackingStatus.AVAILABLE_FOR_PICKUP:
            tried = (said.reason for said in known if said.status is TrackingStatus.DELIVERY_ATTEMPTED and said.reason)
            first = replace(first, reason=next(tried, None))
        return same or _with_place(mail, first)
    if (current := _current_step(mail)) is not None:
        return current
    for sentence in sentences:
        folded = fold(sentence)
        if says("conditional", folded):
            continue
        guarded = _classified(sentence, mail.sender).rule is not None  # what will be, what was not
        for status in _ON_ITS_WAY if guarded else _BY_INTENT:
            if says(f"status.{status.value}", folded):
                return Said(status, None, sentence)
    return NOTHING


def told(mail: Labelled, sentence: str) -> Said | None:
    """What one sentence tells, in a language that this carrier writes or none knows better; None where nothing."""
    found = _classified(sentence, mail.sender)
    return None if found.status is TrackingStatus.UNKNOWN else Said(found.status, found.reason, sentence)


def _today(mail: Labelled, sentence: str) -> Said | None:
    """What is to come between two hours, or today by name, while the mail names no later day, comes today."""
    seen, rule = mail.message.date, _classified(sentence, mail.sender).rule
    if seen is None or rule is None or rule.split(":", 2)[2].startswith("^") or len(sentence) > _LONGEST:
        return None
    folded, hours = fold(sentence), find_hours(sentence)
    if hours is None or hours[1] <= seen.time() or any(says(no, folded) for no in _NOT_TODAY):
        return None
    texts = (mail.subject, *mail.values("estimated_delivery"), *mail.body[:_NEAR])
    days = (find_moment(text[:_LONGEST], seen, month_first=mail.month_first) for text in texts)
    if any(_day_of(day) > seen.date() for day in days if day is not None):
        return None
    return Said(TrackingStatus.OUT_FOR_DELIVERY, None, sentence)


def _day_of(moment: Moment) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def sentences_of(mail: Labelled) -> Iterator[str]:
    """What may speak of the parcel: the subject, a labelled status, then the body's sentences in order."""
    yield mail.subject
    if status := mail.text("status"):
        yield status
    body = mail.body[:_READ]
    steps = _steps(body, mail.sender)
    for at, line in enumerate(body):
        if at in steps or len(line) > _LONGEST or is_number(line) or _is_picture(line, mail.sender):
            continue
        for sentence in parted(line):
            if not says("not_parcel", fold(sentence)):
                yield sentence


def _with_place(mail: Labelled, said: Said) -> Said:
    """Of a delivery, where it was left, or that somebody signed, as a label tells it."""
    if said.status is TrackingStatus.DELIVERED:
        for at, value in mail.placed("left_at"):
            label = mail.lines[at].removesuffix(value) or mail.lines[at - 1]
            found = told(mail, f"{label.strip(' :')} {value}")
            if found is not None and found.status is TrackingStatus.DELIVERED and found.reason is not None:
                return replace(said, reason=found.reason)
    return said


def parted(line: str) -> list[str]:
    """The sentences of a line."""
    sentences: list[str] = []
    for piece in _SENTENCE.split(line):
        if sentences and goes_on(sentences[-1], piece):
            sentences[-1] += f" {piece}"
        else:
            sentences.append(piece)
    return sentences


def _first(mail: Labelled, known: Sequence[Said]) -> Said:
    """The telling sentence that counts: the first, or of a history the latest row."""
    first = known[0]
    vague = first.status in _VAGUE and (first.sentence == mail.subject or len(first.sentence.split()) <= 2)
    if vague:
        # a subject often says no more than "on its way": the body's first word on it may say what is wrong
        # "arrived", "collected": at the buyer's, or on the way
        news = _NEWS | {TrackingStatus.DELIVERED} if first.reason in (Reason.ARRIVED, Reason.ACCEPTED) else _NEWS
        told_only = first.reason is None and len(known) > 1 and known[1].status is TrackingStatus.INFO_RECEIVED
        return next((said for said in known[1:3] if said.status in news), known[1] if told_only else first)
    if (later := _later(first)) is not None:
        return next((said for said in known[1:4] if said.status is later), first)
    if first.sentence == mail.subject:
        return first
    return _latest_row(mail, known) or first


def _later(first: Said) -> TrackingStatus | None:
    """What goes over these words if it is said after them: where the parcel waits or goes now."""
    if first.status is TrackingStatus.DELIVERY_ATTEMPTED:
        return TrackingStatus.AVAILABLE_FOR_PICKUP
    if first.status is TrackingStatus.RETURNED or first.reason in (Reason.REFUSED, Reason.UNCLAIMED):
        return TrackingStatus.RETURNING
    return None


def _latest_row(mail: Labelled, known: Sequence[Said]) -> Said | None:
    """Of rows that begin or end with a date each, as a history prints them in either order, the latest."""
    dated = []
    for said in known:
        if len(said.sentence.split()) <= 14:
            moment = find_moment(said.sentence, mail.message.date, month_first=mail.month_first)
            if moment is not None:
                dated.append((moment.isoformat(), said))
    if len(dated) < 3 or known[0] is not dated[0][1]:
        return None
    latest = max(when for when, _ in dated)
    return next(said for when, said in dated if when == latest)


@cache
def _languages(carrier: str) -> tuple[str, ...]:
    found = carrier_of(carrier)
    return tuple(dict.fromkeys((*(found.languages if found else ()), "en")))


def _classified(text: str, carrier: str) -> Classified:
    return classify(_without_shop(text), _languages(carrier))


def _without_shop(text: str) -> str:
    """A sentence less the name of the shop that sent the parcel: "Your parcel from Broken Records is on its way"."""
    if len(text) > _LONGEST:
        return text
    less = _FROM_SHOP.sub(lambda m: f"{m[1]} " if _is_parcel(m[1]) else m[0], text)
    return _SHOPS_OWN.sub(lambda m: f"{m[1]} " if _is_parcel(m[3]) else m[0], less)


def _is_parcel(word: str) -> bool:
    return says("noun.parcel", fold(word)) or fold(word) == "order"


# ---- pictures of the way: all steps are named, so none of them is news --------------------------------------------


def _steps(lines: Sequence[str], carrier: str) -> frozenset[int]:
    """Lines that only name the steps of the way, one after the other ("Ordered", "Shipped", "Delivered")."""
    found: set[int] = set()
    for run in _runs(lines, carrier):
        found |= set(run)
    return frozenset(found)


def _runs(lines: Sequence[str], carrier: str) -> Iterator[list[int]]:
    run: list[int] = []
    for at in range(len(lines) + 1):
        if at < len(lines) and (_is_mark(lines[at]) or _step(lines[at], carrier) is not None):
            run.append(at)
            continue
        if _is_way([_step(lines[one], carrier) for one in run if not _is_mark(lines[one])]):
            yield run
        run = []


def _is_way(steps: Sequence[TrackingStatus | None]) -> bool:
    """Whether statuses are all the stations of a way: three or more, from the first to the last and no step back."""
    known = [step for step in steps if step not in (None, TrackingStatus.UNKNOWN)]
    ranks = [_RANK[step] for step in known if step in _RANK]
    return len(steps) >= 3 and len(set(known)) >= 2 and len(ranks) == len(known) and ranks == sorted(ranks)


_RANK = {
    TrackingStatus.INFO_RECEIVED: 0,
    TrackingStatus.IN_TRANSIT: 1,
    TrackingStatus.OUT_FOR_DELIVERY: 2,
    TrackingStatus.AVAILABLE_FOR_PICKUP: 3,
    TrackingStatus.DELIVERED: 4,
}


def _step(line: str, carrier: str) -> TrackingStatus | None:
    """The status that a line names and nothing else, UNKNOWN for a shop's own ("Ordered"); None for any other line."""
    words = re.findall(r"[^\W\d_]+", _HERE.sub("", line))
    if not 0 < len(words) <= _STEP_WORDS or any(char.isdigit() for char in line) or line.rstrip().endswith((".", ":")):
        return None
    found = _classified(" ".join(words), carrier)
    if found.status is TrackingStatus.UNKNOWN and not {fold(word) for word in words} & _ORDINARY:
        return None
    return found.status


def _is_mark(line: str) -> bool:
    """A line of a tick or a dot, or of a step's number."""
    return re.fullmatch(r"[^\w\s]{1,3}|\d", line.strip()) is not None


def _is_picture(line: str, carrier: str) -> bool:
    """Whether one line names all the steps, parted by arrows or dashes."""
    pieces = [piece for piece in _STEP_BETWEEN.split(line[:300]) if piece.strip()]
    return len(pieces) >= 3 and _is_way([_step(piece, carrier) for piece in pieces])


def _current_step(mail: Labelled) -> Said | None:
    """The step that a picture marks: by a sign at one of them, or by ticks at all that are done."""
    body = mail.body[:_READ]
    for run in _runs(body, mail.sender):
        found = _marked_step([body[at] for at in run], mail.sender)
        if found is not None:
            return found
    for line in body:
        if _is_picture(line, mail.sender):
            found = _marked_step([p for p in _STEP_BETWEEN.split(line[:300]) if p.strip()], mail.sender)
            if found is not None:
                return found
    return None


def _marked_step(lines: Sequence[str], carrier: str) -> Said | None:
    steps: list[tuple[str, TrackingStatus, bool, bool]] = []
    before = ""
    for line in lines:
        if _is_mark(line):
            before = line.strip()
            continue
        status = _step(line, carrier) or TrackingStatus.UNKNOWN
        text = f"{before} {line}".strip()
        steps.append((line, status, _MARKED.match(text) is not None, _HERE.search(text) is not None))
        before = ""
    here = [step for step in steps if step[3]]
    done = [step for step in steps if step[2]]
    chosen = here[0] if len(here) == 1 else done[-1] if done and len(done) < len(steps) else None
    if chosen is None and done and len(done) == len(steps):
        chosen = done[-1]
    if chosen is None or chosen[1] is TrackingStatus.UNKNOWN:
        return None
    return Said(chosen[1], None, chosen[0].strip())
