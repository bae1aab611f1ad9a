"""The sixteen items of evidence, and which of them are there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from agent.digest.names import counted
from agent.dossier.dossier import Dossier
from agent.orders.order import Order
from agent.vocabulary.status import Reason, TrackingStatus

_SEEN_BY_CARRIER = (Reason.PHOTO, Reason.SIGNED)


@dataclass(frozen=True, kw_only=True)
class Item:
    id: str
    name: str
    there: bool
    said: str
    """What there is, or where to get it."""


def items(dossier: Dossier) -> Iterator[Item]:
    """E1 to E16, in their order."""
    order = dossier.order
    parcels = order.shipments
    scans = [scan for parcel in parcels for scan in parcel.scans]
    posted = any(parcel.first_scan_at for parcel in parcels)
    delivered = [parcel for parcel in parcels if parcel.status is TrackingStatus.DELIVERED]
    shown = {reason for parcel in parcels for reason in (parcel.reason, *(s.reason for s in parcel.scans))}
    extras = [str(reason.value).replace("_", " ") for reason in _SEEN_BY_CARRIER if reason in shown]
    yield _item("E1", "Order facts", bool(order.items or order.total), "see the papers", "download the order page")
    yield _item("E2", "Label", bool(parcels), "carrier and number are known", "add the label or its receipt")
    yield _item("E3", "Proof of acceptance", posted, "the first scan", "add the drop-off or collection receipt")
    yield _item(
        "E4",
        "Scan history",
        bool(scans),
        f"{counted(len(scans), 'row', 'rows')}, {counted(len(dossier.shots), 'snapshot', 'snapshots')}",
        "none is known",
    )
    yield _item(
        "E5",
        "Delivery record",
        bool(delivered),
        "date and place" + (f", {', '.join(extras)}" if extras else "; ask the carrier for a photo or signature"),
        "the carrier shows no delivery",
    )
    yield _item("E6", "Clauses of protection", True, f"verdict: {dossier.protection.verdict}", "")
    yield _item(
        "E7",
        "Messages",
        bool(dossier.messages),
        counted(len(dossier.messages), "message", "messages"),
        "none was seen: copy them from eBay",
    )
    yield _item(
        "E8",
        "Mails with their authenticity",
        bool(dossier.mails),
        counted(len(dossier.mails), "mail", "mails"),
        "none is kept",
    )
    yield _item("E9", "Case", bool(order.cases), "see the papers", "there is none")
    yield _item("E10", "Cost", order.total is not None, "the order's total; add postage", "add value and postage")
    yield _item("E11", "Search or claim at the carrier", bool(order.traces), _traces(order), "see `orderwatch enquiry`")
    yield _item("E12", "Photographs of goods and packing", False, "", "add your own")
    yield _item("E13", "Listing terms", order.ship_by is not None, "the ship-by date", "add the listing's page")
    yield _item(
        "E14",
        "Buyer's history with you",
        dossier.buyer_orders > 0,
        f"{dossier.buyer_orders} other orders, {dossier.buyer_requests} with a request; for you, not for eBay",
        "no other order of this buyer",
    )
    weather = Reason.WEATHER in shown
    yield _item("E15", "Notice of a disruption", weather, "the carrier's scan names weather", "none is known")
    yield _item("E16", "Proof of refund or return", order.refunded_at is not None, "the refund", "none is known")


def _item(id_: str, name: str, there: bool, present: str, missing: str) -> Item:
    return Item(id=id_, name=name, there=there, said=present if there else missing)


def _traces(order: Order) -> str:
    answered = sum(one.answered_at is not None for one in order.traces)
    return f"{len(order.traces)} opened, {answered} answered"
