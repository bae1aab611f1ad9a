"""What a carrier's mail says about one parcel: shared by the carriers' readers, which stay thin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import unquote, urlsplit

from agent.vocabulary import numbers
from agent.vocabulary.carriers import related
from agent.vocabulary.events import TrackingUpdate
from agent.vocabulary.languages import fold
from agent.vocabulary.status import Reason, TrackingStatus
from agent.vocabulary.values import Moment, Place, Window
from agent.vocabulary.wording import classify
from mail.dates import find_clock, find_moment
from mail.intents import says
from mail.labels import Labelled

_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9 -]{6,38}[A-Z0-9]", re.IGNORECASE)
_US_PLACE = re.compile(r"\b(?:in|at) ([A-Z][A-Za-z.' -]{1,40}), ([A-Z]{2}) (\d{5})(?:-\d{4})?\b")
_TOKEN = re.compile(r"\b[A-Z]{0,4}\d[\dA-Z]{8,38}\b")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ])")
_SURE = 0.35  # a number in running text must be at least so surely this carrier's
_READ = 40  # lines before the footer in which the parcel is spoken of
_SLACK = timedelta(hours=1)
_EAST = timedelta(
    hours=12
)  # a scan's local clock may be that far ahead of the sender's; a forecast's may not be taken for past
_OVER = frozenset(
    {TrackingStatus.DELIVERED, TrackingStatus.DELIVERY_ATTEMPTED, TrackingStatus.EXCEPTION, TrackingStatus.RETURNED}
)
_NEWS = frozenset(
    {
        TrackingStatus.EXCEPTION,
        TrackingStatus.DELIVERY_ATTEMPTED,
        TrackingStatus.OUT_FOR_DELIVERY,
        TrackingStatus.AVAILABLE_FOR_PICKUP,
        TrackingStatus.RETURNING,
    }
)
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


@dataclass(frozen=True, slots=True)
class Said:
    """The sentence that says where the parcel is."""

    status: TrackingStatus
    reason: Reason | None
    sentence: str


def read_parcel(mail: Labelled, carrier: str) -> TrackingUpdate | None:
    """The parcel that a carrier's mail is about, or None where it names no number."""
    number = tracking_number(mail, carrier)
    if number is None:
        return None
    said = what_is_said(mail)
    return TrackingUpdate(
        occurred_at=_when(mail, said),
        tracking_number=number,
        carrier=carrier,
        status=said.status,
        reason=said.reason,
        location=_where(mail, said),
        description=said.sentence or None,
        estimated_delivery=_expected(mail, said),
    )


def tracking_number(mail: Labelled, carrier: str) -> str | None:
    """The parcel's number, normalised: labelled, in a link, in the text in this carrier's shape, or alone on a line."""
    labelled = [number for value in mail.values("tracking_number") if (number := _number_at_start(value))]
    if labelled:  # several labels can claim to be it: the one whose shape is this carrier's is
        return next((number for number in labelled if _belongs(number, carrier, wrong=True)), labelled[0])
    for value in _in_links(mail):
        if _belongs(value, carrier):
            return numbers.normalise(value)
    for value in mail.values("parcel_reference"):
        if (number := _number_at_start(value)) and _belongs(number, carrier, wrong=True):
            return number
    for line in (mail.subject, *mail.body):
        for found in numbers.find(line):
            if _belongs(found.number, carrier):
                return numbers.normalise(found.number)
    alone = (line for line in (*_TOKEN.findall(mail.subject), *mail.body, *_in_links(mail)) if _is_number(line))
    return next((numbers.normalise(text) for text in alone if _belongs(text, carrier, wrong=True)), None)


def what_is_said(mail: Labelled) -> Said:
    """Where the parcel is, by the subject or else by the first sentence that tells; advertising left out."""
    sentences = list(_sentences(mail))
    known = [Said(c.status, c.reason, s) for s in sentences if (c := classify(s)).status is not TrackingStatus.UNKNOWN]
    if known:
        first = known[0]
        if first.status is TrackingStatus.IN_TRANSIT and first.sentence == mail.subject:
            # a subject often says no more than "on its way": the body's first word on it may say what is wrong
            first = next((said for said in known[1:3] if said.status in _NEWS), first)
        same = (said for said in known if said.status is first.status and said.reason is not None)
        return first if first.reason is not None else next(same, first)
    for sentence in sentences:
        folded = fold(sentence)
        for status in _BY_INTENT:
            if says(f"status.{status.value}", folded):
                return Said(status, None, sentence)
    return Said(TrackingStatus.UNKNOWN, None, "")


def _sentences(mail: Labelled) -> Iterator[str]:
    """What may speak of the parcel: the subject, a labelled status, then the body's sentences in order."""
    yield mail.subject
    if status := mail.text("status"):
        yield status
    for line in mail.body[:_READ]:
        if len(line) > 1500 or _is_number(line):
            continue
        for sentence in _SENTENCE.split(line):
            if not says("not_parcel", fold(sentence)):
                yield sentence


def _number_at_start(value: str) -> str | None:
    """The number that a labelled value begins with, be its check digit right or wrong."""
    match = _NUMBER.match(value.strip())
    if match is None:
        return None
    text = match.group()
    words = text.split()
    kept: list[str] = []
    for word in words:  # "9400 1000 … delivered" ends where words without digits begin
        if not any(char.isdigit() for char in word) and not (len(word) <= 2 and word.isupper()):
            break
        kept.append(word)
    number = numbers.normalise(" ".join(kept))
    digits = sum(char.isdigit() for char in number)
    return number if digits >= 6 and 8 <= len(number) <= 40 else None


def _belongs(number: str, carrier: str, *, wrong: bool = False) -> bool:
    """Whether a number has a shape of this carrier's; `wrong` lets a failing check digit pass."""
    found = (c for c in numbers.candidates(number, carrier) if related(c.carrier, carrier))
    return any(wrong if c.checksum == "fail" else c.confidence >= _SURE for c in found)


def _in_links(mail: Labelled) -> Iterator[str]:
    """Values, path segments and fragments of links that could be a number."""
    for target in mail.targets[:200]:
        try:
            parts = urlsplit(unquote(target))
        except ValueError:
            continue
        for piece in re.split(r"[/?&=#,;]", f"{parts.path}?{parts.query}#{parts.fragment}"):
            if 8 <= len(piece) <= 40 and sum(char.isdigit() for char in piece) >= 6 and piece.isalnum():
                yield piece


def _is_number(line: str) -> bool:
    return _NUMBER.fullmatch(line) is not None and sum(char.isdigit() for char in line) >= 8


def _when(mail: Labelled, said: Said) -> Moment | None:
    """The time in the sentences that say so, else a labelled one, else the mail's own; a local clock stays local."""
    seen, order = mail.message.date, mail.month_first
    days: list[Moment] = []
    for sentence in (said.sentence, *(s for s in _sentences(mail) if classify(s).status is said.status)):
        spoken = find_moment(sentence, seen, month_first=order)
        if isinstance(spoken, datetime) and _is_past(spoken, seen, ahead=_EAST if said.status in _OVER else _SLACK):
            return spoken
        if spoken is not None and not isinstance(spoken, datetime):
            days.append(spoken)
    if said.status is TrackingStatus.DELIVERED and (labelled := _delivered_at(mail, days)):
        return labelled
    if days and said.status in _OVER and _is_past(days[0], seen):
        return days[0]
    stated = mail.moment("event_time")
    return stated if isinstance(stated, datetime) and _is_past(stated, seen) else seen


def _delivered_at(mail: Labelled, days: list[Moment]) -> Moment | None:
    """A labelled time of delivery; of a clock alone the day is the one spoken of, or the mail's own."""
    seen = mail.message.date
    labelled = mail.moment("delivered_at")
    if isinstance(labelled, datetime):
        return labelled
    clock = next((c for value in mail.values("delivered_at") if (c := find_clock(value))), None)
    day = labelled or next(iter(days), None) or (seen.date() if seen else None)
    return datetime.combine(day, clock) if clock is not None and day is not None else labelled


def _is_past(moment: Moment, seen: datetime | None, ahead: timedelta = _SLACK) -> bool:
    """Not after the mail was sent, as far as clocks of unknown zones tell."""
    if seen is None:
        return True
    if not isinstance(moment, datetime):
        return moment <= seen.date()
    if moment.tzinfo is not None:
        return moment <= seen + _SLACK
    return moment <= seen.replace(tzinfo=None) + ahead


def _where(mail: Labelled, said: Said) -> Place | None:
    for text in (said.sentence, *(_sentences(mail))):
        if match := _US_PLACE.search(text):
            return Place(city=match.group(1), postcode=match.group(3), country="US")
    labelled = mail.text("location")
    if labelled is None or len(labelled) > 60 or says("safe_place", fold(labelled)):
        return None
    if match := _US_PLACE.search(f"in {labelled}"):
        return Place(city=match.group(1), postcode=match.group(3), country="US")
    return Place(city=labelled)


def _expected(mail: Labelled, said: Said) -> Window | None:
    """When the carrier expects to deliver: labelled, or in the sentence that speaks of the last way."""
    if said.status in (TrackingStatus.DELIVERED, TrackingStatus.RETURNED, TrackingStatus.RETURNING):
        return None
    seen, order = mail.message.date, mail.month_first
    if span := mail.window("estimated_delivery"):
        return span
    found = mail.moment("estimated_delivery")
    if found is None and said.status is TrackingStatus.IN_TRANSIT:
        spoken = find_moment(said.sentence, seen, month_first=order)
        found = spoken if spoken is not None and not _is_past(spoken, seen) else None
    if found is None and said.status is TrackingStatus.OUT_FOR_DELIVERY and seen is not None:
        found = seen.date()
    if found is None:
        return None
    day: date = found.date() if isinstance(found, datetime) else found
    return Window(day, day)
