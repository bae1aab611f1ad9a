"""A tracking number that took another's place after the buyer was told of that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from agent.orders.order import Contact, Order, Shipment
from agent.risks.catalogue import risk
from agent.risks.clock import Clock
from agent.risks.deadlines import business_deadline
from agent.risks.parcels import is_scanned
from agent.risks.risk import Risk
from agent.risks.sentences import distinct, seen, site_day
from agent.risks.standing import is_settled
from agent.risks.timers import Timers
from agent.vocabulary.status import TrackingStatus

_NEVER = datetime.max.replace(tzinfo=UTC)


@risk
def number_corrected(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """We wrote to the buyer while the order bore a number that nobody ever scanned, and not since it bears another."""
    if is_settled(order) or len(order.shipments) != 2:
        return
    old, new = sorted(order.shipments, key=lambda parcel: parcel.known_since or _NEVER)
    if old.known_since is None or new.known_since is None or old.known_since == new.known_since:
        return
    if is_scanned(old) or old.ended or new.status is TrackingStatus.DELIVERED:
        return
    told = _told(order, old, new)
    if told is None or any(_arrived(one) and one.at > new.known_since for one in order.contacts):
        return
    yield Risk(
        id="number_corrected",
        severity="P3",
        since=new.known_since,
        episode=f"{old.tracking_number}>{new.tracking_number}",
        deadline=business_deadline(new.known_since, 1, order.site, margin=timers.margin),
        because=distinct((*seen(old), *seen(new))),
        summary=f"You wrote to the buyer on {site_day(told.at, order)}, when the number was {old.tracking_number}. "
        f"Since {site_day(new.known_since, order)} it is {new.tracking_number}.",
        advice="Tell the buyer the new number, before they look for the old one.",
        tracking_number=new.tracking_number,
    )


def _told(order: Order, old: Shipment, new: Shipment) -> Contact | None:
    """The last message to the buyer between the two numbers, where there is one."""
    if old.known_since is None or new.known_since is None:
        return None
    between = (one for one in order.contacts if _arrived(one) and old.known_since <= one.at <= new.known_since)
    return max(between, key=lambda contact: contact.at, default=None)


def _arrived(contact: Contact) -> bool:
    return contact.state != "failed" and contact.bounced_at is None
