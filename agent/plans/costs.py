"""What the seller told of own costs, and what it comes to for one order. What nobody told stays unknown."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from agent.orders.order import Order
from agent.vocabulary.values import Money

_CENT = Decimal("0.01")


@dataclass(frozen=True, kw_only=True)
class Costs:
    """What another parcel for an order costs. None: not told, or in another currency than the order's."""

    goods: Money | None = None
    postage: Money | None = None
    handling: Money | None = None
    """Packing and work."""

    @property
    def resend(self) -> Money | None:
        """The goods once more with their postage; handling only where it was told."""
        return total_of(self.goods, self.shipping)

    @property
    def shipping(self) -> Money | None:
        """A parcel without its goods."""
        return total_of(self.postage, self.handling) if self.handling else self.postage


@dataclass(frozen=True, kw_only=True)
class OwnCosts:
    """The shop's costs, as its configuration tells them. None: not told."""

    currency: str | None = None
    postage: Decimal | None = None
    postage_abroad: Decimal | None = None
    handling: Decimal | None = None
    goods_share: Decimal | None = None
    """What goods cost the shop, as a share of their price."""


NOT_TOLD = OwnCosts()


def costs_of(own: OwnCosts, order: Order, *, abroad: bool) -> Costs:
    """The costs of another parcel for this order; amounts count in their own currency only, a share in any."""

    def amount(value: Decimal | None) -> Money | None:
        same = order.total is not None and order.total.currency == own.currency
        return Money(value, order.total.currency) if same and order.total and value is not None else None

    return Costs(
        goods=_goods(own.goods_share, order),
        postage=amount(own.postage_abroad if abroad else own.postage),
        handling=amount(own.handling),
    )


def _goods(share: Decimal | None, order: Order) -> Money | None:
    """By the prices of the items; where one is not told, by the order's total."""
    if share is None or order.total is None or not order.total.value.is_finite():
        return None
    currency = order.total.currency
    prices = [
        item.price.value * item.quantity for item in order.items if item.price and item.price.currency == currency
    ]
    price = sum(prices, Decimal(0)) if prices and len(prices) == len(order.items) else order.total.value
    return Money((min(price, order.total.value) * share).quantize(_CENT), currency)


def total_of(one: Money | None, other: Money | None) -> Money | None:
    """Both together, where both are known in one currency."""
    if one is None or other is None or one.currency != other.currency:
        return None
    return Money(one.value + other.value, one.currency)
