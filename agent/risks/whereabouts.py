"""A parcel that goes, or went, elsewhere than the order says.

What a label, page or mail says to be elsewhere must say so by its postcode, country or house number: towns have several
spellings, and carriers print the names of their hubs.
"""

from __future__ import annotations

from collections.abc import Iterator

from agent.orders.order import Order, Shipment
from agent.risks.catalogue import risk
from agent.risks.clock import Clock
from agent.risks.deadlines import business_deadline
from agent.risks.parcels import is_ended, is_scanned
from agent.risks.risk import Risk, Severity
from agent.risks.sentences import carrier_name, day, distinct, parcel_name, seen, site_day, sources
from agent.risks.standing import is_settled
from agent.risks.timers import Timers
from agent.verification.parcel import Whereabouts, addressed, delivery
from agent.verification.programmes import programme_of
from agent.vocabulary.status import Reason, TrackingStatus
from agent.vocabulary.values import Place

_GOING_BACK = frozenset({TrackingStatus.RETURNING, TrackingStatus.RETURNED})
_LEFT = {
    Reason.LEFT_WITH_NEIGHBOUR: "with a neighbour",
    Reason.SAFE_PLACE: "in a safe place",
    Reason.LOCKER: "in a locker",
}


@risk
def delivered_elsewhere(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """Delivered, and the carrier names another place than the order's; a town alone is only worth a glance."""
    programme = programme_of(order)
    if is_settled(order) or order.ship_to is None or (programme is not None and programme.ends_at_hub):
        return
    for parcel in order.shipments:
        if parcel.status is not TrackingStatus.DELIVERED or parcel.delivered_at is None:
            continue
        found = elsewhere(order, parcel)
        if found is None:
            continue
        severity, place = found
        scan = next((row for row in parcel.scans if row.status is TrackingStatus.DELIVERED), None)
        yield Risk(
            id="delivered_elsewhere",
            severity=severity,
            since=parcel.delivered_at,
            episode=parcel.tracking_number,
            deadline=business_deadline(parcel.delivered_at, 1, order.site, margin=timers.margin),
            because=distinct((scan.source if scan else "", *seen(parcel), *sources(order, "ship_to"))),
            summary=f"The {parcel_name(parcel)} was delivered on {day(parcel.delivered_at)} in {place}, "
            f"{carrier_name(parcel)} says; the order goes to {_where(order)}.",
            advice="Compare the label with the order, and ask the carrier for proof of delivery and where it lies."
            if severity == "P1"
            else "Have a look: a town may have several names.",
            tracking_number=parcel.tracking_number,
            contests=(parcel.tracking_number,) if severity == "P1" else (),
        )


@risk
def delivered_alternate(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """Left with a neighbour, in a locker, or of dear goods in a safe place: the buyer may not know. Told for some days.

    At the door is where most parcels end: of those of little value nobody wants to hear each morning.
    """
    if is_settled(order):
        return
    for parcel in order.shipments:
        at = parcel.delivered_at
        if parcel.status is not TrackingStatus.DELIVERED or at is None:
            continue
        left = delivery(order, parcel).alternate
        if left is None or clock.passed(at + timers.alternate_lapses):
            continue
        large = order.total is not None and order.total.value > timers.large_value
        if left is Reason.SAFE_PLACE and not large:
            continue
        yield Risk(
            id="delivered_alternate",
            severity="P3",
            since=at,
            episode=parcel.tracking_number,
            because=seen(parcel),
            summary=f"The {parcel_name(parcel)} was left {_LEFT[left]} on {day(at)}.",
            advice="Tell the buyer where it was left, and ask the carrier for proof of delivery early."
            if large
            else "Nothing to do yet; if the buyer asks, say where it was left.",
            tracking_number=parcel.tracking_number,
        )


@risk
def address_mismatch(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """Sent to another postcode or house than the order's, by its label, its number or the carrier's page."""
    if is_settled(order) or order.ship_to is None:
        return
    for parcel in order.shipments:
        since = parcel.known_since or order.sold_at
        if since is None or is_ended(parcel) or parcel.status in _GOING_BACK:
            continue
        sent = addressed(order, parcel)
        if not sent.is_wrong:
            continue
        yield Risk(
            id="address_mismatch",
            severity="P1",
            since=since,
            episode=parcel.tracking_number,
            deadline=business_deadline(since, 1, order.site, margin=timers.margin),
            because=distinct((*seen(parcel), *parcel.origins[-1:], *sources(order, "ship_to"))),
            summary=f"The {parcel_name(parcel)} is addressed to {sent.where}; the order goes to {_where(order, sent)}.",
            advice="Compare the label with the order; have the carrier stop or redirect it if it is wrong."
            if is_scanned(parcel)
            else "Compare the label with the order before you hand it over; make a new label if it is wrong.",
            tracking_number=parcel.tracking_number,
            contests=(parcel.tracking_number,),
        )


@risk
def address_change_request(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """The buyer asks for another address after the checkout: only the order's address is protected.

    eBay seller protection: ship to the address of the order details. An answer, a scan of delivery or time ends it.
    """
    asked = [
        message
        for message in order.messages
        if message.intent == "change_address" and message.confidence >= timers.message_confidence
    ]
    if is_settled(order) or not asked or (order.shipments and all(is_ended(parcel) for parcel in order.shipments)):
        return
    message = asked[-1]
    answered = any(contact.state == "sent" and contact.at > message.at for contact in order.contacts)
    if answered or clock.passed(message.at + timers.message_lapses):
        return
    sent = any(is_scanned(parcel) for parcel in order.shipments)
    yield Risk(
        id="address_change_request",
        severity="P2",
        since=message.at,
        episode=message.source or message.at.isoformat(),
        deadline=business_deadline(message.at, timers.message_business_days, order.site, margin=timers.margin),
        because=distinct((message.source, *sources(order, "ship_to"))),
        summary=f"The buyer asked on {site_day(message.at, order)} for another address than the order's"
        + (", and the parcel has left." if sent else "."),
        advice="Tell the buyer that it goes to the order's address; a redirection by you costs eBay's protection."
        if sent
        else "Send it to the order's address only, or cancel in eBay and let the buyer order again: another address "
        "costs eBay's protection.",
    )


def elsewhere(order: Order, parcel: Shipment) -> tuple[Severity, str] | None:
    """How surely, and where, it was delivered at another place than the order's."""
    handed = delivery(order, parcel)
    if handed.match.level == "mismatch" and handed.match.firm:
        return "P1", handed.where
    if handed.match.level not in ("mismatch", "unknown"):
        return None  # the place agrees, or lies where a shop or locker lies
    sent = addressed(order, parcel)
    if sent.is_wrong:
        return "P1", sent.where
    if sent.told_by == "page" or handed.match.level == "unknown":
        return None
    return "P3", handed.where


def _where(order: Order, sent: Whereabouts | None = None) -> str:
    """The order's address, as much of it as tells the difference."""
    to = order.ship_to
    if to is None:
        return "an unknown address"
    place = str(Place(city=to.city, postcode=to.postcode, country=to.country))
    return f"{to.street}, {place}" if sent and sent.match.house is False and to.street else place
