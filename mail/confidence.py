"""How sure an event is: what of its mail agreed, independently, about what happened and to which order or parcel."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from agent.vocabulary import numbers
from agent.vocabulary.events import Event, TrackingUpdate
from agent.vocabulary.languages import fold
from agent.vocabulary.status import TrackingStatus
from agent.vocabulary.wording import classify
from mail.genuine.senders import owners
from mail.intents import shows
from mail.labels import ORDER, Labelled

# How much each witness is worth alone. Two that agree are surer than either: 1 - (1 - a)(1 - b).
_WORTH = {
    "sender": 0.5,
    "subject": 0.5,
    "body": 0.4,
    "label": 0.6,
    "link": 0.5,
    "shape": 0.4,
    "markup": 0.7,
    "check digit": 0.5,
}
_CONTRADICTED = 0.6
"""A mail that names several orders and no link that tells which: at most this sure."""
_NO_NEWS = 0.5
"""A carrier's mail about a parcel that does not say where it is."""
_LABELS = 100  # values of one label that are looked at
_HEADLINES = 14  # lines of a body that say what it is about


def weighed(mail: Labelled, event: Event, agreed: Iterable[str]) -> Event:
    """The event with its confidence, by the witnesses that agreed; a reader's own doubt, a lower figure, stands."""
    return replace(event, confidence=round(min(event.confidence, _confidence(mail, event, agreed)), 2))


def witnesses(mail: Labelled, event: Event) -> tuple[str, ...]:
    """What agreed, for a human who asks why."""
    found = _of_parcel(mail, event) if isinstance(event, TrackingUpdate) else _of_order(mail, event)
    return tuple(dict.fromkeys((*_sender(mail), *found)))


def _confidence(mail: Labelled, event: Event, agreed: Iterable[str]) -> float:
    doubt = 1.0
    for witness in agreed:
        doubt *= 1 - _WORTH[witness]
    if isinstance(event, TrackingUpdate):
        return min(1 - doubt, _NO_NEWS) if event.status is TrackingStatus.UNKNOWN else 1 - doubt
    torn = len(mail.order_numbers()) > 1 and event.order_id not in mail.linked_orders()
    return min(1 - doubt, _CONTRADICTED) if torn else 1 - doubt


def _sender(mail: Labelled) -> Iterator[str]:
    senders = mail.message.senders
    if len(senders) == 1 and owners(senders[0].domain):
        yield "sender"


def _of_order(mail: Labelled, event: Event) -> Iterator[str]:
    intent = mail.intent
    if intent is not None:
        if shows(intent, fold(mail.subject), subject=True):
            yield "subject"
        if any(shows(intent, line) for line in mail.folded[:_HEADLINES]):
            yield "body"
    names = {"order_number": event.order_id, "item_id": event.item_id, "request_id": event.request_id}
    if any(value and _labelled(mail, label, value) for label, value in names.items()):
        yield "label"
    if event.order_id and ORDER.fullmatch(event.order_id):  # no other number looks like it
        yield "shape"
    if event.order_id and any(order.number == event.order_id for order in mail.marked_orders):
        yield "markup"
    linked = {value for values in mail.all_parameters.values() for value in values}
    if any(value in linked for value in names.values() if value):
        yield "link"


def _labelled(mail: Labelled, label: str, value: str) -> bool:
    """Whether a value stands beside its label, or right behind the label's words within a sentence."""
    return any(value in said for said in mail.values(label)) or bool(mail.spoken(label, re.compile(re.escape(value))))


def _of_parcel(mail: Labelled, event: TrackingUpdate) -> Iterator[str]:
    number = event.tracking_number
    if any(c.checksum == "ok" for c in numbers.candidates(number, event.carrier)):
        yield "check digit"
    elif any(c.checksum == "none" and c.confidence >= numbers.ACT for c in numbers.candidates(number, event.carrier)):
        yield "shape"
    if any(parcel.number == number for parcel in mail.marked_parcels):
        yield "markup"
    if any(number in numbers.normalise(said) for said in islice(mail.values("tracking_number"), _LABELS)):
        yield "label"
    if any(number in numbers.normalise(target) for target in mail.targets):
        yield "link"
    if event.status is not TrackingStatus.UNKNOWN:
        if classify(mail.subject).status is event.status:
            yield "subject"
        if any(classify(line).status is event.status for line in mail.body[:_HEADLINES] if len(line) < 300):
            yield "body"
