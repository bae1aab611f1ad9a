"""What policies look at: one order with its risks, and, one at a time, the matter of one risk."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from agent.orders.order import Order, Shipment
from agent.risks.clock import Clock
from agent.risks.risk import Risk
from agent.vocabulary.status import Mode

UTC = ZoneInfo("UTC")
ProtectionWord = Literal["yes", "no", "unclear"]


@dataclass(frozen=True, kw_only=True)
class Situation:
    """One order as policies see it. None means that nobody knows."""

    order: Order
    risks: tuple[Risk, ...] = ()
    """Most urgent first, handled and superseded ones included."""
    mode: Mode = Mode.OBSERVE
    shop: str = ""
    """The mailbox's name: part of every decision's key."""
    evidence: str | None = None
    """The weakest level of evidence that the order's risks rest on; None: that of the buyer's last message."""
    protection: ProtectionWord | None = None
    buyer_orders: int | None = None
    """How many orders this buyer has placed with the shop, this one included."""
    buyer_requests: int | None = None
    """How many requests and cases this buyer has opened with the shop, this order's included."""
    zone: ZoneInfo = UTC
    """The digest's: what hours and days of the seller's are counted in."""


@dataclass(frozen=True, kw_only=True)
class Matter:
    """One risk of one order at one time: what a condition is asked about."""

    situation: Situation
    risk: Risk | None
    """None: an order without any risk."""
    now: datetime
    clock: Clock | None = field(default=None, compare=False, repr=False)
    """Remembers when an answer could change without news."""

    def passed(self, instant: datetime) -> bool:
        """Whether `instant` (aware) has come; conditions compare times only by this, so that none is missed."""
        return self.clock.passed(instant) if self.clock else instant <= self.now

    def passed_day(self) -> None:
        """The answer holds for today only, as the seller's clock has it."""
        tomorrow = self.now.astimezone(self.situation.zone).date() + timedelta(days=1)
        self.passed(datetime.combine(tomorrow, time(), self.situation.zone))

    @property
    def order(self) -> Order:
        return self.situation.order

    @property
    def evidence(self) -> str | None:
        """How what we know was tied to the order; None where there is nothing to go by."""
        messages = self.order.messages
        return self.situation.evidence or (messages[-1].evidence if messages else None)

    @property
    def parcels(self) -> tuple[Shipment, ...]:
        """The parcel that the risk is about, or all of the order's."""
        number = self.risk.tracking_number if self.risk else None
        if number is None:
            return self.order.shipments
        return tuple(parcel for parcel in self.order.shipments if parcel.tracking_number == number)
