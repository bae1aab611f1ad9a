"""Would the proof of delivery win an item-not-received case? The clauses, live, and what can still be repaired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from agent.orders.order import Order
from agent.risks.clauses import Clause, Verdict, clauses, worst
from agent.risks.parcels import is_superfluous

__all__ = ["Clause", "Protection", "Verdict", "pod_ok"]


@dataclass(frozen=True, kw_only=True)
class Protection:
    """`yes` when every clause is, `no` when one is, else `unclear`."""

    verdict: Verdict
    clauses: Mapping[str, Verdict]
    details: tuple[Clause, ...] = ()

    @property
    def repairs(self) -> tuple[Clause, ...]:
        """The clauses for which a human can still do something, the most urgent first."""
        found = [clause for clause in self.details if clause.repair]
        return tuple(
            sorted(found, key=lambda clause: (clause.until is None, clause.until and clause.until.timestamp()))
        )


def pod_ok(order: Order, now: datetime) -> Protection:
    """Whether eBay would take the order's tracking as proof of delivery at `now` (aware); every parcel must pass."""
    parcels = [parcel for parcel in order.shipments if not is_superfluous(parcel, order)]
    details = tuple(_still_possible(clause, now) for clause in clauses(order, parcels, now))
    return Protection(
        verdict=worst([clause.verdict for clause in details]),
        clauses={clause.name: clause.verdict for clause in details},
        details=details,
    )


def _still_possible(clause: Clause, now: datetime) -> Clause:
    """The clause, without advice whose time is over."""
    over = clause.until is not None and clause.until < now
    return replace(clause, repair="", until=None) if over else clause
