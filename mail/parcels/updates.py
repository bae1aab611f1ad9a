"""What a carrier's mail says about its parcels: shared by the carriers' readers, which stay thin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from agent.vocabulary.events import TrackingUpdate
from agent.vocabulary.numbers import normalise
from agent.vocabulary.status import TrackingStatus
from mail.labels import Labelled
from mail.parcels.numbers import Numbered, handed_to, onward_number, parcel_numbers
from mail.parcels.places import place_of
from mail.parcels.status import NOTHING, Said, parted, told, what_is_said
from mail.parcels.times import expected, happened_at

_MOST_LINES = 1500  # more than any carrier's mail has
_FAR = 60  # lines above a number in which its status may stand
_TELLS = 120  # characters of a row or a line of a card


def read_parcels(mail: Labelled, carrier: str) -> list[TrackingUpdate]:
    """The parcels that a carrier's mail is about, in its order; none where it names no number."""
    if len(mail.lines) > _MOST_LINES:
        mail = mail.part(mail.lines[:_MOST_LINES])
    found = parcel_numbers(mail, carrier)
    if not found:
        return []
    whole = what_is_said(mail)
    if len(found) == 1:
        update = _update(mail, found[0].number, carrier, whole)
        onward, owner = onward_number(mail, carrier, update.tracking_number) or (None, None)
        return [replace(update, onward_number=onward, onward_carrier=owner)]
    shares = _shares(mail, found)
    if any(whole.sentence in line for lines in shares for line in lines):
        whole = NOTHING  # one parcel's row says nothing of the others
    common = _update(mail, found[0].number, carrier, whole)
    return [_of_share(mail, lines, one.number, carrier, common) for one, lines in zip(found, shares, strict=True)]


def _update(mail: Labelled, number: str, carrier: str, said: Said) -> TrackingUpdate:
    return TrackingUpdate(
        occurred_at=happened_at(mail, said),
        tracking_number=number,
        carrier=handed_to(number, carrier) or carrier,
        status=said.status,
        reason=said.reason,
        location=place_of(mail, said),
        description=said.sentence or None,
        estimated_delivery=expected(mail, said),
    )


# ---- several parcels: rows of a table, or cards one below the other -----------------------------------------------


def _of_share(
    mail: Labelled, lines: Sequence[str], number: str, carrier: str, common: TrackingUpdate
) -> TrackingUpdate:
    """What the mail says of one parcel: its own row or card, and where that says nothing, what it says of all."""
    own = Labelled(replace(mail.message, subject="", lines=tuple(lines), blocks=(), links=()), mail.sender)
    said = what_is_said(own)
    if said.status is not TrackingStatus.UNKNOWN:
        return _update(own, number, carrier, said)
    return replace(common, tracking_number=number, carrier=handed_to(number, carrier) or carrier)


def _shares(mail: Labelled, found: Sequence[Numbered]) -> list[tuple[str, ...]]:
    """The lines that speak of each parcel: those from its number to the next, or those from a status above it."""
    lines, places = mail.lines, [one.line for one in found]
    known = [place for place in places if place is not None]
    if len(set(known)) < len(known):
        return [_in_one_line(lines, one) for one in found]
    if len(known) < 2:
        return [()] * len(found)
    width = max(right - left for left, right in pairwise(known))
    ends = dict(zip(known, (*known[1:], min(known[-1] + width, len(mail.body))), strict=True))
    first = _above(mail, known[0])
    last_tells = any(_tells(mail, at) for at in range(known[-1], ends[known[-1]]))
    if last_tells or first is None or known[0] - first > width:
        return [() if place is None else lines[place : ends[place]] for place in places]
    shares: list[tuple[str, ...]] = []
    for place in places:
        head = _above(mail, place) if place is not None else None
        if place is None or head is None:
            shares.append(())
            continue
        end = next((at for at in range(place + 1, ends[place]) if _tells(mail, at)), ends[place])
        shares.append((lines[head], *lines[max(head + 1, place - width) : end]))
    return shares


def _in_one_line(lines: Sequence[str], one: Numbered) -> tuple[str, ...]:
    """The sentences of a line with several numbers that speak of this one."""
    if one.line is None:
        return ()
    return tuple(part for part in parted(lines[one.line]) if one.number in normalise(part))


def _tells(mail: Labelled, at: int) -> bool:
    return len(mail.lines[at]) <= _TELLS and told(mail, mail.lines[at]) is not None


def _above(mail: Labelled, place: int) -> int | None:
    """The nearest line above that tells a status."""
    return next((at for at in range(place - 1, max(-1, place - _FAR), -1) if _tells(mail, at)), None)
