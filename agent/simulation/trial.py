"""Policies tried on an open store, and armed: what `orderwatch policies` answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from agent.policies.fingerprint import fingerprint, sends_by_itself
from agent.policies.policy import Policy
from agent.replies.templates import templates
from agent.simulation.comparison import differences
from agent.simulation.deeds import Replay
from agent.simulation.history import History, history
from agent.simulation.replay import replay
from agent.simulation.shape import of_differences, of_replay
from agent.steps.rules import Rules
from agent.store import Store
from agent.store.arming import Arming, arm, known_armings
from agent.store.orders import judge_all_again

SHORTEST = 8
"""Letters of a hash that must at least be typed."""


class CannotArm(Exception):
    """The message says why, and what to do."""


def try_policies(store: Store, rules: Rules, back: timedelta, now: datetime) -> tuple[Replay, History, dict[str, Any]]:
    """Replay the shop's log; policies of which that was enough to see are armed from now on."""
    with store.begin() as connection:
        past = history(connection)
    done = replay(past, rules, since=now - back, until=now)
    hashes = fingerprints(rules)
    tried = [policy for policy in rules.policies if sends_by_itself(policy) and done.tried(policy.name)]
    days = done.span // timedelta(days=1)
    with store.begin() as connection:
        for policy in tried:
            one = Arming(fingerprint=hashes[policy.name], policy=policy.name, how="tested", at=now, days=days)
            arm(connection, one)
    return done, past, of_replay(done, rules.policies, hashes)


def try_against(past: History, here: Replay, rules: Rules, other: Sequence[Policy], back: timedelta) -> dict[str, Any]:
    """What other policies would have done otherwise with the same log; this arms nothing."""
    changed = replace(rules, policies=tuple(other))
    there = replay(past, changed, since=here.until - back, until=here.until)
    found = of_differences(here, there, differences(here, there))
    return {"other": of_replay(there, changed.policies, fingerprints(changed)), "differences": found}


def fingerprints(rules: Rules) -> dict[str, str]:
    """By the policies' names."""
    return {policy.name: fingerprint(policy, rules.replies) for policy in rules.policies}


def standing(store: Store, rules: Rules) -> list[dict[str, Any]]:
    """Each policy with what it does, and whether it may do it by itself."""
    with store.begin() as connection:
        known = known_armings(connection)
    return [_standing(policy, fingerprint(policy, rules.replies), known) for policy in rules.policies]


def _standing(policy: Policy, hash_: str, known: Mapping[str, Arming]) -> dict[str, Any]:
    found = known.get(hash_)
    armed = {"how": found.how, "days": found.days, "at": found.at.isoformat()} if found else None
    does = [f"{action.kind} {action.situation}" if action.situation else action.kind for action in policy.then]
    return {
        "policy": policy.name,
        "does": list(dict.fromkeys(does)),
        "sends_by_itself": sends_by_itself(policy),
        "fingerprint": hash_,
        "armed": armed,
    }


def unarmed(store: Store, rules: Rules) -> tuple[str, ...]:
    """Names of the policies that would send by themselves and may not."""
    return tuple(one["policy"] for one in standing(store, rules) if one["sends_by_itself"] and one["armed"] is None)


def the_policy(rules: Rules, name: str) -> Policy:
    """Raises CannotArm."""
    found = next((policy for policy in rules.policies if policy.name == name), None)
    if found is None:
        raise CannotArm(f'there is no policy "{name}": `orderwatch policies list` shows them')
    if not sends_by_itself(found):
        raise CannotArm(f'"{name}" sends nothing by itself: there is nothing to arm')
    return found


def vouch(store: Store, rules: Rules, name: str, typed: str, now: datetime) -> str:
    """Arm a policy by its hash, as a human typed it; raises CannotArm."""
    policy = the_policy(rules, name)
    hash_ = fingerprint(policy, rules.replies)
    if len(typed) < SHORTEST or not hash_.startswith(typed.strip().lower()):
        raise CannotArm(f'"{name}" has the hash {hash_[:12]}, not {typed or "none"}: it was changed since you read it')
    with store.begin() as connection:
        arm(connection, Arming(fingerprint=hash_, policy=name, how="acknowledged", at=now))
        judge_all_again(connection, now)
    return f"{name} may send by itself in mode live, as long as neither it nor its texts change."


def texts_of(policy: Policy, folders: Sequence[Path]) -> list[tuple[str, str, str]]:
    """Situation, language and template of everything that a policy may send by itself."""
    named = [action.situation for action in policy.then if action.kind == "reply"]
    found = sorted(templates(*folders).values(), key=lambda one: (one.situation, one.language))
    return [(one.situation, one.language, one.body) for one in found if one.situation in named]
