"""A policy as a value, and how it is read from YAML: every problem at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from agent.policies.actions import ACTIONS, Action, ActionKind
from agent.policies.arguments import BadArgument, read_argument
from agent.policies.conditions import CONDITIONS
from agent.policies.limits import NO_LIMITS, Limits, read_limits
from agent.policies.nearest import did_you_mean, hint
from agent.policies.problem import PolicyProblem, Where
from agent.replies.templates import situations
from agent.vocabulary.data import parse_yaml

GroupKind = Literal["any", "all", "not"]

GROUPS: Mapping[GroupKind, str] = {
    "any": "At least one of these conditions holds.",
    "all": "All of these conditions hold.",
    "not": "None of these conditions holds.",
}

DEPTH = 8
"""How deep any, all and not may nest."""


@dataclass(frozen=True)
class Check:
    """One condition with its argument."""

    name: str
    argument: object
    written: str


@dataclass(frozen=True)
class Group:
    """Conditions under `any`, `all` or `not`."""

    kind: GroupKind
    members: tuple[Check | Group, ...]
    written: str


Clause = Check | Group


@dataclass(frozen=True)
class Policy:
    name: str
    when: tuple[Clause, ...]
    then: tuple[Action, ...]
    limits: Limits = NO_LIMITS
    priority: int = 0
    """The higher is asked first; of equal ones, the one that is written first."""

    @property
    def about_a_risk(self) -> bool:
        """Whether it names risks; one that does not is asked once per order, about its lead risk."""
        return any(_names_risk(clause) for clause in self.when)


def _names_risk(clause: Clause) -> bool:
    if isinstance(clause, Check):
        return clause.name == "risk"
    return clause.kind != "not" and any(_names_risk(member) for member in clause.members)


@cache
def shipped() -> tuple[Policy, ...]:
    """The policies that hold where the configuration has none."""
    text = resources.files("agent.policies").joinpath("shipped.yaml").read_text(encoding="utf-8")
    policies, problems = parse_policies(parse_yaml(text)["policies"])
    if problems:
        raise ValueError(f"shipped.yaml: {problems}")
    return policies


def parse_policies(raw: object, folder: Path | None = None) -> tuple[tuple[Policy, ...], tuple[PolicyProblem, ...]]:
    """Policies of their YAML value; `folder` is the configuration's, for the seller's own replies and carriers."""
    problems: list[PolicyProblem] = []
    if not isinstance(raw, list):
        return (), (PolicyProblem((), "policies are a list: start each with - name:"),)
    policies = [_policy(entry, (index,), folder, problems) for index, entry in enumerate(raw)]
    seen: set[str] = set()
    for index, policy in enumerate(policies):
        if policy is not None and policy.name in seen:
            problems.append(PolicyProblem((index, "name"), f'two policies are called "{policy.name}"'))
        if policy is not None:
            seen.add(policy.name)
    return tuple(policy for policy in policies if policy is not None), tuple(problems)


def _policy(entry: object, at: Where, folder: Path | None, problems: list[PolicyProblem]) -> Policy | None:
    if not isinstance(entry, Mapping):
        problems.append(PolicyProblem(at, "a policy is a mapping with name, when and then"))
        return None
    before = len(problems)
    known = ("name", "when", "then", "limits", "priority")
    for key in entry:
        if key not in known:
            problems.append(PolicyProblem((*at, key), f'unknown key "{key}"', did_you_mean(key, known)))
    for key in ("name", "when", "then"):
        if entry.get(key) in (None, [], {}, ""):
            problems.append(PolicyProblem(at, f'missing "{key}"'))
    name = entry.get("name")
    if name is not None and not isinstance(name, str):
        problems.append(PolicyProblem((*at, "name"), "a name is a text"))
    when = tuple(_clauses(entry.get("when") or [], (*at, "when"), folder, problems))
    then = tuple(_actions(entry.get("then") or [], (*at, "then"), folder, problems))
    limits = read_limits(entry.get("limits") or {}, (*at, "limits"), problems)
    priority = entry.get("priority", 0)
    if isinstance(priority, bool) or not isinstance(priority, int):
        problems.append(PolicyProblem((*at, "priority"), f"a priority is a whole number, not {priority!r}"))
    return Policy(str(name), when, then, limits, priority) if len(problems) == before else None


def _entries(raw: object, at: Where, what: str, problems: list[PolicyProblem]) -> Iterator[tuple[str, Any, Where]]:
    """Each `name: value` of a list of one-key mappings and bare names, or of one mapping."""
    listed = [raw] if isinstance(raw, Mapping | str) else raw
    if not isinstance(listed, list):
        problems.append(PolicyProblem(at, f"write a list: - {what}: value"))
        return
    for index, entry in enumerate(listed):
        here = (*at, index) if listed is raw else at
        if isinstance(entry, str):
            yield entry, None, here
        elif isinstance(entry, Mapping):
            for name, value in entry.items():
                yield str(name), value, (*here, name)
        else:
            problems.append(PolicyProblem(here, f"expected - {what}: value, not {entry!r}"))


def _clauses(
    raw: object, at: Where, folder: Path | None, problems: list[PolicyProblem], depth: int = 0
) -> Iterator[Clause]:
    if depth > DEPTH:
        problems.append(PolicyProblem(at, f"conditions nest deeper than {DEPTH}: split the policy"))
        return
    for written, value, here in _entries(raw, at, "condition", problems):
        name = written.strip()
        negated = name.startswith("not ")
        if negated:
            name = name.removeprefix("not ").strip()
        clause = _clause(name, value, here, folder, problems, depth)
        if clause is not None:
            yield Group("not", (clause,), f"not {clause.written}") if negated else clause


def _clause(
    name: str, value: object, at: Where, folder: Path | None, problems: list[PolicyProblem], depth: int
) -> Clause | None:
    for kind in GROUPS:
        if name == kind:
            before = len(problems)
            members = tuple(_clauses(value, at, folder, problems, depth + 1))
            if len(problems) > before:
                return None
            if not members:
                problems.append(PolicyProblem(at, f'"{kind}" needs a list of conditions'))
                return None
            return Group(kind, members, f"{kind} ({'; '.join(member.written for member in members)})")
    found = CONDITIONS.get(name)
    if found is None:
        close = did_you_mean(name, [*CONDITIONS, *GROUPS])
        problems.append(PolicyProblem(at, f'unknown condition "{name}"', close))
        return None
    try:
        return Check(name, read_argument(found.argument, value, folder), f"{name}: {_plain(value)}")
    except BadArgument as bad:
        problems.append(PolicyProblem(at, f"{name}: {bad}", bad.hint))
        return None


def _plain(value: object) -> str:
    return f"[{', '.join(map(str, value))}]" if isinstance(value, list) else str(value)


def _actions(raw: object, at: Where, folder: Path | None, problems: list[PolicyProblem]) -> Iterator[Action]:
    for name, value, here in _entries(raw, at, "action", problems):
        kind = next((known for known in ACTIONS if known == name.strip()), None)
        if kind is None:
            problems.append(PolicyProblem(here, f'unknown action "{name}"', did_you_mean(name, ACTIONS)))
            continue
        action = _action(kind, value, here, folder, problems)
        if action is not None:
            yield action


def _action(
    kind: ActionKind, value: object, at: Where, folder: Path | None, problems: list[PolicyProblem]
) -> Action | None:
    takes = ACTIONS[kind].takes
    text = value.strip() if isinstance(value, str) else ""
    if takes == "nothing":
        if value not in (None, True):
            problems.append(PolicyProblem(at, f'"{kind}" takes nothing: write - {kind}'))
            return None
        return Action(kind)
    if value is not None and not isinstance(value, str):
        problems.append(PolicyProblem(at, f'"{kind}" takes a text, not {value!r}'))
        return None
    if not text and takes != "optional text":
        example = "late_proactive" if takes == "reply" else '"No scan for 3 days"'
        problems.append(PolicyProblem(at, f'"{kind}" says nothing: write {kind}: {example}'))
        return None
    if takes == "reply":
        known = situations(*([folder / "replies"] if folder else []))
        if text not in known:
            problems.append(PolicyProblem(at, f'no reply template "{text}"', hint(text, known)))
            return None
        return Action(kind, situation=text)
    return Action(kind, text=text)
