"""The enquiry to a carrier that a policy wants, as a row of the outbox. It has no recipient: only a human sends it."""

from __future__ import annotations

from datetime import datetime

from agent.enquiries.enquiry import enquiry_for
from agent.policies.decision import Decision
from agent.policies.situation import Situation
from agent.replies.facts import parcel_of
from agent.replies.prepare import NoReply
from agent.steps.rules import Rules
from agent.steps.wishes import risk_of
from agent.store.outbox import NewRow
from agent.vocabulary.status import Mode

ASK_CARRIER = "ask_carrier"
"""The situation of a row that is meant for a carrier."""


def enquiry_row(decision: Decision, situation: Situation, rules: Rules, now: datetime) -> NewRow | NoReply | None:
    """The row, the reason why there is none, or None for any other action."""
    if decision.action != "ask_carrier" or decision.refused is not None:
        return None
    order = situation.order
    parcel = parcel_of(order, risk_of(decision, situation.risks))
    if parcel is None:
        return NoReply("there is no parcel to ask a carrier about")
    enquiry = enquiry_for(order, parcel, now, rules.shop)
    if enquiry is None:
        return NoReply("nobody knows which carrier has this parcel: look at its label")
    where = f"{enquiry.carrier}, {enquiry.channel}" + (f" ({enquiry.url})" if enquiry.url else "")
    return NewRow(
        key=decision.key,
        order_id=order.order_id,
        buyer=None,
        policy=decision.policy,
        risk=decision.risk or "",
        episode=decision.episode,
        situation=ASK_CARRIER,
        language=enquiry.language,
        state="observed" if rules.mode is Mode.OBSERVE else "awaiting_approval",
        recipient="",
        subject=enquiry.subject,
        body=enquiry.text,
        in_reply_to=None,
        message_id="",
        reason=f"for the carrier, by your own hand: {where}",
    )
