"""What the buyer wants, the goods or the money, where the buyer's plain words or eBay's mail say it. Pure."""

from __future__ import annotations

from agent.orders.evidence import strong_enough
from agent.orders.order import Order
from agent.risks.standing import open_cases
from agent.vocabulary.remedies import Remedy, remedy_of


def wanted_of(order: Order) -> Remedy | None:
    """The newest wish that is told and not over; a request that is closed, or thanks, end those before.

    eBay lets the buyer of a request choose between the item and a full refund (Post-Order API, desired outcome).
    """
    ends = [case.closed_at for case in order.cases if case.closed_at is not None]
    ends += [message.at for message in order.messages if message.intent == "thanks"]
    over = max(ends, default=None)
    told = [
        (message.at, remedy)
        for message in order.messages
        if message.automatic is None
        and strong_enough(message.evidence)
        and (remedy := remedy_of(message.text)) is not None
    ]
    told += [(case.opened_at, case.wants) for case in open_cases(order, "inr") if case.wants is not None]
    standing = [(at, remedy) for at, remedy in told if over is None or at > over]
    return max(standing, key=lambda one: one[0], default=(None, None))[1]
