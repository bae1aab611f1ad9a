"""The subject of a text about an order where no message gives one."""

from __future__ import annotations

from agent.orders.order import Order
from agent.replies.words import words


def order_subject(order: Order, language: str) -> str:
    """`Bestellung 27-13930-98148`, in the reply's language."""
    return (words(language, "subject", "order") or "{order}").replace("{order}", order.order_id)
