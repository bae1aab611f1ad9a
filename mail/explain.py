"""Why a mail was read as it was: what each part saw, step by step, for a human who asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agent.vocabulary.languages import fold, languages
from agent.vocabulary.status import TrackingStatus
from agent.vocabulary.wording import classify
from mail.confidence import witnesses
from mail.genuine.senders import EBAY, owners
from mail.labels import Labelled
from mail.parsing.marked import orders, parcels
from mail.parsing.markup import things_of
from mail.parsing.message import Message
from mail.phrases import first
from mail.reader import Reader, Reading

_HEADLINES = 14
_LONGEST = 90
_MOST = 40


def explain(message: Message, reading: Reading, readers: Sequence[Reader]) -> tuple[str, ...]:
    """The steps from the sender to the events, a line each; never raises on any mail that `read_message` took."""
    domain = message.senders[0].domain if len(message.senders) == 1 else ""
    senders = owners(domain) or ((reading.claims,) if reading.claims else ())
    if not senders:
        return (*_sender(message, reading), "neither eBay's nor a carrier's: nothing more was looked at")
    mail = Labelled(message, EBAY if EBAY in senders else senders[0])
    return (
        *_sender(message, reading),
        *_meaning(mail),
        *_markup(message),
        *_labels(mail),
        *_numbers(mail),
        *_readers(mail, senders, readers, reading),
        *_events(mail, reading),
    )


def _sender(message: Message, reading: Reading) -> Iterator[str]:
    named = ", ".join(f"{sender.address or 'no address'}" for sender in message.senders) or "nobody"
    domain = message.senders[0].domain if len(message.senders) == 1 else ""
    whose = ", ".join(owners(domain)) if domain else ""
    yield f"sender: {named}, {f'a domain of {whose}' if whose else 'on none of the lists of sending domains'}"
    yield f"authenticity: {reading.authenticity}, {reading.authenticity_reason}"
    results = len(message.all_headers("authentication-results"))
    yield f"headers: {results} Authentication-Results, {len(message.all_headers('received'))} Received"
    yield f"text: {len(message.lines)} lines, {len(message.links)} links, of {'HTML' if message.html else 'plain text'}"


def _meaning(mail: Labelled) -> Iterator[str]:
    yield f"about: {mail.intent or 'nothing known'}"
    places = [("subject", mail.subject), *((f"line {at + 1}", line) for at, line in enumerate(mail.lines[:_HEADLINES]))]
    known = sorted({intent for language in languages().values() for intent in language.intents if "." not in intent})
    for place, text in places:
        folded = fold(text)
        told = classify(text)
        if mail.sender != EBAY and told.status is not TrackingStatus.UNKNOWN:
            yield f"words: {place} says {told.status}{f', {told.reason}' if told.reason else ''}"
        for intent in known:
            if (shown := first(intent, folded)) is not None:
                words = folded[shown.start : shown.end]
                yield f"words: {place} shows {intent} ({shown.language}) by “{_short(words)}”"


def _markup(message: Message) -> Iterator[str]:
    things = things_of(message.html)
    for order in orders(things):
        yield f"markup: an order, {order.number or 'without a number'}"
    for parcel in parcels(things):
        yield f"markup: a parcel, {parcel.number}"


def _labels(mail: Labelled) -> Iterator[str]:
    labels = sorted({label for language in languages().values() for label in language.labels})
    for label in labels[: 2 * _MOST]:
        if mail.spots(label):
            value = next(iter(mail.values(label)), None)
            yield f"label: {label}, {f'beside it “{_short(value)}”' if value else 'nothing beside it'}"


def _numbers(mail: Labelled) -> Iterator[str]:
    found = {"order": mail.order_number(), "item": mail.item_number(), "request": mail.request_number()}
    for name, number in found.items():
        if number is not None:
            linked = any(number in values for values in mail.all_parameters.values())
            places = {"the subject": number in mail.subject, "a link": linked}
            also = " and ".join(place for place, is_there in places.items() if is_there)
            yield f"{name} number: {number}{f', also in {also}' if also else ''}"


def _readers(mail: Labelled, senders: Sequence[str], readers: Sequence[Reader], reading: Reading) -> Iterator[str]:
    for reader in readers:
        if reader.claims(mail, senders):
            yield f"reader {reader.name}: claims it"
        elif not reader.senders.isdisjoint(senders):
            yield f"reader {reader.name}: not what it reads ({', '.join(sorted(reader.intents or ()))})"
        elif reader.is_behind and EBAY not in senders:
            yield f"reader {reader.name}: stands behind the others"
    yield from (f"tried: {step}" for step in reading.trace)


def _events(mail: Labelled, reading: Reading) -> Iterator[str]:
    for event in reading.events:
        agreed = ", ".join(witnesses(mail, event)) or "nothing"
        yield f"event: {getattr(event, 'type', '?')}, confidence {event.confidence:.2f}; agreed: {agreed}"
    if reading.unread is not None:
        yield f"unread: {reading.unread}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
