"""A plan: steps for a human in the order of doing them, with the arithmetic behind. No money is moved by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from agent.vocabulary.values import Money

Kind = Literal[
    "wait",
    "message",
    "add_tracking",
    "trace",
    "claim",
    "reship",
    "refund",
    "intercept",
    "decline",
    "approve",
    "stop_parcel",
    "hold_refund",
    "ask_ebay",
    "appeal",
    "contest",
    "accept",
    "watch",
    "collect_proof",
]
Situation = Literal["not_received", "delivered_not_received", "cancelled", "dispute", "return"]
Band = Literal["S", "M", "L", "XL", "unknown"]


@dataclass(frozen=True, kw_only=True)
class Chance:
    """How many of the shop's own parcels that were in the same state arrived after all."""

    arrived: int
    of: int
    alike: str
    """What they have in common: `this late`, `this long without a scan`."""

    def __str__(self) -> str:
        if self.of == 0:
            return f"not known: no other parcel of yours was ever {self.alike}"
        if self.of == 1:
            return f"the only other parcel of yours that was {self.alike} {'arrived' if self.arrived else 'was lost'}"
        return f"{self.arrived} of {self.of} parcels of yours that were {self.alike} still arrived"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing to do, or one of several to choose from."""

    kind: Kind
    text: str
    by: datetime | None = None
    recommended: bool = False
    why: str = ""
    cost: Money | None = None
    """What it costs the seller beyond what is lost already. None: not known, or no matter of money."""
    chance: Chance | None = None


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the arithmetic; without an amount the note says why."""

    label: str
    amount: Money | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to do about the order's gravest process."""

    situation: Situation
    row: str
    """The row of the matrix that fits."""
    band: Band
    summary: str
    steps: tuple[Step, ...]
    arithmetic: tuple[Line, ...] = ()
    watch: tuple[str, ...] = ()
    """What to look out for afterwards."""
    because: tuple[str, ...] = ()
    """Rules that bound the plan, one sentence each."""
    risks: tuple[str, ...] = ()
    """Ids of the risks that it answers."""
