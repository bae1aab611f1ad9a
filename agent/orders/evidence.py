"""How surely an event belongs to its order: the levels of the ladder that `agent.orders.matcher` climbs."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Evidence(StrEnum):
    """How an event was tied to its order, strongest first."""

    ORDER_NUMBER = "order_number"
    THREAD = "thread"
    TRACKING_NUMBER = "tracking_number"
    ITEM_AND_BUYER = "item_and_buyer"
    TITLE_AND_DATE = "title_and_date"


LEVELS: tuple[str, ...] = tuple(level.value for level in Evidence)
ENOUGH_TO_REPLY = Evidence.TRACKING_NUMBER.value
"""Weaker evidence may flag, never reply."""


def strong_enough(evidence: str | None, wanted: str = ENOUGH_TO_REPLY) -> bool:
    """Whether a level of evidence is `wanted` or stronger; unknown evidence never is."""
    return evidence in LEVELS and LEVELS.index(evidence) <= LEVELS.index(wanted)


def weakest(levels: Iterable[str]) -> str | None:
    """The weakest of some levels; None of none."""
    return max(levels, key=LEVELS.index, default=None)
