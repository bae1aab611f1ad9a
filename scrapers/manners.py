"""How often a carrier may be asked, as pure functions over values; the store keeps the values, `looker` sleeps.

Figures of ours, not of the carriers: a person would not open the page more often either.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.robotparser import RobotFileParser

from agent.vocabulary.status import LookOutcome, TrackingStatus

AGENT = "orderwatch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Limits for one carrier."""

    looks_a_day: int = 4
    """Per number, on average over a day."""
    apart: timedelta = timedelta(hours=1)
    """Between two looks at one number."""
    pause: timedelta = timedelta(seconds=10)
    """Between two requests to one host."""
    jitter: timedelta = timedelta(seconds=5)
    rest: timedelta = timedelta(days=1)
    """After a block: no look at that carrier at all."""


BUDGET = Budget()


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierState:
    """What must be remembered of one carrier between looks. Times are aware."""

    blocked_until: datetime | None = None
    blocked_why: str | None = None
    last_request_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Visited:
    """One earlier look at one number."""

    at: datetime
    outcome: LookOutcome
    status: TrackingStatus = TrackingStatus.UNKNOWN


_FINAL = {TrackingStatus.DELIVERED, TrackingStatus.RETURNED}


def may_look(
    history: Sequence[Visited], now: datetime, state: CarrierState | None = None, budget: Budget = BUDGET
) -> bool:
    """Whether a number may be looked at now; `history` is of that number, in any order."""
    due = next_look_at(history, now, state, budget)
    return due is not None and due <= now


def next_look_at(
    history: Sequence[Visited], now: datetime, state: CarrierState | None = None, budget: Budget = BUDGET
) -> datetime | None:
    """When a number may be looked at next; None where nothing more is to be learnt of it."""
    if any(seen.outcome is LookOutcome.READ and seen.status in _FINAL for seen in history):
        return None
    due = now
    times = sorted(seen.at for seen in history)
    if times:
        due = max(due, times[-1] + budget.apart)
    if len(times) >= budget.looks_a_day:
        due = max(due, times[-budget.looks_a_day] + timedelta(days=1))
    failures = _failures_at_the_end(history)
    if failures > 1 and times:
        due = max(due, times[-1] + min(budget.apart * 2 ** (failures - 1), timedelta(days=1)))
    if state is not None and state.blocked_until is not None:
        due = max(due, state.blocked_until)
    return due


def _failures_at_the_end(history: Sequence[Visited]) -> int:
    count = 0
    for seen in sorted(history, key=lambda visited: visited.at, reverse=True):
        if seen.outcome in {LookOutcome.READ, LookOutcome.NOT_FOUND}:
            break
        count += 1
    return count


def pause_before(state: CarrierState, now: datetime, budget: Budget = BUDGET, chance: float | None = None) -> timedelta:
    """How long to wait before the next request to the carrier; `chance` in 0..1 stands for the jitter in tests."""
    if state.last_request_at is None:
        return timedelta(0)
    part = random.random() if chance is None else chance
    due = state.last_request_at + budget.pause + budget.jitter * part
    return max(timedelta(0), due - now)


def after(
    state: CarrierState, outcome: LookOutcome, reason: str | None, now: datetime, budget: Budget = BUDGET
) -> CarrierState:
    """The carrier's state after a look."""
    if outcome is LookOutcome.BLOCKED:
        return CarrierState(blocked_until=now + budget.rest, blocked_why=reason, last_request_at=now)
    return replace(state, blocked_until=None, blocked_why=None, last_request_at=now)


def rests(state: CarrierState, now: datetime) -> bool:
    """Whether the carrier refused us lately and must be left alone."""
    return state.blocked_until is not None and now < state.blocked_until


def robots_allow(text: str, url: str) -> bool:
    """Whether a robots.txt lets us fetch an address (RFC 9309); text that is no robots.txt allows all."""
    parser = RobotFileParser()
    parser.parse(text.splitlines())
    return parser.can_fetch(AGENT, url)
