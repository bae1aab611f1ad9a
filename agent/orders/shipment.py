"""One parcel, folded from what mails and looks said of it. Pure.

A status never silently goes back: a late pre-advice changes nothing, words that nobody classified change nothing, and
`delivered` is undone only by a return or by a physical scan that happened later. Where one carrier handed the parcel
over to another, what both say is one history; that it moves, only the one who has it can say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from agent.orders.collect_by import collect_by
from agent.orders.order import LastLook, Leg, PageRead, Shipment, Stray
from agent.vocabulary.carriers import carrier as find_carrier
from agent.vocabulary.events import Event, LabelBought, ParcelLooked, TrackingUpdate
from agent.vocabulary.status import LookOutcome, Reason, TrackingStatus
from agent.vocabulary.values import Window, end_of, instant

Said = LabelBought | TrackingUpdate | ParcelLooked
LOOKED = (LookOutcome.READ, LookOutcome.NOT_FOUND)
"""Outcomes in which the carrier answered about this parcel."""
_NOT_PHYSICAL = (TrackingStatus.INFO_RECEIVED, TrackingStatus.UNKNOWN)
_RETURN = (TrackingStatus.RETURNING, TrackingStatus.RETURNED)
_MOVES = (TrackingStatus.INFO_RECEIVED, TrackingStatus.IN_TRANSIT)
"""What a carrier that handed a parcel over goes on printing, and cannot know."""


@dataclass(frozen=True, slots=True)
class Part:
    """What was said under one number; `said` is oldest first."""

    number: str
    said: Sequence[Said]
    carrier: str | None = None
    """Who carries it, as whoever handed it over says."""
    named_by: str = ""


@dataclass(frozen=True, slots=True)
class _Statement:
    """Something said about where the parcel was at a time."""

    at: datetime
    status: TrackingStatus
    reason: Reason | None
    source: str
    scanned: bool = True
    """Whether a dated scan stands behind it; without one it cannot contradict a delivery."""


class _Told:
    """One leg's events by kind, with the clock that they are read by."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.carrier = _carrier(part.said) or part.carrier
        self.zone = _zone(self.carrier)
        self.rows = [event for event in part.said if isinstance(event, TrackingUpdate)]
        self.looks = [event for event in part.said if isinstance(event, ParcelLooked)]
        self.labels = [event for event in part.said if isinstance(event, LabelBought)]
        # A row without a date is history too, but nobody knows when: it is no sign of life.
        dated = [row for row in self.rows if row.occurred_at is not None]
        self.scans = [row for row in dated if row.status is not TrackingStatus.INFO_RECEIVED]
        self.physical = [row for row in self.scans if row.status not in _NOT_PHYSICAL]
        self.mails = [row for row in self.rows if not of_page(row)]

    def at(self, event: Event) -> datetime:
        moment = event.occurred_at or event.seen_at
        return instant(moment, self.zone) if moment else datetime.min.replace(tzinfo=UTC)

    @property
    def first_scan_at(self) -> datetime | None:
        return min((self.at(row) for row in self.physical), default=None)

    @property
    def posted_at(self) -> datetime | None:
        """The first scan where it says that the parcel was taken in, or where a page's history begins with it."""
        first = min(self.physical, key=self.at, default=None)
        if first is None or first.status is not TrackingStatus.IN_TRANSIT:
            return None
        return self.at(first) if of_page(first) or first.reason is Reason.ACCEPTED else None

    @property
    def last_scan_at(self) -> datetime | None:
        return max((self.at(row) for row in self.scans), default=None)

    @property
    def collect_by(self) -> datetime | None:
        waiting = [row for row in self.scans if row.status is TrackingStatus.AVAILABLE_FOR_PICKUP]
        days = (collect_by(row.description, self.at(row).astimezone(self.zone).date()) for row in waiting)
        return max((end_of(day, self.zone) for day in days if day), default=None)

    @property
    def last_good_look_at(self) -> datetime | None:
        return max((self.at(look) for look in self.looks if look.outcome in LOOKED), default=None)

    @property
    def last_look(self) -> LastLook | None:
        if not self.looks:
            return None
        last = self.looks[-1]
        return LastLook(at=self.at(last), outcome=last.outcome, outcome_reason=last.outcome_reason)

    @property
    def last_read(self) -> PageRead | None:
        read = next((look for look in reversed(self.looks) if look.outcome is LookOutcome.READ), None)
        if read is None:
            return None
        return PageRead(tracking_number=self.part.number, at=self.at(read), status=read.status, source=read.source)

    @property
    def failing_since(self) -> datetime | None:
        since = None
        for look in self.looks:
            since = None if look.outcome in LOOKED else since or self.at(look)
        return since

    def statements(self, until: datetime | None = None) -> list[_Statement]:
        """What mails and pages' headlines say; of mere movement only what was `until` the next carrier had it."""
        found = [_Statement(self.at(row), row.status, row.reason, row.source) for row in self.mails]
        of_pages = [self.at(row) for row in self.physical if of_page(row)]
        found += [_headline(look, self.at(look), of_pages) for look in self.looks if look.outcome is LookOutcome.READ]
        return [said for said in found if until is None or said.at < until or said.status not in _MOVES]


def fold_shipment(
    number: str,
    said: Sequence[Said],
    onward: Sequence[Part] = (),
    strays: tuple[Stray, ...] = (),
    shared_with: tuple[str, ...] = (),
) -> Shipment:
    """The parcel as these events tell it; `onward` are the numbers that it goes on under, in their order."""
    legs = [_Told(part) for part in (Part(number, said), *onward)]
    status, reason, status_at = _settle(_in_time(legs))
    open_legs = legs[_furthest(legs) :]
    deliveries = [leg.at(row) for leg in legs for row in leg.physical if row.status is TrackingStatus.DELIVERED]
    timed = [(leg.at(event), event) for leg in legs for event in leg.part.said]
    rows = [(leg.at(row), row) for leg in legs for row in leg.rows]
    return Shipment(
        tracking_number=number,
        carrier=legs[0].carrier,
        status=status,
        reason=reason,
        known_since=_known_since(legs),
        first_scan_at=min((at for leg in legs if (at := leg.first_scan_at)), default=None),
        last_scan_at=max((at for leg in legs if (at := leg.last_scan_at)), default=None),
        delivered_at=(max(deliveries) if deliveries else status_at) if status is TrackingStatus.DELIVERED else None,
        estimated_delivery=next((window for leg in reversed(legs) if (window := _estimate(leg.part.said))), None),
        scans=tuple(
            row
            for _, row in sorted(rows, key=lambda one: (one[0], one[1].source, one[1].description or ""), reverse=True)
        ),
        last_look=_last_look(open_legs) or _last_look(legs),
        last_good_look_at=_all_answered(open_legs),
        failing_since=min((at for leg in open_legs if (at := leg.failing_since)), default=None),
        origins=tuple(
            dict.fromkeys(
                event.source for _, event in sorted(timed, key=lambda one: one[0], reverse=True) if event.source
            )
        ),
        last_read=next((read for leg in reversed(legs) if (read := leg.last_read)), None),
        destination=next(
            (look.destination for leg in reversed(legs) for look in reversed(leg.looks) if look.destination), None
        ),
        legs=tuple(_leg(leg) for leg in legs) if len(legs) > 1 else (),
        strays=strays,
        shared_with=shared_with,
        addressed_to=next((label.ship_to for label in reversed(legs[0].labels) if label.ship_to), None),
        uploaded_at=min((legs[0].at(label) for label in legs[0].labels), default=None),
        collect_by=max((until for leg in legs if (until := leg.collect_by)), default=None),
        posted_at=legs[0].posted_at,
    )


def scanned_at(scan: TrackingUpdate, parcel: Shipment) -> datetime | None:
    """When a row of a parcel's history was, a local clock read in the zone of the carrier that printed it."""
    owner = next((leg.carrier for leg in parcel.legs if leg.tracking_number == scan.tracking_number), parcel.carrier)
    return instant(scan.occurred_at, _zone(owner)) if scan.occurred_at else None


def of_page(row: TrackingUpdate) -> bool:
    """Rows of a page are history; the page's headline speaks for them."""
    return row.source.startswith("look:")


def _in_time(legs: Sequence[_Told]) -> list[_Statement]:
    """What all carriers say, oldest first."""
    found: list[tuple[datetime, int, str, _Statement]] = []
    for place, leg in enumerate(legs):
        taken_over = min((at for later in legs[place + 1 :] if (at := later.first_scan_at)), default=None)
        found += [(said.at, place, said.source, said) for said in leg.statements(taken_over)]
    return [said for *_, said in sorted(found, key=lambda one: one[:3])]


def _furthest(legs: Sequence[_Told]) -> int:
    """The last leg on which the parcel was scanned: the carriers before it have no more to tell."""
    return max((place for place, leg in enumerate(legs) if leg.physical), default=0)


def _last_look(legs: Sequence[_Told]) -> LastLook | None:
    """The newest look, one that failed before one that did not: what one carrier hides, nobody knows."""
    found = [(leg.failing_since is not None, look.at, look) for leg in legs if (look := leg.last_look)]
    return max(found, key=lambda one: one[:2])[2] if found else None


def _all_answered(legs: Sequence[_Told]) -> datetime | None:
    """Since when silence is known of: every carrier that may have the parcel has answered by then."""
    answers = [leg.last_good_look_at for leg in legs]
    known = [at for at in answers if at is not None]
    return min(known) if len(known) == len(answers) else None


def _leg(told: _Told) -> Leg:
    status, _, _ = _settle(sorted(told.statements(), key=lambda said: (said.at, said.source)))
    return Leg(
        tracking_number=told.part.number,
        carrier=told.carrier,
        status=status,
        last_scan_at=told.last_scan_at,
        last_look=told.last_look,
        named_by=told.part.named_by,
    )


def _known_since(legs: Sequence[_Told]) -> datetime | None:
    """A label ties a number to its order; without one, the first that mails or looks tell of it."""
    labels = [leg.at(event) for leg in legs for event in leg.labels]
    return min(labels or [leg.at(event) for leg in legs for event in (*leg.mails, *leg.looks)], default=None)


def _headline(look: ParcelLooked, looked_at: datetime, scans: Sequence[datetime]) -> _Statement:
    """A page speaks for the time of its newest scan, so that a mail about something later still counts."""
    newest = max((scan for scan in scans if scan <= looked_at), default=None)
    return _Statement(newest or looked_at, look.status, look.reason, look.source, scanned=newest is not None)


def _settle(statements: Iterable[_Statement]) -> tuple[TrackingStatus, Reason | None, datetime | None]:
    status, reason, since = TrackingStatus.UNKNOWN, None, None
    for said in statements:
        if said.status is TrackingStatus.UNKNOWN:
            continue
        if said.status is TrackingStatus.INFO_RECEIVED and status is not TrackingStatus.UNKNOWN:
            continue
        if status is TrackingStatus.DELIVERED and not _undoes(said, since):
            continue
        if status is TrackingStatus.RETURNED and said.status not in _RETURN:
            continue
        if said.status is not status:
            since = said.at
        status, reason = said.status, said.reason or (reason if said.status is status else None)
    return status, reason, since


def _undoes(said: _Statement, delivered_at: datetime | None) -> bool:
    if said.status is TrackingStatus.DELIVERED or said.status in _RETURN:
        return True
    return said.scanned and delivered_at is not None and said.at > delivered_at


def _carrier(said: Sequence[Said]) -> str | None:
    """Who carries it: a page that was read knows best, then the carrier's own mail, then what the label said."""
    for kind in (ParcelLooked, TrackingUpdate, LabelBought):
        for event in reversed(said):
            if isinstance(event, kind) and event.carrier:
                if isinstance(event, ParcelLooked) and event.outcome is not LookOutcome.READ:
                    continue
                return event.carrier
    return None


def _zone(carrier_id: str | None) -> tzinfo:
    owner = find_carrier(carrier_id) if carrier_id else None
    return owner.zone if owner else UTC


def _estimate(said: Sequence[Said]) -> Window | None:
    for event in reversed(said):
        if isinstance(event, TrackingUpdate | ParcelLooked) and event.estimated_delivery:
            return event.estimated_delivery
    return None
