"""When it happened, and when a carrier expects to deliver, as its mail prints them; a local clock stays local."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from agent.vocabulary.languages import fold
from agent.vocabulary.status import TrackingStatus
from agent.vocabulary.values import Moment, Window
from mail.labels import Labelled
from mail.parcels.status import Said, parted, sentences_of, told
from mail.phrases import says
from mail.values.dates import find_clock, find_moment
from mail.values.hours import find_hours, is_only_hours

_OPENING = 20  # lines in which a mail says when
_SLACK = timedelta(hours=1)
# A scan's local clock may be that far ahead of the sender's; a forecast's may not be taken for past.
_EAST = timedelta(hours=12)
_OVER = frozenset(
    {TrackingStatus.DELIVERED, TrackingStatus.DELIVERY_ATTEMPTED, TrackingStatus.EXCEPTION, TrackingStatus.RETURNED}
)


def happened_at(mail: Labelled, said: Said) -> Moment | None:
    """The time in the sentences that say so, else a labelled one, else the mail's own."""
    seen, order = mail.message.date, mail.month_first
    ahead = _EAST if said.status in _OVER else _SLACK
    days: list[Moment] = []
    same = (s for s in sentences_of(mail) if (other := told(mail, s)) is not None and other.status is said.status)
    for sentence in (said.sentence, *same):
        spoken = find_moment(sentence, seen, month_first=order)
        if find_hours(sentence):  # "today between 12:41 and 13:41" has not been yet
            continue
        if isinstance(spoken, datetime) and _is_past(spoken, seen, ahead=ahead):
            return spoken
        if spoken is not None and not isinstance(spoken, datetime):
            days.append(spoken)
    if said.status is TrackingStatus.DELIVERED and (labelled := _delivered_at(mail, days)):
        return labelled
    if days and said.status in _OVER and _is_past(days[0], seen):
        return days[0]
    stated = mail.moment("event_time")
    return stated if isinstance(stated, datetime) and _is_past(stated, seen, ahead=ahead) else seen


def expected(mail: Labelled, said: Said) -> Window | None:
    """When the carrier expects to deliver: labelled, or in the sentence that speaks of the last way."""
    if said.status in (TrackingStatus.DELIVERED, TrackingStatus.RETURNED, TrackingStatus.RETURNING):
        return None
    seen, order = mail.message.date, mail.month_first
    span = mail.window("estimated_delivery")
    if span is not None and span.min != span.max:
        return span
    found: Moment | None = span.min if span else mail.moment("estimated_delivery")
    if found is None and said.status is TrackingStatus.IN_TRANSIT:
        spoken = find_moment(said.sentence, seen, month_first=order)
        found = spoken if spoken is not None and not _is_past(spoken, seen) else None
    if found is None and said.status is TrackingStatus.OUT_FOR_DELIVERY and seen is not None:
        found = seen.date()
    if found is None:
        found = _promised(mail)
    if found is None:
        return None
    day: date = found.date() if isinstance(found, datetime) else found
    hours = _hours(mail, said, day)
    return Window(datetime.combine(day, hours[0]), datetime.combine(day, hours[1])) if hours else Window(day, day)


def _promised(mail: Labelled) -> Moment | None:
    """The day in the first sentence that speaks of a delivery to come; a day until which a parcel is kept is none."""
    seen = mail.message.date
    for line in mail.body[:_OPENING]:
        for sentence in parted(line[:1000]):
            folded = fold(sentence)
            if says("day.promised", folded) and not says("day.kept", folded):
                spoken = find_moment(sentence, seen, month_first=mail.month_first)
                if spoken is not None and seen is not None and not _is_past(spoken, seen):
                    return spoken
    return None


def _hours(mail: Labelled, said: Said, day: date) -> tuple[time, time] | None:
    """The hours of a forecast: beside its label or below it, in the sentence that tells, or labelled as hours."""
    texts = [said.sentence]
    for at, value in mail.placed("estimated_delivery"):
        texts += [value, *mail.lines[at : at + 2]]
    texts += mail.values("delivery_hours")
    texts += [
        line
        for line in mail.body[:20]
        if len(line) < 200 and (is_only_hours(line) or _speaks_of(mail, line, said, day))
    ]
    return next((hours for text in texts if (hours := find_hours(text))), None)


def _speaks_of(mail: Labelled, line: str, said: Said, day: date) -> bool:
    """A line that tells the same, or names the day."""
    if (other := told(mail, line)) is not None and other.status is said.status:
        return True
    spoken = find_moment(line, mail.message.date, month_first=mail.month_first)
    return (spoken.date() if isinstance(spoken, datetime) else spoken) == day


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
