"""A draft's text as a human changed it: checked like every text, and tied to its conversation as before."""

from __future__ import annotations

from agent.orders.order import Order
from agent.replies.address import ReplyTo, reply_address, with_reference
from agent.replies.prepare import check

_REFERENCE_LINE = with_reference("", "#").strip().partition(":")[0] + ":"
"""How the line begins that ties a reply to its conversation: the words above it are the text."""


class Unfit(Exception):
    """A text that would break eBay's rules or ours; the message says which."""


def reworded(text: str, before: str, order: Order) -> str:
    """The new body of a draft whose body was `before`. Raises Unfit."""
    address = reply_address(order)
    reference = address.reference_id if isinstance(address, ReplyTo) and address.reference_id in before else None
    words = text.partition(_REFERENCE_LINE)[0].strip() if reference else text
    if problems := check(words, order):
        raise Unfit("; ".join(problems))
    return with_reference(words, reference) if reference else words
