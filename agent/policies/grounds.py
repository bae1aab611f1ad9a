"""What a decision rests on: how surely it is the order's, how surely it was read, what stands against it. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from agent.orders.evidence import weakest
from agent.orders.fold import Logged
from agent.orders.order import Order
from agent.replies.facts import parcel_of
from agent.risks.risk import Risk


def weakest_evidence(log: Iterable[Logged], risks: Iterable[Risk]) -> str | None:
    """How surely what the risks rest on belongs to the order: the weakest tie among their sources."""
    sources = {source for risk in risks for source in risk.because}
    return weakest(entry.evidence for entry in log if entry.event.source in sources)


def least_confidence(log: Iterable[Logged], sources: Iterable[str]) -> float:
    """How surely what a decision rests on was read: the least sure event of its sources; 1 where none was read."""
    named = set(sources)
    return min((entry.event.confidence for entry in log if entry.event.source in named), default=1.0)


def contested(order: Order, risk: Risk | None, risks: Iterable[Risk]) -> str | None:
    """What stands against the parcel that a reply would speak of, or against what it rests on: both sides in words."""
    parcel = parcel_of(order, risk)
    rests_on = set(risk.because) if risk else set()
    for other in risks:
        if other.handled or not other.contests:
            continue
        if parcel.tracking_number in other.contests if parcel else rests_on.intersection(other.because):
            return other.summary
    return None


def noted_since(order: Order, risk: Risk | None) -> bool:
    """Whether a human noted something since the risk began: the matter is in their hands, nothing leaves by itself."""
    return risk is not None and any(
        word.kind == "note" and word.by == "human" and word.at >= risk.since for word in order.human
    )
