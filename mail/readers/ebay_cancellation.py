"""eBay: a buyer asks to cancel, or an order is cancelled."""

from __future__ import annotations

from agent.vocabulary.events import CancellationRequested, Event, OrderCancelled
from agent.vocabulary.values import Item
from mail.labels import Labelled
from mail.reader import Unreadable, reader


@reader(
    sender="ebay",
    intent=("cancellation_requested", "order_cancelled"),
    languages=("en", "de"),
)
def extract(mail: Labelled) -> list[Event]:
    order, item, request = mail.order_number(), mail.item_number(), mail.request_number()
    if order is None and item is None and request is None:
        raise Unreadable("no order, item or request number")
    title = mail.text("title")
    items = (Item(title=title, item_id=item),) if title and not title.isdigit() else ()
    if mail.intent == "order_cancelled":
        return [
            OrderCancelled(
                occurred_at=mail.message.date,
                order_id=order,
                item_id=item,
                request_id=request,
                buyer=mail.handle(),
                items=items,
                site=mail.site,
            )
        ]
    return [
        CancellationRequested(
            occurred_at=mail.message.date,
            order_id=order,
            item_id=item,
            request_id=request,
            buyer=mail.handle(),
            items=items,
            site=mail.site,
            respond_by=mail.moment("respond_by"),
            reason=mail.text("reason"),
        )
    ]
