"""What a lost payment dispute costs beside its amount; accepted, it is waived."""

from __future__ import annotations

from decimal import Decimal

from agent.rules import find_figure
from agent.vocabulary.marketplaces import marketplaces
from agent.vocabulary.values import Money

WHERE_TO_SEE = "not known for this site: see the fees of your account in eBay"


def dispute_fee(site: str | None) -> Money | None:
    """The fee of a site, zero where eBay takes none; None where none is known."""
    known = marketplaces().get(site or "")
    fee = find_figure(known.id, "dispute_fee") if known else None
    return Money(Decimal(str(fee.value)), known.currency) if known and fee else None


def fee_sentence(site: str | None) -> str:
    """What losing costs more, in words."""
    fee = dispute_fee(site)
    if fee is None:
        return "Whether losing costs a fee is not known here. The fees of your account in eBay tell it."
    if not fee.value:
        return "As far as is known, losing costs no fee on this site."
    return f"Lost after a contest, it costs {fee} more."
