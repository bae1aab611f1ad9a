"""A plan as `orderwatch show` tells it: as JSON, and for the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from rich.console import Console

from agent.desk.report import plain
from agent.desk.terminal import facts, heading
from agent.plans.plan import Plan

Shape = Mapping[str, Any]
_PRICED = ("reship", "trace", "intercept")
"""Steps that cost something even where nobody told how much."""


def of_plan(plan: Plan | None) -> dict[str, Any] | None:
    """Every key, absent facts as null."""
    if plan is None:
        return None
    return {
        "situation": plan.situation,
        "row": plan.row,
        "band": plan.band,
        "summary": plan.summary,
        "steps": [
            {
                "kind": step.kind,
                "text": step.text,
                "by": plain(step.by),
                "recommended": step.recommended,
                "why": step.why,
                "cost": plain(step.cost),
                "chance": {"arrived": step.chance.arrived, "of": step.chance.of} if step.chance else None,
            }
            for step in plan.steps
        ],
        "arithmetic": [{"label": one.label, "amount": plain(one.amount), "note": one.note} for one in plan.arithmetic],
        "watch": list(plan.watch),
        "because": list(plan.because),
        "risks": list(plan.risks),
    }


def print_plan(console: Console, plan: Shape, when: Callable[[str | None], str]) -> None:
    """What to do, one step a line and the recommended one marked; what it costs; what to look out for. Advice only."""
    heading(console, "Plan (advice: you decide, nothing is done by itself)")
    facts(console, _told(plan, when), width=16)


def _told(plan: Shape, when: Callable[[str | None], str]) -> Iterator[tuple[str, Any]]:
    yield "as it stands", plan["summary"]
    for number, step in enumerate(plan["steps"], start=1):
        yield f"{number}{' recommended' if step['recommended'] else ''}", " ".join(_said(step, when))
    for index, line in enumerate(plan["arithmetic"]):
        amount = _money(line["amount"])
        said = f"{amount} ({line['note']})" if amount and line["note"] else amount or line["note"]
        yield "" if index else "what it costs", f"{line['label']}: {said}"
    for name, sentences in (("watch for", plan["watch"]), ("keep in mind", plan["because"])):
        for index, sentence in enumerate(sentences):
            yield "" if index else name, sentence


def _said(step: Shape, when: Callable[[str | None], str]) -> Iterator[str]:
    yield step["text"]
    if step["by"]:
        yield f"By {when(step['by'])}."
    if step["why"]:
        yield step["why"]
    if step["cost"] is not None:
        yield f"Costs {_money(step['cost'])}." if step["cost"]["value"] else "Costs nothing."
    elif step["kind"] in _PRICED:
        yield "Cost not known."


def _money(money: Shape | None) -> str:
    return f"{money['currency']} {money['value']:,.2f}" if money else ""
