"""What due orders come to: their risks, what the policies decide, the texts wanted, and what of it may go on. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from agent.orders.fold import Logged
from agent.orders.order import Order
from agent.policies.decision import Decision
from agent.policies.evaluation import evaluate
from agent.policies.grounds import weakest_evidence
from agent.policies.guard import Past, Verdict, guard
from agent.policies.situation import Situation
from agent.replies.prepare import NoReply
from agent.risks.assess import assess
from agent.risks.clock import Clock
from agent.risks.protection import pod_ok
from agent.risks.risk import Risk
from agent.steps.enquiring import enquiry_row
from agent.steps.rules import Rules
from agent.steps.wishes import Wish, row_of, wish_for
from agent.store.orders import Judged
from agent.store.outbox import STALE, NewRow, OutboxRow

ASK_AGAIN = timedelta(minutes=15)
"""How long a plan that was refused as a whole rests before it is judged anew."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What all policies together want, before the guard has looked at it."""

    judged: list[Judged] = field(default_factory=list)
    wishes: list[Wish] = field(default_factory=list)
    enquiries: list[NewRow] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    """In words, which orders could not be judged and stay due."""

    def add(
        self, one: Judged, log: Sequence[Logged], waiting: Iterable[OutboxRow], rules: Rules, now: datetime
    ) -> None:
        """An order with its risks, what its policies decide, and the texts that they want.

        `one` bears its buyer's history; `waiting`: the order's texts that wait.
        """
        assessment = assess(one.order, now, rules.timers)
        situation = _situation(one.order, assessment.risks, log, rules, now)
        clock = Clock(now)
        wanted = evaluate(rules.policies, situation, now, clock)
        keys = {decision.key for decision in wanted}
        still = [row for row in waiting if row.key in keys]  # one text of a situation is enough
        told = {row.situation: row.key for row in still}
        decisions: list[Decision] = []
        wishes: list[Wish] = []
        enquiries: list[NewRow] = []
        for decision in wanted:
            made = wish_for(decision, situation, log, rules, now) or enquiry_row(decision, situation, rules, now)
            if isinstance(made, NoReply):
                decision = replace(decision, refused=made.reason)
            elif isinstance(made, NewRow):
                enquiries.append(made)
            elif made is not None and told.get(made.prepared.situation, decision.key) != decision.key:
                decision = replace(decision, refused="the same is said to this buyer for another risk already")
            elif made is not None:
                told[made.prepared.situation] = decision.key
                wishes.append(made)
            decisions.append(decision)
        anew = [_anew_at(row, now) for row in still] + [now + STALE for _ in wishes]
        again = _earliest(assessment.next_due_at, clock.next_due, *anew)
        self.judged.append(replace(one, risks=assessment.risks, decisions=tuple(decisions), next_due_at=again))
        self.wishes.extend(wishes)
        self.enquiries.extend(enquiries)

    def add_broken(self, one: Judged, error: Exception) -> None:
        """One order that breaks a rule must not hide all others."""
        self.broken.append(f"order {one.order.order_id} could not be judged: {type(error).__name__}: {error}")


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """A plan after the guard: what is to be saved and put into the outbox."""

    judged: list[Judged]
    new: list[NewRow]
    """For the outbox, unless they are there."""
    anew: list[NewRow]
    """Texts as they read now, for those that have waited too long."""
    verdict: Verdict


def ruled(plan: Plan, past: Iterable[OutboxRow], rules: Rules, now: datetime) -> Ruling:
    """`past`: every row to the plan's orders and buyers, and those of the whole shop that changed in a day."""
    verdict = guard([wish.planned for wish in plan.wishes], _history(past), rules.caps, rules.mode, now)
    allowed = {planned.key: planned for planned in verdict.allowed}
    new = [row_of(wish, allowed[wish.decision.key], rules, now) for wish in plan.wishes if wish.decision.key in allowed]
    fit = [wish for wish in plan.wishes if wish.decision.key not in verdict.refusals]
    return Ruling(
        judged=[_as_allowed(one, verdict, now) for one in plan.judged],
        new=[*new, *plan.enquiries],
        anew=[row_of(wish, wish.planned, rules, now) for wish in fit],
        verdict=verdict,
    )


def _situation(order: Order, risks: tuple[Risk, ...], log: Iterable[Logged], rules: Rules, now: datetime) -> Situation:
    return Situation(
        order=order,
        risks=risks,
        mode=rules.mode,
        shop=rules.shop,
        evidence=weakest_evidence(log, risks),
        protection=pod_ok(order, now).verdict,
        buyer_orders=order.history.orders if order.history else 1,
        buyer_requests=len(order.history.requests if order.history else order.cases),
        zone=rules.zone,
    )


def _anew_at(row: OutboxRow, now: datetime) -> datetime | None:
    """When a waiting text is to be written anew; one whose time has come is, in this very pass."""
    return None if row.stale_at is None else row.stale_at if row.stale_at > now else now + STALE


def _history(rows: Iterable[OutboxRow]) -> list[Past]:
    """What left, or may have, to these orders and buyers, and of the whole shop in a day."""
    return [
        Past(
            key=row.key,
            order_id=row.order_id,
            buyer=row.buyer or row.recipient,
            policy=row.policy,
            state=row.state,
            at=max(row.updated_at, row.not_before) if row.state == "queued" and row.not_before else row.updated_at,
        )
        for row in rows
        if row.state != "observed" and row.state != "expired"  # never left, and may yet become a draft
    ]


def _as_allowed(one: Judged, verdict: Verdict, now: datetime) -> Judged:
    """The order with what the guard refused, and due again when the reason for it is gone."""
    decisions = tuple(
        replace(made, refused=verdict.refusals[made.key], again_at=verdict.again_at.get(made.key))
        if made.key in verdict.refusals
        else made
        for made in one.decisions
    )
    again = _earliest(one.next_due_at, *(made.again_at for made in decisions))
    if verdict.suspicious and any(made.key in verdict.refusals for made in decisions):
        again = _earliest(again, now + ASK_AGAIN)
    return replace(one, decisions=decisions, next_due_at=again)


def _earliest(*moments: datetime | None) -> datetime | None:
    return min((at for at in moments if at is not None), default=None)
