"""Where a parcel is sent and where it was handed out, against the order's address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from agent.orders.order import Order, Shipment
from agent.verification.match import UNKNOWN, Match, countries, match
from agent.verification.printed import taken_apart
from agent.verification.programmes import programme_of
from agent.vocabulary.marketplaces import marketplaces
from agent.vocabulary.numbers import destination_zip
from agent.vocabulary.status import Reason, TrackingStatus
from agent.vocabulary.values import Address, Place

ALTERNATE = frozenset({Reason.LEFT_WITH_NEIGHBOUR, Reason.SAFE_PLACE, Reason.LOCKER})
"""Handed out, and not at the buyer's door."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A place that somebody names of a parcel, and how it agrees with the order's address."""

    match: Match = UNKNOWN
    where: str = ""
    """As it is printed."""
    told_by: Literal["label", "number", "page", "scan", ""] = ""
    alternate: Reason | None = None
    collected: bool = False
    """Handed out at a shop or locker, which lies where it lies."""

    @property
    def is_wrong(self) -> bool:
        """Surely another address than the order's."""
        return (self.match.level == "mismatch" and self.match.firm) or (
            self.told_by == "label" and self.match.house is False
        )


def delivery(order: Order, parcel: Shipment) -> Whereabouts:
    """Where the newest delivery scan was; of a parcel that was collected a foreign place is `alternate`."""
    scan = next((row for row in parcel.scans if row.status is TrackingStatus.DELIVERED), None)
    place = taken_apart(scan.location) if scan and scan.location else None
    reasons = [parcel.reason, *(row.reason for row in parcel.scans if row.status is TrackingStatus.DELIVERED)]
    alternate = next((reason for reason in reasons if reason in ALTERNATE), None)
    collected = alternate is Reason.LOCKER or any(
        row.status is TrackingStatus.AVAILABLE_FOR_PICKUP or row.reason is Reason.LOCKER for row in parcel.scans
    )
    found = match(place, order.ship_to)
    abroad = (
        place is not None and order.ship_to is not None and countries(place.country, order.ship_to.country) is False
    )
    if not found.proves and not abroad and (collected or (alternate and found.level != "mismatch")):
        found = Match("alternate")
    return Whereabouts(found, str(place or ""), "scan" if scan else "", alternate, collected)


def addressed(order: Order, parcel: Shipment) -> Whereabouts:
    """Where it is sent to: by its label, the ZIP inside its number, its page. What surely is wrong comes first.

    The first leg of a shipping programme goes to a hub, and so does what stays in the seller's country though the buyer
    lives abroad: neither is another address than the order's.
    """
    told = [one for one in _told(order, parcel) if one.match.level != "unknown"]
    wrong = next((one for one in told if one.is_wrong), None)
    if wrong is None:
        return max(told, key=lambda one: one.match.proves, default=Whereabouts())
    programme = programme_of(order)
    return Whereabouts() if programme and programme.ends_at_hub else wrong


def _told(order: Order, parcel: Shipment) -> Iterator[Whereabouts]:
    if order.ship_to is None:
        return
    label, page = parcel.addressed_to, parcel.destination
    if label is not None and not _stays_home(label.country, order):
        yield Whereabouts(match(label, order.ship_to), _line(label, order.ship_to), "label")
    if countries(order.ship_to.country, "US"):  # a ZIP in the number of an order abroad is a hub's
        for number in parcel.numbers:
            if code := destination_zip(number):
                routed = Place(postcode=code, country="US")
                yield Whereabouts(match(routed, order.ship_to), f"ZIP {code}, by its own number", "number")
    if page is not None and not _stays_home(page.country, order):
        yield Whereabouts(match(page, order.ship_to), str(page), "page")


def _stays_home(country: str | None, order: Order) -> bool:
    """Whether a place lies in the country of the order's site, and the buyer's surely does not."""
    site = marketplaces().get(order.site or "")
    buyer = order.ship_to.country if order.ship_to else None
    return site is not None and countries(country, site.country) is True and countries(buyer, site.country) is False


def _line(label: Address, wanted: Address) -> str:
    """As much of a label's address as tells the difference."""
    place = str(Place(city=label.city, postcode=label.postcode, country=label.country))
    same_place = match(label, wanted).house is False
    return f"{label.street}, {place}" if same_place and label.street else place
