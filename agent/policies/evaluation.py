"""Which policy decides about which risk: the first that matches, in the order in which they are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agent.orders.evidence import strong_enough
from agent.policies.actions import Action
from agent.policies.conditions import CONDITIONS, Answer
from agent.policies.decision import Decision, key_of
from agent.policies.policy import Check, Clause, Group, Policy
from agent.policies.situation import Matter, Situation


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


def evaluate(policies: Sequence[Policy], situation: Situation, now: datetime) -> tuple[Decision, ...]:
    """What the policies want for one order. Pure; one decision per risk and action, most urgent risk first.

    Each risk that is neither handled nor superseded is asked of every policy that names risks; the first match wins.
    A policy that names none is asked once, about the order's lead risk, or about the order itself if it has no risk.
    """
    decisions: list[Decision] = []
    open_risks = [risk for risk in situation.risks if not risk.handled and not risk.superseded]
    matters = [Matter(situation=situation, risk=risk, now=now) for risk in open_risks]
    if not situation.risks:
        matters = [Matter(situation=situation, risk=None, now=now)]
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
            lost.append(f"{policy.name}: matches too, but {winner[0].name} stands before it")
    if winner is None:
        return (), False
    policy, match = winner
    made = tuple(_decision(policy, action, matter, match, tuple(lost)) for action in policy.then)
    return made, any(action.kind == "stop" for action in policy.then)


def _decision(policy: Policy, action: Action, matter: Matter, match: Match, lost: tuple[str, ...]) -> Decision:
    order, risk = matter.order, matter.risk
    episode = risk.episode if risk else _quiet_episode(matter)
    return Decision(
        policy=policy.name,
        action=action.kind,
        order_id=order.order_id,
        risk=risk.id if risk else None,
        episode=episode,
        severity=risk.severity if risk else "P4",
        text=action.text or (risk.summary if risk else ""),
        situation=action.situation,
        key=key_of(
            matter.situation.shop,
            order.order_id,
            policy.name,
            risk.id if risk else None,
            episode,
            action.kind,
            action.situation or action.text,
        ),
        matched=match.held,
        lost=lost,
        refused=_refusal(policy, action, matter),
        most=policy.limits.per_order,
    )


def _quiet_episode(matter: Matter) -> str:
    """What makes the state of an order without risks one and the same: the last thing that its parcels did."""
    scans = [parcel.last_scan_at.isoformat() for parcel in matter.order.shipments if parcel.last_scan_at]
    return max(scans, default="order")


def _refusal(policy: Policy, action: Action, matter: Matter) -> str | None:
    if action.kind == "ask_carrier":
        return "not yet available: ask the carrier yourself"
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
