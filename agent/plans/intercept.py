"""Whether it pays to have the carrier stop a parcel on its way (figures.yaml holds fees and limits)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from agent.orders.order import Order, Shipment
from agent.plans.figures import intercept_service, intercept_share
from agent.plans.whereabouts import Phase
from agent.risks.parcels import is_abroad
from agent.risks.sentences import carrier_name
from agent.vocabulary.values import Money

_ROUTED = "420"
"""With a postal code behind it, what stands before a USPS number in its bar code."""
_USPS_DIGITS = 22


@dataclass(frozen=True, kw_only=True)
class Intercept:
    """Whether to have it stopped, and why."""

    pays: Literal["yes", "no", "unknown"]
    why: str
    name: str = "an intercept"
    fee: Money | None = None
    limit: Money | None = None
    """What it may cost to pay."""


def intercept_of(order: Order, parcel: Shipment, phase: Phase) -> Intercept:
    """Whether an intercept can be had for this parcel, and costs little beside the order's total."""
    if phase not in ("handed_over", "in_transit"):
        return Intercept(pays="no", why="It is too late to stop it." if phase != "label" else "It has not left.")
    name, number = list(parcel.carriers.items())[-1]
    owner = number or parcel.carrier or ""
    service = intercept_service(owner)
    if service is None:
        return Intercept(pays="no", why=f"No way to have {carrier_name(parcel)} stop a parcel is known here.")
    if service.domestic_only and is_abroad(order, parcel):
        return Intercept(pays="no", why=f"{service.name} is for parcels within the country.", name=service.name)
    if _bare(name).startswith(service.not_numbers or ("\0",)):
        why = f"{service.name} at the counter does not take numbers that begin with {' or '.join(service.not_numbers)}."
        return Intercept(pays="no", why=why, name=service.name)
    limit = _limit(order)
    if service.fee is None or limit is None or limit.currency != service.fee.currency:
        return Intercept(pays="unknown", why="What it costs is not known here.", name=service.name, limit=limit)
    only = " It is due only if it works." if service.only_when_it_works else ""
    share = f"{service.fee} of {order.total}"
    if service.fee.value < limit.value:
        why = f"It costs {share}, less than a fifth.{only}" if intercept_share() == Decimal("0.2") else share
        if _is_unpaid(order):
            why = f"It costs {share}, which is lost if the goods are.{only}"
        return Intercept(pays="yes", why=why, name=service.name, fee=service.fee, limit=limit)
    return Intercept(pays="no", why=f"It costs {share}: too much.", name=service.name, fee=service.fee, limit=limit)


def _limit(order: Order) -> Money | None:
    total = order.total
    if total is None or not total.value.is_finite():
        return None
    share = Decimal(1) if _is_unpaid(order) else intercept_share()
    return Money((total.value * share).quantize(Decimal("0.01")), total.currency)


def _is_unpaid(order: Order) -> bool:
    """Whether the order is cancelled: then all that it is worth leaves with the parcel, and not only a sale."""
    return order.cancellation is not None and order.cancellation.state == "cancelled"


def _bare(number: str) -> str:
    """The number without the postal code that it is routed by."""
    digits = "".join(char for char in number if char.isalnum())
    return digits[-_USPS_DIGITS:] if digits.startswith(_ROUTED) and len(digits) > _USPS_DIGITS else digits
