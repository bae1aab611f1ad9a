"""An event made whole by what the mail says of it for machines: markup fills what the text left open."""

from __future__ import annotations

from dataclasses import replace

from agent.vocabulary.events import Event, LabelBought, OrderPaid, OrderSold, TrackingUpdate
from agent.vocabulary.status import TrackingStatus
from mail.labels import Labelled
from mail.parsing.marked import MarkedOrder, MarkedParcel


def completed(mail: Labelled, event: Event) -> Event:
    """The event with what the mail's markup adds; where a mail marks several orders, that of the event's own."""
    if isinstance(event, TrackingUpdate):
        parcel = next((one for one in mail.marked_parcels if one.number == event.tracking_number), None)
        return _of_parcel(event, parcel) if parcel else event
    marked = [order for order in mail.marked_orders if order.number in (None, event.order_id)]
    return _of_order(event, marked[0]) if len(marked) == 1 else event


def _of_parcel(event: TrackingUpdate, parcel: MarkedParcel) -> TrackingUpdate:
    """Words tell better than markup where a parcel is: many senders never change what they once marked."""
    silent = event.status is TrackingStatus.UNKNOWN and parcel.status is not None
    return replace(
        event,
        status=parcel.status if silent and parcel.status else event.status,
        estimated_delivery=event.estimated_delivery
        or (parcel.expected if event.status is not TrackingStatus.DELIVERED else None),
    )


def _of_order(event: Event, order: MarkedOrder) -> Event:
    told = all(item.title and item.price for item in event.items) and bool(event.items)
    whole = replace(event, buyer=event.buyer or order.buyer, items=event.items if told else order.items or event.items)
    if isinstance(whole, OrderSold | OrderPaid):
        return replace(whole, total=whole.total or order.total, ship_to=whole.ship_to or order.ship_to)
    return replace(whole, ship_to=whole.ship_to or order.ship_to) if isinstance(whole, LabelBought) else whole
