"""Storms in the digest: one entry for many parcels that stopped together, and their replies as one batch."""

from __future__ import annotations

from collections.abc import Iterable

from babel import Locale

from agent.digest import dates
from agent.digest.day import Day, DigestDraft, DigestIncident
from agent.digest.names import carrier_name, counted
from agent.digest.parts import Entry, Section
from agent.digest.untrusted import line
from agent.risks.storms import Incident

_LISTED = 12
"""Orders and replies that are named; a mail has an end."""
_PROTECTION = (
    "Where eBay announces protection for such an event, late deliveries and requests do not count against you if the "
    "number was uploaded and the parcel scanned before the request"
)


def incident_sections(day: Day) -> Iterable[Section]:
    """One section, where there is a storm."""
    if day.incidents:
        yield Section(
            heading="Many parcels stopped together",
            intro="This looks like the carrier's trouble, not like single losses: the cases above belong to it.",
            entries=tuple(_entry(one, day) for one in day.incidents),
        )


def of_storm(storm: Incident, replies: Iterable[tuple[str, str, bool]]) -> DigestIncident:
    """`replies`: number, order and whether it can be mailed, of the texts that wait about stopped parcels."""
    own = [(number, mailed) for number, order_id, mailed in replies if order_id in storm.order_ids]
    return DigestIncident(
        storm=storm,
        batch=tuple(number for number, mailed in own if mailed),
        by_hand=tuple(number for number, mailed in own if not mailed),
    )


def batches_last(drafts: Iterable[DigestDraft], incidents: Iterable[DigestIncident]) -> tuple[DigestDraft, ...]:
    """Single replies first: those of a storm all say the same."""
    grouped = {number for one in incidents for number in (*one.batch, *one.by_hand)}
    return tuple(sorted(drafts, key=lambda draft: draft.id in grouped))


def _entry(incident: DigestIncident, day: Day) -> Entry:
    storm = incident.storm
    stopped = len(storm.tracking_numbers)
    since = dates.past(storm.since, day.at, day.zone)
    text = f"{_whose(storm)}: {stopped} of {counted(storm.under_way, 'parcel')} have not moved since {since}"
    said = [f"orders {_list(storm.order_ids)}"]
    said += [f"{_PROTECTION}: {storm.covered} of these {stopped} have both"]
    if incident.batch:
        command = f"`orderwatch approve {' '.join(line(number, 12) for number in incident.batch)}`"
        said += [f"their {counted(len(incident.batch), 'reply', 'replies')} can go together: {command}"]
    if incident.by_hand:
        said += [f"to copy into eBay: {counted(len(incident.by_hand), 'reply', 'replies')} {_list(incident.by_hand)}"]
    return Entry(text=text, detail=" · ".join(said))


def _whose(storm: Incident) -> str:
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
