"""Which reader speaks for a mail, and what it says.

A reader is a function in `mail/readers/` or in a seller's own `readers/`: its decorator says which mails it claims, its
body extracts. Exactly one may claim a mail.

    # words of the intent: agent/vocabulary/languages/
    @reader(sender="ebay", intent="return_opened", languages=("en", "de"))
    def extract(mail: Labelled) -> list[Event]: ...

    @reader(carrier="usps", events="tracking_update", languages="en")
    def extract(mail: Labelled) -> list[Event]: ...

One of `carrier=ANY` stands behind the carriers' own: it reads what they do not claim or cannot read.
How sure an event is, `mail.confidence` says; a reader sets `confidence` only to express a doubt of its own.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import cast

from agent.vocabulary.events import EVENT_TYPES, AnyEvent, Event
from agent.vocabulary.status import Authenticity, Unread
from mail.answers import ANSWER, names_a_digest
from mail.bounces import BOUNCE, is_bounce
from mail.completed import completed
from mail.confidence import weighed, witnesses
from mail.genuine.authenticity import Verdict, judge
from mail.genuine.original import Lookup, Original
from mail.genuine.senders import EBAY, ebay_domains, owners
from mail.genuine.trust import Trusted
from mail.labels import Labelled
from mail.parsing.message import Message, parse

Extract = Callable[[Labelled], list[Event]]
_MOST_RECIPIENTS = 100
ANY = "*"
"""Every carrier: of the reader behind the carriers' own."""


class Unreadable(Exception):
    """A mail that a reader claims lacks what it must say: its wording or layout has changed."""


class NotOurs(Exception):
    """A mail that a reader knows to be of no concern: the message says why."""


class TwoClaimants(Exception):
    """Two readers claim one mail: narrow the intent or the sender of one of them."""


@dataclass(frozen=True, slots=True)
class Reader:
    """One family of mails: which it claims, and how to read them."""

    name: str
    extract: Extract
    senders: frozenset[str]
    intents: frozenset[str] | None
    """None: whatever the mail is about."""
    events: frozenset[str] = frozenset()
    """The types of event that it gives, as it claims to users."""
    languages: frozenset[str] = frozenset()
    """The languages in which it claims to read them."""

    @property
    def is_behind(self) -> bool:
        """Whether it stands behind the carriers' own readers."""
        return ANY in self.senders

    def claims(self, mail: Labelled, senders: Sequence[str]) -> bool:
        return not self.senders.isdisjoint(senders) and (self.intents is None or mail.intent in self.intents)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a mail says, who really sent it, which reader spoke, or why none did."""

    message_id: str | None
    sender: str | None
    subject: str
    date: datetime | None
    authenticity: Authenticity
    authenticity_reason: str
    claims: str | None = None
    """`ebay` or a carrier's id: whom the mail says, or pretends, to come from."""
    reader: str | None = None
    unread: Unread | None = None
    events: tuple[Event, ...] = ()
    trace: tuple[str, ...] = ()
    """What was tried, for a human who asks why."""
    recipients: tuple[str, ...] = ()
    """The addresses of To and Cc: not each mail in a mailbox is for its owner."""


_registered: dict[str, Reader] = {}


def reader(
    *,
    sender: str | tuple[str, ...] = (),
    carrier: str | tuple[str, ...] = (),
    intent: str | tuple[str, ...] | None = None,
    events: str | tuple[str, ...] = (),
    languages: str | tuple[str, ...] = (),
) -> Callable[[Extract], Extract]:
    """Register a function as the reader of these senders' mails. It is named after its file, which holds no other.

    `events`: the types that it gives, where its intents do not name them; `languages`: those it is shown to read.
    """
    senders = frozenset((*_several(sender), *_several(carrier)))

    def register(extract: Extract) -> Extract:
        module = extract.__module__
        intents = None if intent is None else frozenset(_several(intent))
        _registered[module] = Reader(
            name=module.rpartition(".")[2],
            extract=extract,
            senders=senders,
            intents=intents,
            events=frozenset(_several(events)) or (intents or frozenset()) & EVENT_TYPES,
            languages=frozenset(_several(languages)),
        )
        return extract

    return register


def load(*folders: Path) -> tuple[Reader, ...]:
    """All readers by name: those of `mail/readers/`, and a seller's own, which replace shipped ones of their name."""
    found = dict(_shipped())
    for folder in folders:
        for path in sorted(folder.glob("*.py")):
            found[path.stem] = _of_file(path)
    return tuple(found[name] for name in sorted(found))


@cache
def _shipped() -> dict[str, Reader]:
    package = importlib.import_module("mail.readers")
    names = [module.name for module in pkgutil.iter_modules(package.__path__, "mail.readers.")]
    for name in names:
        importlib.import_module(name)
    return {found.name: found for name in names if (found := _registered.get(name))}


def read(
    raw: bytes, receiver: Trusted = None, readers: Sequence[Reader] | None = None, lookup: Lookup | None = None
) -> Reading:
    """What a mail's bytes say; signatures are looked at where that is trusted and there is a lookup. Never raises."""
    return read_message(parse(raw), receiver, readers, Original(raw, lookup) if lookup else None)


def read_message(
    message: Message,
    receiver: Trusted = None,
    readers: Sequence[Reader] | None = None,
    original: Original | None = None,
) -> Reading:
    """What a mail says. Never raises: what no reader understood, or what broke one, is a result too.

    Readers run whatever the authenticity; only the caller may decide what an event of an unverified mail is worth.
    """
    verdict = judge(message, receiver, original)
    blank = _blank(message, verdict)
    if message.problem is not None:
        return replace(blank, unread=message.problem, trace=(f"message: {message.problem}",))
    if names_a_digest(message) and not (verdict.domain and owners(verdict.domain)):
        return replace(blank, reader=ANSWER, unread=Unread.NOT_OURS, trace=("it answers a digest of ours",))
    if is_bounce(message):
        return replace(blank, reader=BOUNCE, unread=Unread.NOT_OURS, trace=("it says that a mail came back",))
    senders = _family(verdict)
    if not senders:
        return replace(blank, unread=Unread.NOT_OURS, trace=("sender: neither eBay nor a carrier",))
    mail = Labelled(message, EBAY if EBAY in senders else senders[0])
    known = load() if readers is None else readers
    try:
        return _read(mail, senders, known, blank)
    except Exception as error:  # noqa: BLE001 -- a stranger's mail must not stop the others; it is kept and shown
        return replace(blank, unread=Unread.UNREADABLE, trace=(f"broke: {type(error).__name__}: {error}",))


def claimant(mail: Labelled, senders: Sequence[str], readers: Sequence[Reader]) -> Reader | None:
    """The one reader that claims a mail, or None; raises TwoClaimants naming both."""
    claiming = [candidate for candidate in readers if candidate.claims(mail, senders)]
    if len(claiming) > 1:
        names = " and ".join(candidate.name for candidate in claiming)
        raise TwoClaimants(f"{names} both claim this mail (intent {mail.intent}): narrow one of them")
    return claiming[0] if claiming else None


def _read(mail: Labelled, senders: Sequence[str], readers: Sequence[Reader], blank: Reading) -> Reading:
    seen: tuple[str, ...] = (f"sender: {', '.join(senders)}", f"intent: {mail.intent or 'none'}")
    try:
        chosen = claimant(mail, senders, readers)
    except TwoClaimants as both:
        return replace(blank, unread=Unread.NO_READER, trace=(*seen, f"two claimants: {both}"))
    behind = None if EBAY in senders else next((one for one in readers if one.is_behind), None)
    order = [one for one in (chosen, behind) if one is not None]
    if not order:
        marketing = EBAY in senders and _from_marketing(mail.message)
        why = "eBay's marketing address" if marketing else f"no reader among {', '.join(r.name for r in readers)}"
        return replace(blank, unread=Unread.NOT_OURS if marketing else Unread.NO_READER, trace=(*seen, why))
    for one in order:
        reading = _by(one, mail, replace(blank, trace=seen))
        if reading.unread is not Unread.UNREADABLE:
            break
        seen = reading.trace
    if chosen is None and reading.unread is Unread.UNREADABLE:
        return replace(reading, unread=Unread.NO_READER, reader=None)
    return reading


def _by(reader: Reader, mail: Labelled, blank: Reading) -> Reading:
    """What one reader makes of a mail, its word added to the trace."""
    try:
        told = [completed(mail, event) for event in reader.extract(mail)]
        found = [(event, witnesses(mail, event)) for event in told]
        events = tuple(weighed(mail, event, agreed) for event, agreed in found)
    except NotOurs as why:
        trace = (*blank.trace, f"{reader.name}: {why}")
        return replace(blank, unread=Unread.NOT_OURS, reader=reader.name, trace=trace)
    except Unreadable as why:
        marketing = mail.sender == EBAY and _from_marketing(mail.message)
        unread = Unread.NOT_OURS if marketing else Unread.UNREADABLE
        return replace(blank, unread=unread, reader=reader.name, trace=(*blank.trace, f"{reader.name}: {why}"))
    said = (f"{cast('AnyEvent', event).type} ({', '.join(agreed)})" for event, agreed in found)
    trace = (*blank.trace, f"{reader.name}: {'; '.join(said) or 'nothing'}")
    return replace(blank, reader=reader.name, events=events, trace=trace)


def _blank(message: Message, verdict: Verdict) -> Reading:
    return Reading(
        message_id=message.message_id,
        sender=message.senders[0].address if message.senders else None,
        subject=message.subject,
        date=message.date,
        authenticity=verdict.authenticity,
        authenticity_reason=verdict.reason,
        claims=verdict.claims,
        recipients=tuple(mailbox.address for mailbox in message.recipients[:_MOST_RECIPIENTS]),
    )


def _family(verdict: Verdict) -> tuple[str, ...]:
    """Whose readers may look: everybody who sends from that very domain, else whom the mail pretends to be."""
    found = owners(verdict.domain) if verdict.domain else ()
    return found or ((verdict.claims,) if verdict.claims else ())


def _from_marketing(message: Message) -> bool:
    return bool(message.senders) and message.senders[0].domain in ebay_domains().marketing


def _several(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def _of_file(path: Path) -> Reader:
    """The reader of a seller's own file; raises ImportError where there is none."""
    name = f"orderwatch_readers.{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"cannot load the reader {path}")
    try:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
    except Exception as error:
        raise ImportError(f"{path} cannot be loaded: {type(error).__name__}: {error}") from error
    if name not in _registered:
        raise ImportError(f"{path} has no function with @reader(...)")
    return _registered[name]
