"""Which order, item, request and buyer an eBay mail is about: what every event of it may carry."""

from __future__ import annotations

from typing import TypedDict

from agent.vocabulary.values import Item, Moment
from mail.ebay.members import buyer_of
from mail.ebay.titles import title_of
from mail.labels import Labelled
from mail.reader import Unreadable


class Matter(TypedDict):
    """Arguments that all events share."""

    occurred_at: Moment | None
    order_id: str | None
    item_id: str | None
    request_id: str | None
    buyer: str | None
    items: tuple[Item, ...]
    site: str | None


def matter_of(mail: Labelled) -> Matter:
    """What a mail is about; raises Unreadable where no number tells it."""
    found = matter(mail)
    found["request_id"] = mail.request_number()
    if found["order_id"] is None and found["item_id"] is None and found["request_id"] is None:
        raise Unreadable("no order, item or request number")
    return found


def matter(mail: Labelled, order: str | None = None) -> Matter:
    """What a mail that is about no request, or the part of one that tells of `order`, is about; it may be nothing."""
    item, title = mail.item_number(), title_of(mail)
    return Matter(
        occurred_at=mail.message.date,
        order_id=order or mail.order_number(),
        item_id=item,
        request_id=None,
        buyer=buyer_of(mail),
        items=(Item(title=title, item_id=item),) if title else (),
        site=mail.site,
    )
