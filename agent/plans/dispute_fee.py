"""What a lost payment dispute costs beside its amount; accepted, it is waived."""

from __future__ import annotations

from decimal import Decimal

from agent.rules import find_figure
from agent.vocabulary.marketplaces import marketplaces
from agent.vocabulary.values import Money


def dispute_fee(site: str | None) -> Money | None:
    """The fee of a site, or None where none is known."""
    known = marketplaces().get(site or "")
    fee = find_figure(known.id, "dispute_fee") if known else None
    return Money(Decimal(str(fee.value)), known.currency) if known and fee else None
