"""Judge what is due, ask the policies, look at the whole plan once more, and put what may go on into the outbox.

All of it is computed before any of it is written, and written in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from agent.orders.evidence import weakest
from agent.orders.fold import Logged
from agent.orders.order import Order
from agent.policies.decision import Decision
from agent.policies.evaluation import evaluate
from agent.policies.guard import Caps, Past, Planned, Verdict, guard
from agent.policies.policy import Policy
from agent.policies.situation import Situation
from agent.replies.facts import parcel_of
from agent.replies.prepare import NoReply, Prepared, prepare
from agent.risks.assess import assess
from agent.risks.protection import pod_ok
from agent.risks.risk import Risk
from agent.risks.timers import Timers
from agent.store import Store
from agent.store.log import order_log
from agent.store.orders import (
    Judged,
    at_risk,
    current_remarks,
    due,
    orders_of_buyer,
    replace_remarks,
    save_judgement,
)
from agent.store.outbox import WAITING, NewRow, State, change, put, rows, rows_since
from agent.vocabulary.status import Mode

ASK_AGAIN = timedelta(minutes=15)
"""How long a plan that was refused as a whole rests before it is judged anew."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What the seller decided, as far as judging needs it."""

    mode: Mode
    shop: str
    """Name of the shop: signs replies, and is part of every key."""
    sender: str
    """The address that replies are sent from."""
    policies: tuple[Policy, ...]
    caps: Caps
    timers: Timers
    replies: tuple[Path, ...] = ()
    """Folders of the seller's own reply templates."""


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
class _Wish:
    """A reply or draft that a policy wants, with its text."""

    decision: Decision
    order: Order
    prepared: Prepared
    planned: Planned


def decide(store: Store, rules: Rules, now: datetime) -> Decided:
    """One pass over the orders that are due."""
    with store.begin() as connection:
        judged, wishes, broken = _judge(connection, rules, now)
        verdict = guard(
            [wish.planned for wish in wishes], _history(connection, wishes, now), rules.caps, rules.mode, now
        )
        made = _write(connection, judged, wishes, verdict, rules, now)
        expired = sum(_expire(connection, one, now) for one in judged)
        held_back = (verdict.suspicious,) if verdict.suspicious else _standing(connection)
        replace_remarks(connection, (*held_back, *broken), now)
    return Decided(
        judged=len(judged),
        cases=sum(any(not risk.handled for risk in one.risks) for one in judged),
        drafts=made.count("awaiting_approval"),
        queued=made.count("queued"),
        observed=made.count("observed"),
        expired=expired,
        refused=verdict.refused,
    )


def _judge(connection: Connection, rules: Rules, now: datetime) -> tuple[list[Judged], list[_Wish], list[str]]:
    """Every due order with what its policies want; and in words, which could not be judged and stay due."""
    judged: list[Judged] = []
    wishes: list[_Wish] = []
    broken: list[str] = []
    for one in due(connection, now):
        try:
            done, wanted = _judge_one(connection, one, rules, now)
        except SQLAlchemyError:
            raise
        except Exception as error:  # noqa: BLE001 -- one order that breaks a rule must not hide all others
            broken.append(f"order {one.order.order_id} could not be judged: {type(error).__name__}: {error}")
            continue
        judged.append(done)
        wishes.extend(wanted)
    return judged, wishes, broken


def _judge_one(connection: Connection, one: Judged, rules: Rules, now: datetime) -> tuple[Judged, list[_Wish]]:
    assessment = assess(one.order, now, rules.timers)
    log = order_log(connection, one.order.order_id)
    situation = _situation(connection, one.order, assessment.risks, log, rules, now)
    decisions: list[Decision] = []
    wishes: list[_Wish] = []
    wanted = evaluate(rules.policies, situation, now)
    told = _told(connection, one.order, wanted)
    for decision in wanted:
        wish = _wish(decision, one.order, assessment.risks, situation, log, rules, now)
        if isinstance(wish, _Wish) and told.get(decision.situation or "", decision.key) != decision.key:
            decision = replace(decision, refused="the same is said to this buyer for another risk already")
        elif isinstance(wish, _Wish):
            told[wish.prepared.situation] = decision.key
            wishes.append(wish)
        elif isinstance(wish, NoReply):
            decision = replace(decision, refused=wish.reason)
        decisions.append(decision)
    done = replace(one, risks=assessment.risks, decisions=tuple(decisions), next_due_at=assessment.next_due_at)
    return done, wishes


def _situation(
    connection: Connection, order: Order, risks: tuple[Risk, ...], log: Iterable[Logged], rules: Rules, now: datetime
) -> Situation:
    others = orders_of_buyer(connection, order.buyer) if order.buyer else [order]
    return Situation(
        order=order,
        risks=risks,
        mode=rules.mode,
        shop=rules.shop,
        evidence=weakest_evidence(log, risks),
        protection=pod_ok(order, now).verdict,
        buyer_orders=len(others),
        buyer_requests=sum(len(other.cases) for other in others),
    )


def weakest_evidence(log: Iterable[Logged], risks: Iterable[Risk]) -> str | None:
    """How surely what the risks rest on belongs to the order: the weakest tie among their sources."""
    sources = {source for risk in risks for source in risk.because}
    return weakest(entry.evidence for entry in log if entry.event.source in sources)


def least_confidence(log: Iterable[Logged], sources: Iterable[str]) -> float:
    """How surely what a decision rests on was read: the least sure event of its sources; 1 where none was read."""
    named = set(sources)
    return min((entry.event.confidence for entry in log if entry.event.source in named), default=1.0)


def contested(order: Order, risk: Risk | None, risks: Iterable[Risk]) -> str | None:
    """What stands against the parcel that a reply would speak of, or against what it rests on: both sides in words."""
    parcel = parcel_of(order, risk)
    rests_on = set(risk.because) if risk else set()
    for other in risks:
        if other.handled or not other.contests:
            continue
        if parcel.tracking_number in other.contests if parcel else rests_on.intersection(other.because):
            return other.summary
    return None


def _told(connection: Connection, order: Order, wanted: Iterable[Decision]) -> dict[str, str]:
    """Situation → key of the text that waits for this order and is still wanted: one is enough."""
    keys = {decision.key for decision in wanted}
    return {row.situation: row.key for row in rows(connection, WAITING, order_id=order.order_id) if row.key in keys}


def _wish(
    decision: Decision,
    order: Order,
    risks: Sequence[Risk],
    situation: Situation,
    log: Iterable[Logged],
    rules: Rules,
    now: datetime,
) -> _Wish | NoReply | None:
    """The text for a draft or reply, the reason why there is none, or None for any other action."""
    if decision.situation is None or decision.refused is not None or decision.action not in ("draft", "reply"):
        return None
    risk = next((one for one in risks if (one.id, one.episode) == (decision.risk, decision.episode)), None)
    prepared = prepare(decision.situation, order, risk, now, rules.shop, rules.replies)
    if isinstance(prepared, NoReply):
        return prepared
    planned = Planned(
        key=decision.key,
        # What has no address cannot leave by itself: it is a text for the seller to copy into eBay.
        action="reply" if decision.action == "reply" and prepared.to else "draft",
        order_id=order.order_id,
        buyer=order.buyer or (prepared.to.recipient if prepared.to else ""),
        policy=decision.policy,
        verified=True,  # only verified mail reaches the log
        evidence=situation.evidence,
        confidence=least_confidence(log, risk.because if risk else ()),
        contested=contested(order, risk, risks),
        event_at=risk.since if risk else now,
        most=decision.most,
    )
    return _Wish(decision=decision, order=order, prepared=prepared, planned=planned)


def _history(connection: Connection, wishes: Sequence[_Wish], now: datetime) -> list[Past]:
    found = {row.id: row for row in rows_since(connection, now - timedelta(days=1))}
    for order_id in {wish.order.order_id for wish in wishes}:
        found |= {row.id: row for row in rows(connection, order_id=order_id)}
    return [
        Past(
            key=row.key,
            order_id=row.order_id,
            buyer=row.buyer or row.recipient,
            policy=row.policy,
            state=row.state,
            at=row.updated_at,
        )
        for row in found.values()
        if row.state != "observed" and row.state != "expired"  # never left, and may yet become a draft
    ]


def _write(
    connection: Connection,
    judged: Sequence[Judged],
    wishes: Sequence[_Wish],
    verdict: Verdict,
    rules: Rules,
    now: datetime,
) -> list[State]:
    """Save the judgements and put what is allowed into the outbox; the states of the rows that are new."""
    for one in judged:
        decisions = tuple(
            replace(decision, refused=verdict.refusals.get(decision.key, decision.refused))
            for decision in one.decisions
        )
        again = one.next_due_at
        if verdict.suspicious and any(decision.key in verdict.refusals for decision in decisions):
            again = min(again or now + ASK_AGAIN, now + ASK_AGAIN)
        save_judgement(connection, replace(one, decisions=decisions, next_due_at=again))
    allowed = {planned.key: planned for planned in verdict.allowed}
    made: list[State] = []
    for wish in wishes:
        planned = allowed.get(wish.decision.key)
        if planned is not None:
            row = _row(wish, planned, rules)
            if put(connection, row, now):
                made.append(row.state)
    return made


def _row(wish: _Wish, planned: Planned, rules: Rules) -> NewRow:
    to = wish.prepared.to
    state: State = "awaiting_approval"
    if rules.mode is Mode.OBSERVE:
        state = "observed"
    elif rules.mode is Mode.LIVE and planned.action == "reply":
        state = "queued"
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
        subject=to.subject if to else f"Order {wish.order.order_id}",
        body=wish.prepared.body,
        in_reply_to=to.in_reply_to if to else None,
        message_id=f"<{wish.decision.key[:32]}@{rules.sender.rpartition('@')[2] or 'orderwatch.invalid'}>",
        reason=wish.prepared.no_address,
    )


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
