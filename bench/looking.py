"""Looks per parcel, and hours from a scan until we know of it, beside uniform polling every six hours.

Ways of parcels are replayed against the policy that the daemon uses (`agent.looking`), with the real fold and judges.

python -m bench.looking [how many made ways] [seed]
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median, quantiles
from zlib import crc32

from agent.looking.due import Pace, planned
from agent.orders.fold import Logged, fold
from agent.vocabulary.events import AnyEvent, LabelBought, OrderSold, ParcelLooked, TrackingUpdate
from agent.vocabulary.status import LookOutcome, TrackingStatus
from agent.vocabulary.values import Address, Place, Window
from bench.journeys import Happened, Journey, made, recorded
from scrapers.manners import CarrierState, Visited

S = TrackingStatus
KINDS = {
    "exception": {S.EXCEPTION},
    "attempted": {S.DELIVERY_ATTEMPTED},
    "pick-up": {S.AVAILABLE_FOR_PICKUP},
    "delivered": {S.DELIVERED},
    "return": {S.RETURNING, S.RETURNED},
}
"""The events that matter."""
_ENDED = {S.DELIVERED, S.RETURNED}
_HORIZON = timedelta(days=45)
"""How long a parcel that never arrives is followed here."""
SIX_HOURS = timedelta(hours=6)


@dataclass
class Replayed:
    """What following some parcels took and gave."""

    looks: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """By kind of way."""
    hours: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """From scan to knowing, by kind of event."""

    def add(self, journey: Journey, looks: list[datetime]) -> None:
        self.looks[journey.kind].append(len(looks))
        for name, statuses in KINDS.items():
            for status in sorted(statuses):
                first = next((row for row in journey.happened if row.status is status), None)
                if first is not None and (known := _known_at(first, looks)) is not None:
                    self.hours[name].append((known - first.at) / timedelta(hours=1))

    @property
    def all_looks(self) -> list[int]:
        return [count for counts in self.looks.values() for count in counts]


def replay(journeys: Iterable[Journey], follow: Callable[[Journey], list[datetime]]) -> Replayed:
    found = Replayed()
    for journey in journeys:
        found.add(journey, follow(journey))
    return found


def uniform(journey: Journey) -> list[datetime]:
    """Every six hours until the page shows an end."""
    phase = crc32(journey.number.encode()) % 360 / 360 * SIX_HOURS
    looks = [journey.known_at + phase]
    while not any(row.status in _ENDED and row.shown_at <= looks[-1] for row in journey.happened):
        if looks[-1] > _end(journey):
            break
        looks.append(looks[-1] + SIX_HOURS)
    return looks


def policy(journey: Journey) -> list[datetime]:
    """The looks that the daemon would have made."""
    log: list[Logged] = [_logged("sold", _sale(journey)), _logged("label", _label(journey))]
    mails = sorted((row.mail_at, place) for place, row in enumerate(journey.happened) if row.mail_at)
    visits: list[Visited] = []
    now = journey.known_at
    while now <= _end(journey):
        order = fold("01-11111-11111", log)
        coming = planned(order, order.shipments[0], visits, CarrierState(), now, Pace())
        at = max(coming.at, now) if coming else None
        if mails and (at is None or mails[0][0] <= at):
            now, place = mails.pop(0)
            log.append(_logged(f"mail {place}", _mail(journey, journey.happened[place], now)))
        elif at is None:
            break
        else:
            now = at
            shown = [row for row in journey.happened if row.shown_at <= now]
            log += _look(journey, shown, now)
            visits.append(Visited(now, LookOutcome.READ, _newest(shown).status if shown else S.UNKNOWN))
    return [seen.at for seen in visits]


def _known_at(row: Happened, looks: list[datetime]) -> datetime | None:
    seen = next((at for at in looks if at >= row.shown_at), None)
    return min((at for at in (seen, row.mail_at) if at is not None), default=None)


def _end(journey: Journey) -> datetime:
    """Some time after its end; where none is told, a page's own last row, or the horizon."""
    last = journey.happened[-1]
    if last.status in _ENDED or journey.kind == "recorded":
        return last.at + timedelta(days=1)
    return max(journey.known_at + _HORIZON, last.at)


def _newest(shown: list[Happened]) -> Happened:
    return max(shown, key=lambda row: row.at)


def _logged(name: str, event: AnyEvent) -> Logged:
    return Logged(id=name, event=event)


def _sale(journey: Journey) -> OrderSold:
    return OrderSold(
        occurred_at=journey.sold_at,
        seen_at=journey.sold_at,
        source="mail:sold",
        site=journey.site,
        ship_to=Address(country=journey.destination),
        ship_by=(journey.sold_at + timedelta(days=2)).date(),
        estimated_delivery=Window(*journey.estimate) if journey.estimate else None,
    )


def _label(journey: Journey) -> LabelBought:
    return LabelBought(
        occurred_at=journey.known_at,
        seen_at=journey.known_at,
        source="mail:label",
        tracking_number=journey.number,
        carrier=journey.carrier,
    )


def _mail(journey: Journey, row: Happened, now: datetime) -> TrackingUpdate:
    return TrackingUpdate(
        occurred_at=row.at,
        seen_at=now,
        source=f"mail:{now.isoformat()}",
        tracking_number=journey.number,
        carrier=journey.carrier,
        status=row.status,
        reason=row.reason,
    )


def _look(journey: Journey, shown: list[Happened], now: datetime) -> list[Logged]:
    source = f"look:{now.isoformat()}"
    outcome = LookOutcome.READ if shown else LookOutcome.NOT_FOUND
    newest = _newest(shown) if shown else None
    forecast = journey.forecast if newest and newest.status is not S.INFO_RECEIVED else None
    headline = ParcelLooked(
        occurred_at=now,
        seen_at=now,
        source=source,
        tracking_number=journey.number,
        carrier=journey.carrier,
        outcome=outcome,
        status=newest.status if newest else S.UNKNOWN,
        reason=newest.reason if newest else None,
        estimated_delivery=Window(forecast, forecast) if forecast else None,
    )
    rows = [
        TrackingUpdate(
            occurred_at=row.at,
            seen_at=now,
            source=source,
            tracking_number=journey.number,
            carrier=journey.carrier,
            status=row.status,
            reason=row.reason,
            location=Place(country=row.country) if row.country else None,
        )
        for row in shown
    ]
    return [_logged(source, headline), *(_logged(f"row {row.occurred_at}", row) for row in rows)]


def table(name: str, ours: Replayed, theirs: Replayed) -> str:
    """The figures of both, beside each other."""
    share = sum(ours.all_looks) / max(1, sum(theirs.all_looks))
    lines = [f"{name}: {len(ours.all_looks)} parcels", f"{'':26}{'policy':>16}{'every 6 hours':>16}"]
    for kind in sorted(theirs.looks):
        mine, its = (sum(one.looks[kind]) / len(one.looks[kind]) for one in (ours, theirs))
        lines.append(f"{f'looks, {kind} ({len(ours.looks[kind])})':26}{mine:16.1f}{its:16.1f}{mine / its:9.0%}")
    lines.append(f"{'looks of all':26}{sum(ours.all_looks):16}{sum(theirs.all_looks):16}{share:9.0%}")
    for kind in KINDS:
        if len(theirs.hours[kind]) > 1:
            said = [f"{median(one.hours[kind]):5.1f} · {_p90(one.hours[kind]):5.1f}" for one in (ours, theirs)]
            lines.append(f"{f'{kind} ({len(theirs.hours[kind])}), hours':26}{said[0]:>16}{said[1]:>16}")
    return "\n".join(lines) + "\n"


def _p90(hours: list[float]) -> float:
    return quantiles(hours, n=10)[-1]


def main(count: int = 400, seed: int = 20261123) -> None:
    print("Looks per parcel; median and 90th percentile of the hours from a scan until it is known.\n")
    for name, journeys in (("Recorded", list(recorded(seed))), ("Made", list(made(count, seed)))):
        print(table(name, replay(journeys, policy), replay(journeys, uniform)))


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:3]))
