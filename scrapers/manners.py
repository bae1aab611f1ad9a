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
    """Per number, on average over a week."""
    in_one_day: int = 6
    """Per number: the day on which it is delivered takes more than one at sea."""
    apart: timedelta = timedelta(hours=1)
    """Between two looks at one number."""
    pause: timedelta = timedelta(seconds=10)
    """Between two requests to one host."""
    jitter: timedelta = timedelta(seconds=5)
    rest: timedelta = timedelta(days=1)
    """After a block: no look at that carrier at all."""
    a_day: int = 200
    """Looks at one carrier, all numbers together."""


BUDGET = Budget()
_DAY = timedelta(days=1)
_LEAST_REST, _LONGEST_REST = timedelta(hours=1), timedelta(days=7)


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


def may_look(
    history: Sequence[Visited], now: datetime, state: CarrierState | None = None, budget: Budget = BUDGET
) -> bool:
    """Whether a number may be looked at now; `history` is of that number, in any order."""
    return soonest(history, now, state, budget)[0] <= now


def soonest(
    history: Sequence[Visited], now: datetime, state: CarrierState | None = None, budget: Budget = BUDGET
) -> tuple[datetime, str | None]:
    """From when on a number may be looked at, and what makes it wait that long, if anything does."""
    waits: list[tuple[datetime, str | None]] = [(now, None)]
    times = sorted(seen.at for seen in history)
    if times:
        waits.append((times[-1] + budget.apart, "it was looked at a moment ago"))
    for most, span, named in ((budget.in_one_day, _DAY, "day"), (budget.looks_a_day * 7, 7 * _DAY, "week")):
        if len(times) >= most:
            waits.append((times[-most] + span, f"it was looked at {most} times within a {named}"))
    failures = _failures_at_the_end(history)
    if failures > 1:
        rest = min(budget.apart * 2 ** min(failures - 1, 10), _DAY)
        waits.append((times[-1] + rest, f"the last {failures} looks failed"))
    if state is not None and state.blocked_until is not None:
        why = f" ({state.blocked_why})" if state.blocked_why else ""
        waits.append((state.blocked_until, f"the carrier refused{why} and is left alone"))
    return max(waits, key=lambda wait: wait[0])


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
    state: CarrierState,
    outcome: LookOutcome,
    reason: str | None,
    now: datetime,
    budget: Budget = BUDGET,
    retry_after: timedelta | None = None,
) -> CarrierState:
    """The carrier's state after a look; what it says itself of when to come back (`Retry-After`) counts."""
    if outcome is LookOutcome.BLOCKED:
        rest = budget.rest if retry_after is None else min(max(retry_after, _LEAST_REST), _LONGEST_REST)
        return CarrierState(blocked_until=now + rest, blocked_why=reason, last_request_at=now)
    return replace(state, blocked_until=None, blocked_why=None, last_request_at=now)


def rests(state: CarrierState, now: datetime) -> bool:
    """Whether the carrier refused us lately and must be left alone."""
    return state.blocked_until is not None and now < state.blocked_until


def robots_allow(text: str, url: str) -> bool:
    """Whether a robots.txt lets us fetch an address (RFC 9309); text that is no robots.txt allows all."""
    parser = RobotFileParser()
    parser.parse(text.splitlines())
    return parser.can_fetch(AGENT, url)
