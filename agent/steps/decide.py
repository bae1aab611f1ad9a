"""Judge what is due, ask the policies, look at the whole plan once more, and put what may go on into the outbox.

All of it is computed before any of it is written, and written in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from agent.policies.fingerprint import fingerprint, sends_by_itself
from agent.steps.effects import carry_out
from agent.steps.judging import Plan, Ruling, ruled
from agent.steps.rules import Rules
from agent.steps.wishes import Wish
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
    WAITING,
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

NO_LONGER = "what it answers is no longer so"
"""Why a text expires."""


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


def decide(store: Store, rules: Rules, now: datetime) -> Decided:
    """One pass over the orders that are due."""
    with store.begin() as connection:
        rules = replace(rules, armed=_armed(connection, rules))
        plan = _plan(connection, rules, now)
        ruling = ruled(plan, _past(connection, plan.wishes, now), rules, now)
        made = _write(connection, ruling, now)
        expired = sum(_expire(connection, one, now) for one in ruling.judged)
        suspicious = ruling.verdict.suspicious
        held_back = (suspicious,) if suspicious else _standing(connection)
        replace_remarks(connection, (*held_back, *plan.broken), now)
    return Decided(
        judged=len(ruling.judged),
        cases=sum(any(not risk.handled for risk in one.risks) for one in ruling.judged),
        drafts=made.count("awaiting_approval"),
        queued=made.count("queued"),
        observed=made.count("observed"),
        expired=expired,
        refused=ruling.verdict.refused,
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


def _plan(connection: Connection, rules: Rules, now: datetime) -> Plan:
    plan = Plan()
    for one in due(connection, now):
        order_id = one.order.order_id
        try:
            known = replace(one, order=with_history(connection, one.order))
            plan.add(known, order_log(connection, order_id), rows(connection, WAITING, order_id), rules, now)
        except SQLAlchemyError:
            raise
        except Exception as error:  # noqa: BLE001 -- one order that breaks a rule must not hide all others
            plan.add_broken(one, error)
    return plan


def _past(connection: Connection, wishes: Sequence[Wish], now: datetime) -> list[OutboxRow]:
    """What the guard must know of: the rows to these orders and buyers, and those of the whole shop in a day."""
    found = {row.id: row for row in rows_since(connection, now - timedelta(days=1))}
    for order_id in {wish.order.order_id for wish in wishes}:
        found |= {row.id: row for row in rows(connection, order_id=order_id)}
    found |= {row.id: row for row in rows_of_buyers(connection, {wish.planned.buyer for wish in wishes})}
    return list(found.values())


def _write(connection: Connection, ruling: Ruling, now: datetime) -> list[State]:
    """Carry out what is allowed and save the judgements; the states of the outbox's rows that are new."""
    carry_out(connection, ruling.judged, now)
    for one in ruling.judged:
        save_judgement(connection, one)
    for row in ruling.anew:
        renew(connection, row, now)
    return [row.state for row in ruling.new if put(connection, row, now)]


def _standing(connection: Connection) -> tuple[str, ...]:
    """Remarks about a plan that waits to be judged anew: a round in which it is not due takes nothing back."""
    remarks = current_remarks(connection)
    if not remarks:
        return ()
    still = {decision.refused for one in at_risk(connection) for decision in one.decisions}
    return tuple(text for text in remarks if text in still)


def _expire(connection: Connection, judged: Judged, now: datetime) -> int:
    stale = unwanted(rows(connection, WAITING, order_id=judged.order.order_id), judged)
    for row in stale:
        change(connection, row.id, "expired", now, NO_LONGER)
    return len(stale)


def unwanted(waiting: Iterable[OutboxRow], judged: Judged) -> list[OutboxRow]:
    """Texts that no decision asks for any more must not leave: the risk is over, or another text fits it now."""
    wanted = {decision.key for decision in judged.decisions if decision.refused is None}
    return [row for row in waiting if row.key not in wanted]
