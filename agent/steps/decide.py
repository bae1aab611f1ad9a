"""Judge what is due, ask the policies, look at the whole plan once more, and put what may go on into the outbox.

All of it is computed before any of it is written, and written in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from agent.orders.fold import Logged
from agent.orders.order import Order
from agent.policies.decision import Decision
from agent.policies.evaluation import evaluate
from agent.policies.fingerprint import fingerprint, sends_by_itself
from agent.policies.grounds import weakest_evidence
from agent.policies.guard import Past, Verdict, guard
from agent.policies.situation import Situation
from agent.replies.prepare import NoReply
from agent.risks.assess import assess
from agent.risks.clock import Clock
from agent.risks.protection import pod_ok
from agent.risks.risk import Risk
from agent.steps.effects import carry_out
from agent.steps.enquiring import enquiry_row
from agent.steps.rules import Rules
from agent.steps.wishes import Wish, row_of, wish_for
from agent.store import Store
from agent.store.arming import known_armings
from agent.store.log import order_log
from agent.store.orders import (
    Judged,
    at_risk,
    current_remarks,
    due,
    replace_remarks,
    save_judgement,
    with_history,
)
from agent.store.outbox import (
    STALE,
    WAITING,
    NewRow,
    OutboxRow,
    State,
    change,
    put,
    renew,
    rows,
    rows_of_buyers,
    rows_since,
)

__all__ = ["Decided", "Rules", "decide"]

ASK_AGAIN = timedelta(minutes=15)
"""How long a plan that was refused as a whole rests before it is judged anew."""


@dataclass(frozen=True, kw_only=True)
class Decided:
    judged: int = 0
    cases: int = 0
    """Judged orders with a risk that is not handled."""
    drafts: int = 0
    """New rows that wait for approval."""
    queued: int = 0
    observed: int = 0
    expired: int = 0
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """What all policies together want, before the guard has looked at it."""

    judged: list[Judged]
    wishes: list[Wish]
    enquiries: list[NewRow]
    broken: list[str]
    """In words, which orders could not be judged and stay due."""


def decide(store: Store, rules: Rules, now: datetime) -> Decided:
    """One pass over the orders that are due."""
    with store.begin() as connection:
        rules = replace(rules, armed=_armed(connection, rules))
        plan = _plan(connection, rules, now)
        history = _history(connection, plan.wishes, now)
        verdict = guard([wish.planned for wish in plan.wishes], history, rules.caps, rules.mode, now)
        judged = [_as_allowed(one, verdict, now) for one in plan.judged]
        made = _write(connection, judged, plan, verdict, rules, now)
        expired = sum(_expire(connection, one, now) for one in judged)
        held_back = (verdict.suspicious,) if verdict.suspicious else _standing(connection)
        replace_remarks(connection, (*held_back, *plan.broken), now)
    return Decided(
        judged=len(judged),
        cases=sum(any(not risk.handled for risk in one.risks) for one in judged),
        drafts=made.count("awaiting_approval"),
        queued=made.count("queued"),
        observed=made.count("observed"),
        expired=expired,
        refused=verdict.refused,
    )


def _armed(connection: Connection, rules: Rules) -> frozenset[str]:
    """In mode live nothing leaves by itself of a policy that was neither tried on this shop nor vouched for."""
    if rules.armed is not None:
        return rules.armed
    known = known_armings(connection)
    return frozenset(
        policy.name
        for policy in rules.policies
        if sends_by_itself(policy) and fingerprint(policy, rules.replies) in known
    )


def _plan(connection: Connection, rules: Rules, now: datetime) -> _Plan:
    plan = _Plan(judged=[], wishes=[], enquiries=[], broken=[])
    for one in due(connection, now):
        try:
            done, wishes, enquiries = _judge(connection, one, rules, now)
        except SQLAlchemyError:
            raise
        except Exception as error:  # noqa: BLE001 -- one order that breaks a rule must not hide all others
            plan.broken.append(f"order {one.order.order_id} could not be judged: {type(error).__name__}: {error}")
            continue
        plan.judged.append(done)
        plan.wishes.extend(wishes)
        plan.enquiries.extend(enquiries)
    return plan


def _judge(connection: Connection, one: Judged, rules: Rules, now: datetime) -> tuple[Judged, list[Wish], list[NewRow]]:
    """An order with its risks, what its policies decide, and the texts that they want."""
    one = replace(one, order=with_history(connection, one.order))
    assessment = assess(one.order, now, rules.timers)
    log = order_log(connection, one.order.order_id)
    situation = _situation(one.order, assessment.risks, log, rules, now)
    clock = Clock(now)
    wanted = evaluate(rules.policies, situation, now, clock)
    waiting = _waiting(connection, one.order, wanted)
    told = {row.situation: row.key for row in waiting}
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
    anew = [_anew_at(row, now) for row in waiting] + [now + STALE for _ in wishes]
    again = _earliest(assessment.next_due_at, clock.next_due, *anew)
    done = replace(one, risks=assessment.risks, decisions=tuple(decisions), next_due_at=again)
    return done, wishes, enquiries


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


def _waiting(connection: Connection, order: Order, wanted: Iterable[Decision]) -> list[OutboxRow]:
    """The texts that wait for this order and are still wanted: one of a situation is enough."""
    keys = {decision.key for decision in wanted}
    return [row for row in rows(connection, WAITING, order_id=order.order_id) if row.key in keys]


def _anew_at(row: OutboxRow, now: datetime) -> datetime | None:
    """When a waiting text is to be written anew; one whose time has come is, in this very pass."""
    return None if row.stale_at is None else row.stale_at if row.stale_at > now else now + STALE


def _history(connection: Connection, wishes: Sequence[Wish], now: datetime) -> list[Past]:
    """What left, or may have, to these orders and buyers, and of the whole shop in a day."""
    found = {row.id: row for row in rows_since(connection, now - timedelta(days=1))}
    for order_id in {wish.order.order_id for wish in wishes}:
        found |= {row.id: row for row in rows(connection, order_id=order_id)}
    found |= {row.id: row for row in rows_of_buyers(connection, {wish.planned.buyer for wish in wishes})}
    return [
        Past(
            key=row.key,
            order_id=row.order_id,
            buyer=row.buyer or row.recipient,
            policy=row.policy,
            state=row.state,
            at=max(row.updated_at, row.not_before) if row.state == "queued" and row.not_before else row.updated_at,
        )
        for row in found.values()
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


def _write(
    connection: Connection, judged: Sequence[Judged], plan: _Plan, verdict: Verdict, rules: Rules, now: datetime
) -> list[State]:
    """Carry out what is allowed and save the judgements; the states of the outbox's rows that are new."""
    carry_out(connection, judged, now)
    for one in judged:
        save_judgement(connection, one)
    allowed = {planned.key: planned for planned in verdict.allowed}
    wanted = [
        row_of(wish, allowed[wish.decision.key], rules, now) for wish in plan.wishes if wish.decision.key in allowed
    ]
    for wish in plan.wishes:
        if wish.decision.key not in verdict.refusals:
            renew(connection, row_of(wish, wish.planned, rules, now), now)
    return [row.state for row in (*wanted, *plan.enquiries) if put(connection, row, now)]


def _standing(connection: Connection) -> tuple[str, ...]:
    """Remarks about a plan that waits to be judged anew: a round in which it is not due takes nothing back."""
    remarks = current_remarks(connection)
    if not remarks:
        return ()
    still = {decision.refused for one in at_risk(connection) for decision in one.decisions}
    return tuple(text for text in remarks if text in still)


def _expire(connection: Connection, judged: Judged, now: datetime) -> int:
    """Texts that no decision asks for any more must not leave: the risk is over, or another text fits it now."""
    wanted = {decision.key for decision in judged.decisions if decision.refused is None}
    stale = [row for row in rows(connection, WAITING, order_id=judged.order.order_id) if row.key not in wanted]
    for row in stale:
        change(connection, row.id, "expired", now, "what it answers is no longer so")
    return len(stale)
