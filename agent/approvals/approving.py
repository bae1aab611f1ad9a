"""Who may approve drafts by answering the digest, and up to which amount."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from agent.vocabulary.values import Money

LONGEST = 1200
"""Characters of a text that a digest shows: what is longer is not shown whole, and not approved by an answer."""
MOST = 8
"""Drafts that one digest shows with their text."""


@dataclass(frozen=True, kw_only=True)
class Approving:
    """Approval by reply, where the seller can have it."""

    approver: str
    """The one address whose answers count."""
    answers_to: str
    """Where answers are read."""
    up_to: Decimal
    """In the order's own currency."""

    def covers(self, total: Money | None) -> bool:
        """Whether an order is small enough; one whose total nobody knows is not."""
        return total is not None and total.value.is_finite() and total.value <= self.up_to
