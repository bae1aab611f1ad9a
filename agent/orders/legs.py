"""Which numbers are one parcel's: those under which one carrier after the other says that it goes on. Pure.

What a page or a mail names is a stranger's word: it joins no parcel twice, runs in no circle, and ends after a few.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from agent.orders.order import Stray
from agent.vocabulary.events import AnyEvent, LabelBought, ParcelLooked, TrackingUpdate
from agent.vocabulary.numbers import normalise
from agent.vocabulary.values import instant

MOST = 4
"""Legs of one parcel: first mile, border, last mile, and one to spare."""
_NOWHERE: Mapping[str, tuple[str, ...]] = {}


@dataclass(frozen=True, slots=True)
class Named:
    """A hand-over as it was told."""

    number: str
    carrier: str | None
    event: TrackingUpdate | ParcelLooked


@dataclass(frozen=True, slots=True)
class Way:
    """The numbers of one parcel, first to last, and who named each but the first."""

    first: str
    onward: tuple[Named, ...]
    strays: tuple[Stray, ...]

    @property
    def numbers(self) -> tuple[str, ...]:
        return (self.first, *(named.number for named in self.onward))


def ways(
    told: Sequence[AnyEvent], numbers: Sequence[str], elsewhere: Mapping[str, tuple[str, ...]] = _NOWHERE
) -> tuple[Way, ...]:
    """The parcels that travel under these numbers of an order, in that order, each with those it goes on under.

    A number that another one's carrier names is no parcel of its own; where two name each other, the one with a label
    is the first. A number that is `elsewhere`, another order's, is not followed.
    """
    named = _named(told)
    later = {one.number for number in numbers for one in named.get(number, ())}.difference(elsewhere)
    labelled = {event.tracking_number for event in told if isinstance(event, LabelBought)}
    taken: set[str] = set()
    found: list[Way] = []
    for number in sorted(numbers, key=lambda one: (one in later, one not in labelled)):
        if number not in taken:
            found.append(_way(number, named, taken, elsewhere))
    places = {number: place for place, number in enumerate(numbers)}
    return tuple(sorted(found, key=lambda way: min(places.get(number, len(places)) for number in way.numbers)))


def _named(told: Iterable[AnyEvent]) -> dict[str, list[Named]]:
    """Number → the numbers that its carrier says it goes on under, in the order in which they were told."""
    found: dict[str, list[Named]] = {}
    for event in told:
        if not isinstance(event, TrackingUpdate | ParcelLooked) or not event.onward_number:
            continue
        number = normalise(event.onward_number)
        if not number or number == event.tracking_number:  # handed over under the same number: nothing changes
            continue
        known = found.setdefault(event.tracking_number, [])
        if all(one.number != number for one in known):
            known.append(Named(number, event.onward_carrier, event))
    return found


def _way(first: str, named: dict[str, list[Named]], taken: set[str], elsewhere: Mapping[str, tuple[str, ...]]) -> Way:
    onward: list[Named] = []
    strays: list[Stray] = []
    mine = [first]
    taken.add(first)
    for number in mine:  # grows while it is walked
        for one in named.get(number, ()):
            if one.number in elsewhere:
                if order_ids := elsewhere[one.number]:
                    strays.append(_stray(one, "another_order", order_ids))
            elif one.number in mine:
                strays.append(_stray(one, "circle"))
            elif one.number in taken:
                strays.append(_stray(one, "another_parcel"))
            elif len(mine) == MOST:
                strays.append(_stray(one, "too_many"))
            else:
                mine.append(one.number)
                taken.add(one.number)
                onward.append(one)
    return Way(first, tuple(onward), tuple(strays))


def _stray(
    named: Named,
    why: Literal["another_order", "another_parcel", "circle", "too_many"],
    order_ids: tuple[str, ...] = (),
) -> Stray:
    event = named.event
    moment = event.seen_at or event.occurred_at
    at = instant(moment) if moment else datetime.min.replace(tzinfo=UTC)
    return Stray(tracking_number=named.number, why=why, source=event.source, at=at, order_ids=order_ids)
