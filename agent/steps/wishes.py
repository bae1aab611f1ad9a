"""A reply or draft that a policy wants: its text, what the guard must know of it, and the row that it becomes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from agent.orders.fold import Logged
from agent.orders.order import Order
from agent.policies.decision import Decision
from agent.policies.grounds import contested, least_confidence, noted_since
from agent.policies.guard import Planned
from agent.policies.limits import NO_LIMITS, Limits
from agent.policies.situation import Situation
from agent.replies.prepare import NoReply, Prepared, prepare
from agent.risks.risk import Risk
from agent.steps.rules import Rules
from agent.store.outbox import NewRow, State
from agent.vocabulary.status import Mode


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A reply or draft that a policy wants, with its text."""

    decision: Decision
    order: Order
    prepared: Prepared
    planned: Planned
    waits: str | None = None
    """Why a reply waits for a human although its policy would send it."""


def wish_for(
    decision: Decision, situation: Situation, log: Iterable[Logged], rules: Rules, now: datetime
) -> Wish | NoReply | None:
    """The text for a draft or reply, the reason why there is none, or None for any other action."""
    if decision.situation is None or decision.refused is not None or decision.action not in ("draft", "reply"):
        return None
    order, risk = situation.order, risk_of(decision, situation.risks)
    prepared = prepare(decision.situation, order, risk, now, rules.shop, rules.replies)
    if isinstance(prepared, NoReply):
        return prepared
    waits = _waits(decision, order, risk, rules)
    limits = limits_of(rules, decision.policy)
    planned = Planned(
        key=decision.key,
        # What has no address cannot leave by itself: it is a text for the seller to copy into eBay.
        action="reply" if decision.action == "reply" and prepared.to and waits is None else "draft",
        order_id=order.order_id,
        buyer=order.buyer or (prepared.to.recipient if prepared.to else ""),
        policy=decision.policy,
        verified=True,  # only verified mail reaches the log
        evidence=situation.evidence,
        confidence=least_confidence(log, risk.because if risk else ()),
        contested=contested(order, risk, situation.risks),
        event_at=risk.since if risk else now,
        limits=limits,
        automatic=order.messages[-1].automatic if order.messages else None,
        leaves_at=_after_quiet_hours(limits, rules, now),
    )
    return Wish(decision=decision, order=order, prepared=prepared, planned=planned, waits=waits)


def risk_of(decision: Decision, risks: Sequence[Risk]) -> Risk | None:
    """The risk that a decision is about; None where it is about the order itself."""
    return next((one for one in risks if (one.id, one.episode) == (decision.risk, decision.episode)), None)


def limits_of(rules: Rules, policy: str) -> Limits:
    return next((one.limits for one in rules.policies if one.name == policy), NO_LIMITS)


def _waits(decision: Decision, order: Order, risk: Risk | None, rules: Rules) -> str | None:
    if rules.mode is not Mode.LIVE or decision.action != "reply":
        return None
    if decision.policy not in (rules.armed or ()):
        return f"{decision.policy} was not tried on this shop yet: `orderwatch policies test`"
    if noted_since(order, risk):
        return "you noted something with this order since: send it if it still fits"
    return None


def row_of(wish: Wish, planned: Planned, rules: Rules, now: datetime) -> NewRow:
    """What goes into the outbox."""
    to = wish.prepared.to
    state: State = "awaiting_approval"
    reason, not_before = wish.prepared.no_address or wish.waits, None
    if rules.mode is Mode.OBSERVE:
        state = "observed"
    elif rules.mode is Mode.LIVE and planned.action == "reply":
        state, not_before = "queued", planned.leaves_at
        if not_before is not None:
            reason = f"leaves after the quiet hours, {not_before:%a %d %b %H:%M}"
    return NewRow(
        key=wish.decision.key,
        order_id=wish.order.order_id,
        buyer=wish.order.buyer,
        policy=wish.decision.policy,
        risk=wish.decision.risk or "",
        episode=wish.decision.episode,
        situation=wish.prepared.situation,
        language=wish.prepared.language,
        state=state,
        recipient=to.recipient if to else "",
        subject=wish.prepared.subject,
        body=wish.prepared.body,
        in_reply_to=to.in_reply_to if to else None,
        message_id=f"<{wish.decision.key[:32]}@{rules.sender.rpartition('@')[2] or 'orderwatch.invalid'}>",
        reason=reason,
        not_before=not_before,
    )


def _after_quiet_hours(limits: Limits, rules: Rules, now: datetime) -> datetime | None:
    """Until when a reply must lie, by the policy's quiet hours and the shop's."""
    quiet = [hours for hours in (limits.quiet_hours, rules.caps.quiet_hours) if hours is not None]
    until = now
    for _ in quiet:  # the end of the one may lie in the other
        for hours in quiet:
            if hours.holds(until, rules.zone):
                until = hours.end_after(until, rules.zone)
    return until if until > now else None
