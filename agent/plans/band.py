"""How much an order is worth to the plans: small, medium, large, or from eBay's signature threshold on extra large."""

from __future__ import annotations

from agent.orders.order import Order
from agent.plans.plan import Band
from agent.rules import figure, find_figure
from agent.vocabulary.marketplaces import marketplaces


def band_of(order: Order) -> Band:
    """The band of the order's total; unknown without a total in the currency of its site, whose figures count."""
    site = marketplaces().get(order.site or "")
    if site is None or order.total is None or order.total.currency != site.currency:
        return "unknown"
    value = order.total.value
    if not value.is_finite() or value < 0:
        return "unknown"
    if value <= figure(site.id, "value_band_small").value:
        return "S"
    if value <= figure(site.id, "value_band_medium").value:
        return "M"
    threshold = find_figure(site.id, "signature_threshold")
    if threshold is None:  # a site that nobody has seen a threshold of
        return "unknown"
    return "XL" if value >= threshold.value else "L"
