"""How a plan is shown: as JSON, in the terminal, and on the digest's card."""

from __future__ import annotations

import json
from datetime import datetime
from io import StringIO
from types import ModuleType

import pytest
from rich.console import Console

from agent.desk.plans import of_plan, print_plan
from agent.digest.cases import case_of, steps_of
from agent.plans.advise import plan_for
from agent.plans.plan import Plan, Step
from agent.risks.assess import assess


@pytest.fixture
def stalled(orders: ModuleType) -> Plan:
    """A request for a parcel that stands still."""
    order = orders.order(cases=(orders.request(orders.ago(1)),), shipments=(orders.moving(orders.ago(9)),))
    found = plan_for(order, assess(order, orders.NOW).risks, orders.NOW)
    assert found is not None
    return found


def test_as_json(stalled: Plan) -> None:
    """Every key stands, unknown things as null, amounts as numbers with their currency."""
    shape = json.loads(json.dumps(of_plan(stalled)))
    assert (shape["situation"], shape["row"], shape["band"]) == ("not_received", "stalled", "M")
    best = next(step for step in shape["steps"] if step["recommended"])
    assert best["cost"] == {"value": 30.0, "currency": "GBP"}
    assert datetime.fromisoformat(best["by"]).tzinfo
    assert all(set(step) == set(best) for step in shape["steps"])
    again = next(line for line in shape["arithmetic"] if line["label"] == "send again")
    assert again["amount"] is None
    assert of_plan(None) is None


def test_in_the_terminal(stalled: Plan) -> None:
    """Steps with their clock, the recommended one named; costs; what is not known is said to be so."""
    out = StringIO()
    print_plan(Console(file=out, width=200), of_plan(stalled) or {}, lambda text: f"<{text}>")
    told = out.getvalue()
    for said in ("you decide", "recommended", "Costs GBP 30.00.", "Costs nothing.", "not known", "<2026-03-09"):
        assert said in told


def test_on_the_card(orders: ModuleType, stalled: Plan) -> None:
    """At most four steps, the recommended one among them, in place of the advice that they answer."""
    order = orders.order(cases=(orders.request(orders.ago(1)),), shipments=(orders.moving(orders.ago(9)),))
    case = case_of(order, assess(order, orders.NOW), {}, orders.LONDON, orders.NOW, plan=stalled)
    assert case is not None
    assert case.advice == ""
    assert case.plan == stalled.summary
    assert len(case.steps) <= 4
    assert [step.recommended for step in case.steps].count(True) == 1


def test_a_recommended_step_far_down_is_shown() -> None:
    """A card has room for four: the recommended fifth stands in for the fourth."""
    steps = tuple(Step(kind="watch", text=str(number), recommended=number == 5) for number in range(1, 7))
    plan = Plan(situation="return", row="x", band="S", summary="s", steps=steps)
    assert [step.text for step in steps_of(plan)] == ["1", "2", "3", "5"]


def test_advice_of_another_matter_stays(orders: ModuleType, stalled: Plan) -> None:
    """Where the plan does not answer the leading risk, its advice is shown beside the plan."""
    order = orders.order(cancellation=orders.cancel(orders.ago(1)))
    case = case_of(order, assess(order, orders.NOW), {}, orders.LONDON, orders.NOW, plan=stalled)
    assert case is not None
    assert case.advice
