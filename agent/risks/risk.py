"""A risk: an id of the catalogue, with its deadline and its because."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from agent.vocabulary.values import Moment

Severity = Literal["P1", "P2", "P3", "P4"]


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """Until when to act. `act_by` is the earliest of the others less the safety margin; all aware except `printed`."""

    conservative: datetime | None = None
    nominal: datetime | None = None
    printed: Moment | None = None
    act_by: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Risk:
    """One finding about one order. Equal inputs give equal risks."""

    id: str
    severity: Severity
    since: datetime
    episode: str
    """What makes this occurrence one and the same: a request id, the last scan; never the time of judging."""
    deadline: Deadline = Deadline()
    because: tuple[str, ...] = ()
    """Sources: `mail:…`, `look:…`."""
    summary: str = ""
    """One sentence for the seller: the facts that make it so."""
    advice: str = ""
    """One sentence: what a human should do next."""
    superseded: bool = False
    tracking_number: str | None = None
    handled: bool = False
    contests: tuple[str, ...] = ()
    """Parcels, by number, of which two sources tell different things: while this stands, no reply may rest on them."""


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """What an order looks like now, and when that could change without news."""

    risks: tuple[Risk, ...] = ()
    """Most urgent first."""
    next_due_at: datetime | None = None
    """None: never without a new event."""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A risk that belongs to no order."""

    id: str
    severity: Severity
    text: str
    because: tuple[str, ...] = ()
    since: datetime | None = None
