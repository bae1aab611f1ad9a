"""How the shop's own parcels fared: what a chance is told from, never a guess. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent.orders.order import Order, Shipment
from agent.orders.shipment import scanned_at
from agent.plans.plan import Chance
from agent.vocabulary.marketplaces import marketplace
from agent.vocabulary.status import Reason, TrackingStatus
from agent.vocabulary.values import end_of

_GIVEN_UP = timedelta(days=60)
"""A parcel of which nothing was heard for this long did not arrive, as far as a chance is concerned."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How one parcel fared, once that is settled."""

    order_id: str
    arrived: bool
    late: float | None
    """Days after the last estimated day on which it still had not come; None without an estimate."""
    silent: float | None
    """The most days that passed between two scans, or after the last one; None if it was never scanned."""


@dataclass(frozen=True, slots=True)
class History:
    """The settled parcels of the shop."""

    courses: tuple[Course, ...] = ()

    def of_late(self, days: float, order_id: str) -> Chance:
        """Of the other orders' parcels that were this many days late, how many came."""
        return self._chance(
            [one for one in self.courses if one.late is not None and one.late >= days], order_id, "late"
        )

    def of_silent(self, days: float, order_id: str) -> Chance:
        """Of the other orders' parcels that stood still for this many days, how many came."""
        alike = [one for one in self.courses if one.silent is not None and one.silent >= days]
        return self._chance(alike, order_id, "long without a scan")

    def _chance(self, alike: Iterable[Course], order_id: str, how: str) -> Chance:
        found = [one.arrived for one in alike if one.order_id != order_id]
        return Chance(arrived=sum(found), of=len(found), alike=f"this {how}")


def history_of(orders: Iterable[Order], now: datetime) -> History:
    """What the shop's orders tell of parcels that came, and of parcels that did not."""
    return History(
        tuple(
            course
            for order in orders
            for parcel in order.shipments
            if (course := _course(order, parcel, now)) is not None
        )
    )


def days_late(order: Order, parcel: Shipment | None, until: datetime) -> float | None:
    """Days from the last estimated day (eBay's, else the carrier's) until then; negative before it."""
    window = order.estimated_delivery or (parcel.estimated_delivery if parcel else None)
    if window is None or not 2000 <= window.max.year < 2100:
        return None
    return (until - end_of(window.max, marketplace(order.site).zone)) / _DAY


def _course(order: Order, parcel: Shipment, now: datetime) -> Course | None:
    scans = sorted(at for scan in parcel.scans if (at := scanned_at(scan, parcel)) is not None)
    if parcel.status is TrackingStatus.DELIVERED and parcel.delivered_at is not None:
        arrived, ended = True, parcel.delivered_at
        scans = [at for at in scans if at <= ended]
    else:
        last = parcel.last_scan_at or parcel.known_since
        if last is None or not _is_lost(order, parcel, last, now):
            return None
        arrived, ended = False, now
    moved = [at for at in scans if parcel.first_scan_at is not None and at >= parcel.first_scan_at]
    gaps = [(later - one) / _DAY for one, later in zip(moved, [*moved[1:], ended], strict=False)]
    return Course(
        order_id=order.order_id,
        arrived=arrived,
        late=days_late(order, parcel, ended),
        silent=max(gaps, default=None),
    )


def _is_lost(order: Order, parcel: Shipment, last: datetime, now: datetime) -> bool:
    """Back, declared lost, decided for the buyer, or never heard of again. A refund alone tells nothing of the way."""
    if parcel.status is TrackingStatus.RETURNED or parcel.reason is Reason.LOST:
        return True
    lost_case = any(case.kind == "inr" and case.outcome == "buyer" for case in order.cases)
    return lost_case or now - last > _GIVEN_UP
