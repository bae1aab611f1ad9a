"""Parcels whose page cannot be read: what we do not know is said, and nothing is concluded from it."""

from __future__ import annotations

from collections.abc import Iterator

from agent.orders.order import Order
from agent.risks.catalogue import risk
from agent.risks.clock import Clock
from agent.risks.parcels import live_parcels
from agent.risks.risk import Risk
from agent.risks.sentences import day, distinct, parcel_name
from agent.risks.standing import is_settled
from agent.risks.timers import Timers
from agent.vocabulary.status import LookOutcome

_FAILED = {
    LookOutcome.BLOCKED: "the carrier refuses automatic looks",
    LookOutcome.LAYOUT_CHANGED: "its page could not be understood",
    LookOutcome.UNREACHABLE: "the carrier could not be reached",
}


@risk
def tracking_unavailable(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """Every look at a parcel has failed for a day, so nobody knows whether it moves."""
    if is_settled(order):
        return
    for parcel in live_parcels(order):
        if parcel.failing_since is None or not clock.passed(parcel.failing_since + timers.looks_failing):
            continue
        failed = _FAILED.get(parcel.last_look.outcome) if parcel.last_look else None
        yield Risk(
            id="tracking_unavailable",
            severity="P3",
            since=parcel.failing_since + timers.looks_failing,
            episode=f"{parcel.tracking_number}:{parcel.failing_since.isoformat()}",
            because=distinct(parcel.origins[:1]),
            summary=f"The {parcel_name(parcel)} could not be looked at since {day(parcel.failing_since)}"
            f"{f': {failed}' if failed else ''}.",
            advice="Open the carrier's page yourself; until then its silence means nothing.",
            tracking_number=parcel.tracking_number,
        )
