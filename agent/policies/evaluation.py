"""Which policy decides about which risk: the first that matches, by priority and then as they are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent.orders.evidence import strong_enough
from agent.policies.actions import Action, ActionKind
from agent.policies.conditions import CONDITIONS, Answer
from agent.policies.decision import Decision, key_of
from agent.policies.duration import written
from agent.policies.policy import Check, Clause, Group, Policy
from agent.policies.situation import Matter, Situation
from agent.risks.clock import Clock

LONG_PAST = timedelta(days=2)
"""A date that passed longer ago than this wakes nobody: backlog after a stop, or history that is read in."""

_ONCE_FOR_ALL: tuple[ActionKind, ...] = ("alert", "note", "ask_carrier")
"""Said once for an occurrence of a risk, whichever policy says it: another one deciding later does not repeat it."""


@dataclass(frozen=True)
class Match:
    """Whether a policy matches a matter, and what said so."""

    holds: bool
    held: tuple[str, ...]
    """The conditions that hold, as written."""
    why_not: str | None = None
    """The first condition that does not."""
    elsewhere: bool = False
    """It is about other risks, and so was never in question."""


def evaluate(
    policies: Sequence[Policy], situation: Situation, now: datetime, clock: Clock | None = None
) -> tuple[Decision, ...]:
    """What the policies want for one order. Pure; one decision per risk and action, most urgent risk first.

    Each risk that is neither handled nor superseded is asked of every policy that names risks; the first match wins.
    A policy that names none is asked once, about the order's lead risk, or about the order itself if it has no risk.
    `clock` learns when another answer could come without news.
    """
    decisions: list[Decision] = []
    policies = sorted(policies, key=lambda policy: -policy.priority)  # stable: equal ones stay as written
    open_risks = [risk for risk in situation.risks if not risk.handled and not risk.superseded]
    matters = [Matter(situation=situation, risk=risk, now=now, clock=clock) for risk in open_risks]
    if not situation.risks:
        matters = [Matter(situation=situation, risk=None, now=now, clock=clock)]
    for rank, matter in enumerate(matters):
        candidates = [policy for policy in policies if policy.about_a_risk or rank == 0]
        made, stop = _decide(candidates, matter)
        decisions.extend(made)
        if stop:
            break
    return tuple(decisions)


def matches(policy: Policy, matter: Matter) -> Match:
    """Whether all conditions of a policy hold; a condition that nobody can answer does not."""
    held: list[str] = []
    for clause in policy.when:
        answer, words = _ask(clause, matter)
        if answer is not True:
            elsewhere = isinstance(clause, Check) and clause.name == "risk" and answer is False
            return Match(False, tuple(held), words, elsewhere)
        held.append(clause.written)
    return Match(True, tuple(held))


def _decide(policies: Sequence[Policy], matter: Matter) -> tuple[tuple[Decision, ...], bool]:
    winner: tuple[Policy, Match] | None = None
    lost: list[str] = []
    for policy in policies:
        match = matches(policy, matter)
        if match.elsewhere:
            continue
        if not match.holds:
            lost.append(f"{policy.name}: {match.why_not}")
        elif winner is None:
            winner = policy, match
        else:
            lost.append(f"{policy.name}: matches too, but {_before(winner[0], policy)}")
    if winner is None:
        return (), False
    policy, match = winner
    made = tuple(_decision(policy, action, matter, match, tuple(lost)) for action in policy.then)
    return made, any(action.kind == "stop" for action in policy.then)


def _before(winner: Policy, loser: Policy) -> str:
    if winner.priority > loser.priority:
        return f"{winner.name} has the higher priority ({winner.priority} to {loser.priority})"
    return f"{winner.name} stands before it"


def _decision(policy: Policy, action: Action, matter: Matter, match: Match, lost: tuple[str, ...]) -> Decision:
    order, risk = matter.order, matter.risk
    episode = risk.episode if risk else _told_episode(matter) if action.situation else _quiet_episode(matter)
    return Decision(
        policy=policy.name,
        action=action.kind,
        order_id=order.order_id,
        risk=risk.id if risk else None,
        episode=episode,
        severity=risk.severity if risk else "P4",
        text=action.text or (_nothing(policy) if action.kind == "stop" else risk.summary if risk else ""),
        situation=action.situation,
        key=key_of(
            matter.situation.shop,
            order.order_id,
            "" if action.kind in _ONCE_FOR_ALL else policy.name,
            risk.id if risk else None,
            episode,
            action.kind,
            action.situation or action.text,
        ),
        matched=match.held,
        lost=lost,
        refused=_refusal(policy, action, matter),
    )


def _nothing(policy: Policy) -> str:
    """What `stop` does, as a seller reads it."""
    return f"nothing{' more' if len(policy.then) > 1 else ''}, by policy {policy.name}"


def _quiet_episode(matter: Matter) -> str:
    """What makes the state of an order without risks one and the same: the last thing that its parcels did."""
    scans = [parcel.last_scan_at.isoformat() for parcel in matter.order.shipments if parcel.last_scan_at]
    return max(scans, default="order")


def _told_episode(matter: Matter) -> str:
    """As `_quiet_episode`, for a text to the buyer: not every scan is a reason to write anew."""
    begun = [parcel.first_scan_at.isoformat() for parcel in matter.order.shipments if parcel.first_scan_at]
    asked = [message.at.isoformat() for message in matter.order.messages]
    return " ".join((max(begun, default="order"), *asked[-1:]))


def _refusal(policy: Policy, action: Action, matter: Matter) -> str | None:
    if action.kind == "alert":
        act_by = matter.risk.deadline.act_by if matter.risk else None
        late = act_by is not None and matter.now - act_by > LONG_PAST
        return f"its date passed more than {written(LONG_PAST)} ago: the digest shows it" if late else None
    if action.situation is None or strong_enough(matter.evidence, policy.limits.evidence):
        return None
    if matter.evidence is None:  # no message to answer: nothing can be sent, but a text to copy into eBay helps
        return None if action.kind == "draft" else "nothing ties a message of the buyer to this order"
    level, wanted = matter.evidence.replace("_", " "), policy.limits.evidence.replace("_", " ")
    return f"tied to the order by {level} only; a reply needs {wanted} or stronger"


def _ask(clause: Clause, matter: Matter) -> tuple[Answer, str]:
    """The answer, and in words why it is not yes."""
    if isinstance(clause, Group):
        return _ask_group(clause, matter), f"not so: {clause.written}"
    try:
        answer = CONDITIONS[clause.name].ask(matter, clause.argument)
    except Exception as error:  # noqa: BLE001 -- fails closed: a broken condition never matches, and the trace says so
        return None, f"could not judge {clause.written} ({type(error).__name__}: {error})"
    return answer, f"{'nobody knows' if answer is None else 'not so'}: {clause.written}"


def _ask_group(group: Group, matter: Matter) -> Answer:
    """Three-valued: what nobody knows stays unknown under `not`."""
    answers = [_ask(member, matter)[0] for member in group.members]
    if group.kind == "all":
        return False if False in answers else None if None in answers else True
    some = True if True in answers else None if None in answers else False
    return some if group.kind == "any" or some is None else not some
