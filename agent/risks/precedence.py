"""Which of several processes of one order to act on, and which risk to show first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from enum import IntEnum

from agent.risks.risk import Risk


class Process(IntEnum):
    """eBay's processes, the higher outranking the lower: a payment dispute closes requests, returns, cancellations."""

    TRACKING = 0
    CANCELLATION = 1
    REQUEST = 2
    CASE = 3
    APPEAL = 4
    PAYMENT_DISPUTE = 5


_PROCESS = {
    "payment_dispute": Process.PAYMENT_DISPUTE,
    "case_lost_appealable": Process.APPEAL,
    "inr_escalated": Process.CASE,
    "inr_opened": Process.REQUEST,
    "inr_due_soon": Process.REQUEST,
    "return_opened": Process.REQUEST,
    "return_delivered_refund_due": Process.REQUEST,
    # What a request is about once the parcel counts as delivered: the same process, so neither supersedes the other.
    "delivered_not_received": Process.REQUEST,
    "cancel_before_ship": Process.CANCELLATION,
    "cancel_race": Process.CANCELLATION,
    "cancel_after_ship": Process.CANCELLATION,
    "cancel_expired": Process.CANCELLATION,
    "shipped_after_cancel": Process.CANCELLATION,
}
ASIDE = frozenset(
    {
        "double_resolution",
        "dispute_lost_appealable",
        "case_won",
        "inr_closed_delivered",
        "return_not_shipped",
        "payment_hold",
        "negative_feedback",
        "feedback_extortion",
        "off_ebay_offer",
        "abusive_buyer_pattern",
    }
)
"""What stands beside every process: it supersedes nothing, and nothing supersedes it."""
_CHANCES = frozenset({"case_lost_appealable"})
"""A decision that may be appealed is no running appeal, which no mail tells: it never hides what wants an answer."""
_LEADS = (
    "double_resolution",
    "payment_dispute",
    "inr_escalated",
    "delivered_not_received",
    "inr_opened",
    "inr_due_soon",
    "invalid_tracking",
)
"""Which of two equally urgent risks says more of what to do; the others follow by name."""
_NEVER = datetime.max.replace(tzinfo=UTC)


def process(risk_id: str) -> Process:
    """The process that a risk belongs to."""
    return _PROCESS.get(risk_id, Process.TRACKING)


def ranked(risks: Iterable[Risk]) -> tuple[Risk, ...]:
    """Most urgent first, those of lower processes marked superseded and put last, as are handled ones."""
    found = list(risks)
    running = [process(risk.id) for risk in found if risk.id not in ASIDE | _CHANCES]
    highest = max(running, default=Process.TRACKING)
    marked = [replace(risk, superseded=risk.id not in ASIDE and process(risk.id) < highest) for risk in found]
    return tuple(sorted(marked, key=_urgency))


def _urgency(risk: Risk) -> tuple[bool, bool, str, datetime, int, str, str]:
    leads = _LEADS.index(risk.id) if risk.id in _LEADS else len(_LEADS)
    due = risk.deadline.act_by or _NEVER
    return risk.handled, risk.superseded, risk.severity, due, leads, risk.id, risk.episode
