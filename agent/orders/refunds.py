"""Whether what a buyer got back was the whole price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from agent.vocabulary.values import Money

_NEARLY = Decimal("0.75")
"""Of the order's total: taxes and postage may be in the one figure and not in the other."""


@dataclass(frozen=True, slots=True)
class Refund:
    at: datetime
    amount: Money | None = None
    source: str = ""


def repaid(refunds: Sequence[Refund], total: Money | None) -> Refund | None:
    """The refund, of some oldest first, with which the buyer had the price back; None while only a part is known to be.

    A refund whose amount cannot be compared counts as whole. The same amount told twice is one refund.
    """
    counted: set[Decimal] = set()
    for refund in refunds:
        if refund.amount is None or total is None or refund.amount.currency != total.currency:
            return refund
        counted.add(abs(refund.amount.value))
        if sum(counted) >= total.value * _NEARLY:
            return refund
    return None
