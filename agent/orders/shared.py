"""Orders that name one tracking number: a combined parcel of one buyer, or a number that cannot be right. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from agent.orders.order import Order
from agent.verification.match import match

Names = Mapping[str, Mapping[str, bool]]
"""Number → order → whether the order itself names it, rather than a carrier of its parcel."""


def elsewhere(order: Order, names: Names, orders: Mapping[str, Order]) -> dict[str, tuple[str, ...]]:
    """The order's numbers that are other orders' too → those of them that are strangers'.

    One that only a carrier named is another order's whoever's that is: no word of a page takes another order's news.
    """
    found: dict[str, tuple[str, ...]] = {}
    for number, by in names.items():
        if order.order_id not in by:
            continue
        own = by[order.order_id]
        rivals = [id_ for id_, theirs in by.items() if id_ != order.order_id and (theirs or not own)]
        strangers = tuple(sorted(id_ for id_ in rivals if are_strangers(order, orders[id_])))
        if strangers or (rivals and not own):
            found[number] = strangers
    return found


def are_strangers(one: Order, other: Order) -> bool:
    """Whether two orders surely are of different buyers or go to different places: one parcel cannot be both's."""
    if one.buyer and other.buyer and one.buyer.casefold() != other.buyer.casefold():
        return True
    found = match(one.ship_to, other.ship_to)
    return found.level == "mismatch" and found.firm
