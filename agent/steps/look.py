"""Visit the carriers whose parcels are due, and log what they say. A look that failed is logged as such.

Several carriers are visited at once, the parcels of one after each other; only this thread writes.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pydantic import TypeAdapter
from sqlalchemy import Connection

from agent.looking.due import NextLook, Pace, planned
from agent.looking.told import told
from agent.looking.whom import Asked, context_of, is_anothers, shape, whom
from agent.orders.order import Order, Shipment
from agent.store import Store
from agent.store.log import Entry, append, load_order
from agent.store.looks import (
    LookRow,
    Snapshot,
    answered,
    carrier_states_kept,
    due_parcels,
    keep_look,
    looks_of,
    outcomes_since,
    plan_look,
    remember_answer,
    save_carrier_state,
)
from agent.vocabulary.carriers import related
from agent.vocabulary.status import LookOutcome, TrackingStatus
from scrapers.carriers import CannotLoad
from scrapers.look import Evidence, Look, Looker
from scrapers.manners import CarrierState, Visited, after, soonest

log = logging.getLogger("orderwatch")

_STATE = TypeAdapter(CarrierState)
_DAY = timedelta(days=1)
_PLANNED_AT_ONCE = 2000
"""Parcels whose next look is thought about in one round."""


@dataclass(frozen=True, kw_only=True)
class LookPlan:
    """Which parcels are looked at, and how long the mailbox may wait for it."""

    enabled: bool = True
    pace: Pace = field(default_factory=Pace)
    at_once: int = 4
    """Carriers visited side by side."""
    within: timedelta = timedelta(minutes=4)
    """After this long no look is begun in this round; what is left is due in the next one."""
    every_carrier: bool = False
    """Also those that are otherwise "open this link yourself" (`connect_to`)."""
    by_key: frozenset[str] = frozenset()
    """Carriers that an API answers for, to a key of the seller's: also while their page is left alone."""


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


@dataclass(frozen=True, kw_only=True)
class _Visit:
    """A look that is due."""

    order_id: str
    number: str
    carrier: str
    postcode: str | None


@dataclass
class _Round:
    """What is to be visited: each carrier's visits, those that waited longest first."""

    queues: dict[str, deque[_Visit]] = field(default_factory=lambda: defaultdict(deque))
    under_way: dict[Future[Look], _Visit] = field(default_factory=dict)

    def next(self) -> _Visit | None:
        """A visit to a carrier that nobody visits just now."""
        busy = {visit.carrier for visit in self.under_way.values()}
        for carrier, queue in self.queues.items():
            if queue and carrier not in busy:
                self.queues[carrier] = self.queues.pop(carrier)  # the others' turn comes first
                return queue.popleft()
        return None


def kept_states(connection: Connection) -> dict[str, CarrierState]:
    """What must be remembered of each carrier between looks."""
    return {carrier: _STATE.validate_json(text) for carrier, text in carrier_states_kept(connection).items()}


def look(
    store: Store,
    looker: Callable[[], Looker],
    plan: LookPlan,
    now: datetime,
    clock: Callable[[], float] = time.monotonic,
) -> Looked:
    """One look at each due parcel. `looker` is called when the first look is really due: browsers are not cheap."""
    if not plan.enabled:
        return Looked()
    until = clock() + plan.within.total_seconds()
    counts: Counter[str] = Counter()
    with store.begin() as connection:
        states = kept_states(connection)
        queues = _due(connection, states, plan, now)
    if not queues:
        return Looked()
    todo, visitor = _Round(queues), looker()
    begun: set[tuple[str, str]] = set()
    with ThreadPoolExecutor(plan.at_once, thread_name_prefix="look") as pool:
        while True:
            while len(todo.under_way) < plan.at_once and clock() < until and (visit := todo.next()) is not None:
                begun.add((visit.number, visit.carrier))
                todo.under_way[pool.submit(_visited, visitor, visit, now)] = visit
            if not todo.under_way:
                with store.begin() as connection:  # a look may have named the next carrier, whose turn is now
                    todo.queues = _due(connection, states, plan, now, begun)
                if not todo.queues or clock() >= until:
                    break
            done, _ = wait(todo.under_way, return_when=FIRST_COMPLETED)
            for one in done:
                visit, seen = todo.under_way.pop(one), one.result()
                counts[seen.outcome.value] += 1
                states[seen.carrier] = _keep(store, visit, seen, states.get(seen.carrier), plan, now)
                if seen.outcome is LookOutcome.BLOCKED and not plan.pace.hurried:
                    todo.queues.pop(visit.carrier, None)  # a stop sign is for all its parcels
    return Looked(outcomes=tuple(sorted(counts.items())))


def _visited(visitor: Looker, visit: _Visit, now: datetime) -> Look:
    """One look. Whatever breaks in it is this parcel's trouble: the others, and the day's judging, go on."""
    try:
        return visitor.look(visit.number, visit.carrier, visit.postcode, now)
    except CannotLoad:
        raise  # concerns every look, and its message names the file to mend
    except Exception as broken:
        log.exception("the look at %s for %s broke, please report it", visit.number, visit.carrier)
        why = f"the look itself broke: {type(broken).__name__}: {broken}"[:200]
        return Look(
            carrier=visit.carrier,
            tracking_number=visit.number,
            at=now,
            outcome=LookOutcome.UNREACHABLE,
            outcome_reason=why,
        )


# --- what is due -------------------------------------------------------------------------------------------------


def _due(
    connection: Connection,
    states: Mapping[str, CarrierState],
    plan: LookPlan,
    now: datetime,
    begun: Collection[tuple[str, str]] = (),
) -> dict[str, deque[_Visit]]:
    """The visits that are due, by carrier; a parcel that proves not to be is planned anew.

    `begun`: numbers and carriers whose turn was in this round.
    """
    queues: dict[str, deque[_Visit]] = defaultdict(deque)
    today = {carrier: sum(counts.values()) for carrier, counts in outcomes_since(connection, now - _DAY).items()}
    for parcel in due_parcels(connection, now, _PLANNED_AT_ONCE):
        order, number = load_order(connection, parcel.order_id), parcel.tracking_number
        coming = next_visit(connection, order, number, states, plan, now)
        if order is None or coming is None or coming[1].at > now:
            plan_look(connection, number, coming[1].at if coming else None)
            continue
        carrier = coming[0]
        if (number, carrier) in begun:
            continue
        if plan.pace.hurried or len(queues[carrier]) + today.get(carrier, 0) < plan.pace.budget.a_day:
            postcode = order.ship_to.postcode if order.ship_to else None
            queues[carrier].append(_Visit(order_id=order.order_id, number=number, carrier=carrier, postcode=postcode))
    return {carrier: queue for carrier, queue in queues.items() if queue}


def coming_looks(
    connection: Connection, order: Order, plan: LookPlan, now: datetime
) -> dict[str, tuple[str, NextLook]]:
    """Of each number of an order's parcels that is looked at again: whom, when and why."""
    states = kept_states(connection)
    numbers = [number for parcel in order.shipments for number in parcel.numbers] if plan.enabled else []
    found = {number: next_visit(connection, order, number, states, plan, now) for number in numbers}
    return {number: coming for number, coming in found.items() if coming is not None}


def next_visit(
    connection: Connection,
    order: Order | None,
    number: str,
    states: Mapping[str, CarrierState],
    plan: LookPlan,
    now: datetime,
) -> tuple[str, NextLook] | None:
    """Which carrier to ask next about a number of an order, when and why; None: nobody, never again without news."""
    shipment = _shipment(order, number)
    if order is None or shipment is None or _has_passed(shipment, number):
        return None
    history = looks_of(connection, number)
    asked = [Asked(row.carrier, row.outcome, row.outcome_reason) for row in history]
    declared = _declared(shipment, number)
    context = context_of(order, declared, answered(connection, shape(number)))
    every = plan.every_carrier and not shipment.ended  # whose page is opened by hand is not asked to confirm an end
    chosen = whom(number, context, asked, every=every, by_key=plan.by_key)
    if chosen is None:
        return None
    visits = [Visited(row.at, row.outcome, row.status) for row in history]
    state = CarrierState() if chosen in plan.by_key else states.get(chosen, CarrierState())
    coming = planned(order, shipment, visits, state, now, plan.pace)
    if coming is not None and history and all(row.carrier != chosen for row in history):
        at, why = soonest(visits, now, CarrierState() if plan.pace.hurried else state, plan.pace.budget)
        coming = NextLook(at=at, why=why or "another carrier may know the number")
    return (chosen, coming) if coming is not None else None


def _shipment(order: Order | None, number: str) -> Shipment | None:
    return next((one for one in order.shipments if number in one.numbers), None) if order else None


def _has_passed(shipment: Shipment, number: str) -> bool:
    """Whether a later carrier has the parcel: the ones before it have no more to tell."""
    later = shipment.legs[shipment.numbers.index(number) + 1 :]
    return any(leg.last_scan_at is not None for leg in later)


def _declared(shipment: Shipment, number: str) -> str | None:
    """Who carries it under this number, as a mail, the label or an earlier page says."""
    return next((leg.carrier for leg in shipment.legs if leg.tracking_number == number), shipment.carrier)


# --- what was seen -----------------------------------------------------------------------------------------------


def _keep(
    store: Store, visit: _Visit, seen: Look, state: CarrierState | None, plan: LookPlan, now: datetime
) -> CarrierState:
    """One transaction: the look, its evidence, its events, when to look next; what to remember of the carrier."""
    left, page = state or CarrierState(), seen.of_page
    if page is not None:
        left = after(left, page.outcome, page.outcome_reason, now, plan.pace.budget, page.retry_after)
    look_id = hashlib.sha256(f"{seen.carrier} {seen.tracking_number} {now.isoformat()}".encode()).hexdigest()[:16]
    with store.begin() as connection:
        order = load_order(connection, visit.order_id)
        shipment = _shipment(order, visit.number)
        declared = _declared(shipment, visit.number) if shipment else None
        if order and is_anothers(seen, order) and not (declared and related(declared, seen.carrier)):
            why = "it shows another parcel: its scans end before the sale"
            seen = replace(seen, outcome=LookOutcome.NOT_FOUND, outcome_reason=why, tracked=None)
        row = LookRow(
            id=look_id,
            carrier=seen.carrier,
            tracking_number=seen.tracking_number,
            at=now,
            outcome=seen.outcome,
            outcome_reason=seen.outcome_reason,
            status=seen.tracked.status if seen.tracked else TrackingStatus.UNKNOWN,
        )
        keep_look(connection, row, _snapshot(seen.evidence) if seen.evidence else None, _shows(seen))
        append(connection, [Entry(id=one, event=event) for one, event in told(seen, look_id, now)], now)
        save_carrier_state(connection, seen.carrier, _STATE.dump_json(left).decode())
        if seen.outcome is LookOutcome.READ:
            remember_answer(connection, shape(seen.tracking_number), seen.carrier)
        order = load_order(connection, visit.order_id)
        coming = next_visit(connection, order, seen.tracking_number, {seen.carrier: left}, plan, now)
        plan_look(connection, seen.tracking_number, coming[1].at if coming else None)
    return left


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
        headers=evidence.headers,
    )
