"""Visit the carriers whose parcels are due, and log what they say. A look that failed is logged as such."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pydantic import TypeAdapter
from sqlalchemy import Connection

from agent.orders.order import Order, Shipment
from agent.store import Store
from agent.store.log import Entry, append, load_order
from agent.store.looks import (
    DueParcel,
    LookRow,
    Snapshot,
    carrier_state,
    carrier_states_kept,
    due_parcels,
    keep_look,
    looks_of,
    plan_look,
    save_carrier_state,
)
from agent.vocabulary.carriers import carrier as find_carrier
from agent.vocabulary.carriers import related
from agent.vocabulary.events import ParcelLooked, TrackingUpdate
from agent.vocabulary.numbers import candidates
from agent.vocabulary.status import LookOutcome, TrackingStatus
from scrapers.look import Evidence, Look, Looker, Scan
from scrapers.manners import CarrierState, Visited, after, next_look_at

FORGOTTEN_AFTER = timedelta(days=120)
"""A parcel that told nothing for so long is not looked at any more; carriers drop their own records about then."""
ENDED = (TrackingStatus.DELIVERED, TrackingStatus.RETURNED)
TEMPO = {
    TrackingStatus.OUT_FOR_DELIVERY: 0.5,
    TrackingStatus.DELIVERY_ATTEMPTED: 1.0,
    TrackingStatus.INFO_RECEIVED: 2.0,
}
"""How much of the usual pause to wait, by what the parcel is about to do."""
_STATE = TypeAdapter(CarrierState)


@dataclass(frozen=True, kw_only=True)
class LookPlan:
    """Which parcels are looked at."""

    enabled: bool = True
    every: timedelta = timedelta(hours=6)
    """The usual pause between two looks at one parcel."""
    at_most: int = 25
    """Looks in one round: carriers are asked slowly, and the mailbox must not wait for all of them."""
    every_carrier: bool = False
    """Also those that are otherwise "open this link yourself" (`connect_to`)."""
    unhurried: bool = True
    """False: no resting of carriers that refused (`connect_to`)."""


@dataclass(frozen=True, kw_only=True)
class Looked:
    """Outcome → number of looks in this round."""

    outcomes: tuple[tuple[str, int], ...] = ()

    @property
    def looks(self) -> int:
        return sum(count for _, count in self.outcomes)

    @property
    def unreachable(self) -> int:
        return dict(self.outcomes).get(LookOutcome.UNREACHABLE.value, 0)


def kept_states(connection: Connection) -> dict[str, CarrierState]:
    """What must be remembered of each carrier between looks."""
    return {carrier: _STATE.validate_json(text) for carrier, text in carrier_states_kept(connection).items()}


def look(store: Store, looker: Callable[[], Looker], plan: LookPlan, now: datetime) -> Looked:
    """One look at each due parcel. `looker` is called when the first look is really due: browsers are not cheap."""
    counts: Counter[str] = Counter()
    if not plan.enabled:
        return Looked()
    with store.begin() as connection:
        parcels = due_parcels(connection, now, plan.at_most)
    for parcel in parcels:
        outcome = _look_at(store, parcel, looker, plan, now)
        if outcome is not None:
            counts[outcome.value] += 1
    return Looked(outcomes=tuple(sorted(counts.items())))


def _look_at(
    store: Store, parcel: DueParcel, looker: Callable[[], Looker], plan: LookPlan, now: datetime
) -> LookOutcome | None:
    with store.begin() as connection:
        order = load_order(connection, parcel.order_id)
        history = looks_of(connection, parcel.tracking_number)
    shipment = _shipment(order, parcel.tracking_number)
    carrier_id = carrier_to_ask(parcel.tracking_number, parcel.carrier, plan)
    if order is None or shipment is None or carrier_id is None or _is_over(shipment, carrier_id, now):
        with store.begin() as connection:
            plan_look(connection, parcel.tracking_number, None)
        return None
    with store.begin() as connection:
        kept = carrier_state(connection, carrier_id)
    state = _STATE.validate_json(kept) if kept and plan.unhurried else CarrierState()
    allowed = next_look_at(_visits(history, shipment), now, state)
    if allowed is None or allowed > now:
        with store.begin() as connection:
            plan_look(connection, parcel.tracking_number, allowed)
        return None
    postcode = order.ship_to.postcode if order.ship_to else None
    seen = looker().look(parcel.tracking_number, carrier_id, postcode, now)
    _keep(store, seen, parcel.order_id, after(state, seen.outcome, seen.outcome_reason, now), plan.every, now)
    return seen.outcome


def _visits(history: Sequence[LookRow], shipment: Shipment | None) -> list[Visited]:
    """What was seen of a parcel; a page's "delivered" ends nothing where later news has undone it."""
    undone = shipment is not None and not shipment.ended and shipment.status is not TrackingStatus.UNKNOWN
    return [Visited(row.at, row.outcome, TrackingStatus.UNKNOWN if undone else row.status) for row in history]


def _shipment(order: Order | None, number: str) -> Shipment | None:
    return next((one for one in order.shipments if one.tracking_number == number), None) if order else None


def carrier_to_ask(number: str, declared: str | None, plan: LookPlan) -> str | None:
    """Whom to ask: the declared carrier, else the one that shape and check digit of the number tell; None: nobody."""
    ranked = candidates(number, declared)
    if declared is None:
        chosen = ranked[0].carrier if ranked else None
    else:
        chosen = next((one.carrier for one in ranked if related(one.carrier, declared)), declared)
    owner = find_carrier(chosen) if chosen else None
    if owner is None or not (owner.looked or (plan.every_carrier and owner.page)):
        return None
    return owner.id


def _is_over(shipment: Shipment, carrier_id: str, now: datetime) -> bool:
    """Nothing more to learn: silent for months, or ended, and by a carrier whose page would not confirm it."""
    owner = find_carrier(carrier_id)
    if shipment.status in ENDED and not (owner and owner.looked):
        return True
    last = max(filter(None, (shipment.last_scan_at, shipment.known_since)), default=now)
    return now - last > FORGOTTEN_AFTER


def _keep(store: Store, seen: Look, order_id: str, state: CarrierState, every: timedelta, now: datetime) -> None:
    """One transaction: the look, its evidence, its events, and when to look next."""
    look_id = hashlib.sha256(f"{seen.carrier} {seen.tracking_number} {now.isoformat()}".encode()).hexdigest()[:16]
    status = seen.tracked.status if seen.tracked else TrackingStatus.UNKNOWN
    row = LookRow(
        id=look_id,
        carrier=seen.carrier,
        tracking_number=seen.tracking_number,
        at=now,
        outcome=seen.outcome,
        outcome_reason=seen.outcome_reason,
        status=status,
    )
    with store.begin() as connection:
        keep_look(connection, row, _snapshot(seen.evidence) if seen.evidence else None, _shows(seen))
        append(connection, _entries(seen, look_id, now), now)
        save_carrier_state(connection, seen.carrier, _STATE.dump_json(state).decode())
        shipment = _shipment(load_order(connection, order_id), seen.tracking_number)
        allowed = next_look_at(_visits(looks_of(connection, seen.tracking_number), shipment), now, state)
        if status is TrackingStatus.UNKNOWN and shipment is not None:
            status = shipment.status
        wished = now + every * TEMPO.get(status, 1.0)
        plan_look(connection, seen.tracking_number, max(allowed, wished) if allowed else None)


def _shows(seen: Look) -> str:
    """What a look says, in a form that is equal where nothing changed."""
    return repr(seen.tracked) if seen.tracked else f"{seen.outcome} {seen.outcome_reason}"


def _snapshot(evidence: Evidence) -> Snapshot:
    return Snapshot(
        url=evidence.url,
        at=evidence.at,
        text=evidence.text,
        body=evidence.body,
        sha256=evidence.sha256,
        media_type=evidence.media_type,
        screenshot=evidence.screenshot,
    )


def _entries(seen: Look, look_id: str, now: datetime) -> list[Entry]:
    source = f"look:{look_id}"
    headline = ParcelLooked(
        occurred_at=now,
        seen_at=now,
        source=source,
        tracking_number=seen.tracking_number,
        carrier=seen.carrier,
        outcome=seen.outcome,
        outcome_reason=seen.outcome_reason,
    )
    if seen.tracked is None:
        return [Entry(id=source, event=headline)]
    tracked = seen.tracked
    headline = replace(
        headline, status=tracked.status, reason=tracked.reason, estimated_delivery=tracked.estimated_delivery
    )
    rows = [_row(scan, seen, source, now) for scan in tracked.scans]
    return [Entry(id=source, event=headline), *rows]


def _row(scan: Scan, seen: Look, source: str, now: datetime) -> Entry:
    """A row of the page; its identity is what it says, so that the next look at the same history adds nothing."""
    event = TrackingUpdate(
        occurred_at=scan.occurred_at,
        seen_at=now,
        source=source,
        tracking_number=seen.tracking_number,
        carrier=seen.carrier,
        status=scan.status,
        reason=scan.reason,
        location=scan.place,
        description=scan.description,
    )
    said = "\x1f".join(
        (
            seen.carrier,
            seen.tracking_number,
            scan.raw_time or str(scan.occurred_at),
            scan.location or "",
            scan.description,
        )
    )
    return Entry(id=f"scan {hashlib.sha256(said.encode()).hexdigest()}", event=event)
