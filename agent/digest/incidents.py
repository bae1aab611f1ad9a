"""Storms in the digest: one entry for many parcels that stopped together, and their replies as one batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from babel import Locale

from agent.digest import dates
from agent.digest.day import Day, DigestDraft, DigestIncident
from agent.digest.names import carrier_name, counted
from agent.digest.parts import Entry, Section
from agent.digest.untrusted import line
from agent.risks.storms import Incident

_LISTED = 12
"""Orders and replies that are named; a mail has an end."""
_TEXTS = 12
"""Drafts of all storms together that are shown with their text: mail programs cut a mail beyond 100 kB."""
_PROTECTION = (
    "Where eBay announces protection for such an event, late deliveries and requests do not count against you if the "
    "number was uploaded and the parcel scanned before the request"
)


@dataclass(frozen=True)
class Batch:
    """The drafts of one storm."""

    storm: Incident
    whole: tuple[DigestDraft, ...]
    """Shown with their text, so that an answer may approve them."""
    rest: tuple[DigestDraft, ...]


@dataclass(frozen=True, kw_only=True)
class StormReply:
    """A text about a stopped parcel, in the outbox."""

    id: str
    order_id: str
    mailed: bool
    """Whether it has an address."""
    waits: bool
    """For the seller's word."""


def incident_sections(day: Day) -> Iterable[Section]:
    """One section, where there is a storm."""
    if day.incidents:
        yield Section(
            heading="Many parcels stopped together",
            intro="This looks like the carrier's trouble, not like single losses: the cases above belong to it.",
            entries=tuple(_entry(one, day) for one in day.incidents),
        )


def of_storm(storm: Incident, replies: Iterable[StormReply]) -> DigestIncident:
    """The storm with the texts about its parcels."""
    own = [one for one in replies if one.order_id in storm.order_ids]
    waiting = [one for one in own if one.waits]
    return DigestIncident(
        storm=storm,
        batch=tuple(one.id for one in waiting if one.mailed),
        by_hand=tuple(one.id for one in waiting if not one.mailed),
        others=tuple(one.id for one in own if not one.waits),
    )


def batches_last(drafts: Iterable[DigestDraft], incidents: Iterable[DigestIncident]) -> tuple[DigestDraft, ...]:
    """Single replies first, then one storm after the other: those of a storm all say the same."""
    place: dict[str, int] = {}
    for at, one in enumerate(incidents, 1):
        for id_ in (*one.batch, *one.by_hand, *one.others):
            place.setdefault(id_, at)
    return tuple(sorted(drafts, key=lambda draft: place.get(draft.id, 0)))


def single_drafts(day: Day) -> tuple[DigestDraft, ...]:
    """Those that belong to no batch."""
    grouped = {id_ for one in day.incidents for id_ in one.batch}
    return tuple(draft for draft in day.drafts if draft.id not in grouped)


def batches(day: Day) -> Iterator[Batch]:
    """The drafts that can go together, storm by storm, as many with their text as a mail can hold."""
    room, taken = _TEXTS, set[str]()
    for incident in day.incidents:
        own = set(incident.batch) - taken  # an order's parcels may stand in two storms; its draft is offered once
        drafts = tuple(draft for draft in day.drafts if draft.id in own)
        if drafts:
            yield Batch(incident.storm, drafts[:room], drafts[room:])
        room, taken = max(room - len(drafts), 0), taken | own


def answer_of(drafts: Sequence[DigestDraft]) -> str | None:
    """What approves them all in one answer: `3, 4, 5 ok`; None where fewer than two have a number."""
    numbers = [str(draft.number) for draft in drafts if draft.number]
    return f"{', '.join(numbers)} ok" if len(numbers) > 1 else None


def _entry(incident: DigestIncident, day: Day) -> Entry:
    storm = incident.storm
    stopped = len(storm.tracking_numbers)
    since = dates.past(storm.since, day.at, day.zone)
    text = f"{whose(storm)}: {stopped} of {counted(storm.under_way, 'parcel')} have not moved since {since}"
    said = [f"orders {_list(storm.order_ids)}"]
    said += [f"{_PROTECTION}: {storm.covered} of these {stopped} have both"]
    if incident.batch:
        command = f"`orderwatch approve {' '.join(line(id_, 12) for id_ in incident.batch)}`"
        said += [f"their {counted(len(incident.batch), 'reply', 'replies')} can go together: {command}"]
    if incident.by_hand:
        said += [f"to copy into eBay: {counted(len(incident.by_hand), 'reply', 'replies')} {_list(incident.by_hand)}"]
    return Entry(text=text, detail=" · ".join(said))


def whose(storm: Incident) -> str:
    """`Royal Mail, to Germany, last seen in Langley`."""
    words = [carrier_name(storm.carrier) if storm.carrier else "Several carriers"]
    if storm.destination:
        words.append(f"to {_country(storm.destination)}")
    if storm.region:
        words.append(f"to {line(storm.region, 40)}")
    if storm.place:
        words.append(f"last seen in {line(storm.place, 60)}")
    return ", ".join(words)


def _country(code: str) -> str:
    return str(Locale("en").territories.get(code, code))


def _list(names: tuple[str, ...]) -> str:
    shown = ", ".join(line(name, 40) for name in names[:_LISTED])
    return shown + (f" and {len(names) - _LISTED} more" if len(names) > _LISTED else "")
