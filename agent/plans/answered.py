"""Whether the buyer was written to about the case as it stands: then that message is no next step any more. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from agent.orders.order import Order
from agent.risks.message import answered_at
from agent.risks.risk import Risk

_CLOCKS = frozenset({"inr_due_soon", "past_estimated_delivery", "cancel_expired", "carrier_claim_window"})
"""Risks that begin because time passes: they turn nothing that the buyer was told."""
_OF_BUYER = ("delivered_not_received", "not_received_message", "inr_opened")
"""Risks whose `handled` says that the seller has answered the buyer."""


def written_since(order: Order, risks: Sequence[Risk]) -> datetime | None:
    """When the buyer was last written to, if nothing has turned since: no word of theirs, and none of these risks.

    What left here counts, and what the seller says is handled; a message that came back does not.
    """
    said = [word.at for word in order.human if word.kind == "handled" and word.risk in _OF_BUYER]
    written = max([*said, *(at for at in (answered_at(order),) if at is not None)], default=None)
    turns = [message.at for message in order.messages if message.automatic is None]
    turns += [case.opened_at for case in order.cases if case.state != "closed"]
    turns += [risk.since for risk in risks if risk.id not in _CLOCKS]
    return written if written is not None and all(written >= turn for turn in turns) else None
