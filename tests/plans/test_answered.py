"""A buyer who was written to is not to be written to again about the same."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pytest

from agent.orders.order import Order
from agent.plans.advise import plan_for
from agent.plans.plan import Plan
from agent.risks.assess import assess
from agent.vocabulary.status import TrackingStatus


def plan(order: Order, o: ModuleType) -> Plan:
    found = plan_for(order, assess(order, o.NOW).risks, o.NOW)
    assert found is not None
    return found


def found_by(order: Order, o: ModuleType) -> tuple[list[str], set[str]]:
    """What is recommended, and all kinds of steps."""
    made = plan(order, o)
    return [step.kind for step in made.steps if step.recommended], {step.kind for step in made.steps}


def test_what_was_written_is_no_next_step(orders: ModuleType) -> None:
    """The request is answered in eBay next; that and when the buyer was written to stands in place of the message."""
    asked = orders.order(cases=(orders.request(orders.ago(1)),), shipments=(orders.moving(orders.ago(0.5)),))
    assert found_by(asked, orders)[0] == ["message"]
    told = replace(asked, contacts=(orders.answer(orders.ago(0.5)),))
    recommended, kinds = found_by(told, orders)
    assert recommended == ["add_tracking"]
    assert "message" not in kinds
    assert any("You wrote to the buyer on 5 March." in step.text for step in plan(told, orders).steps)


def test_the_sellers_own_word_counts_as_an_answer(orders: ModuleType) -> None:
    """`handled` of the message, said for a delivered parcel, while the request goes on."""
    order = orders.order(cases=(orders.request(orders.ago(1)),), shipments=(orders.delivered(orders.ago(3)),))
    assert "message" in found_by(order, orders)[1]
    said = replace(order, human=(orders.handled(orders.ago(0.5), "delivered_not_received"),))
    assert "message" not in found_by(said, orders)[1]


def test_what_turned_since_is_written_about(orders: ModuleType) -> None:
    """A later word of the buyer, a later request, and a parcel that has since come are news."""
    moving = orders.moving(orders.ago(0.5))
    for facts in (
        {"contacts": (orders.answer(orders.ago(2)),)},
        {"contacts": (orders.answer(orders.ago(0.8)),), "messages": (orders.complaint(orders.ago(0.2)),)},
    ):
        order = orders.order(cases=(orders.request(orders.ago(1)),), shipments=(moving,), **facts)
        assert "message" in found_by(order, orders)[1]
    came = orders.delivered(orders.ago(0.1), status=TrackingStatus.DELIVERED)
    order = orders.order(
        cases=(orders.request(orders.ago(1)),), shipments=(came,), contacts=(orders.answer(orders.ago(0.5)),)
    )
    assert "message" in found_by(order, orders)[1]


@pytest.mark.parametrize("state", ["failed", "unknown"])
def test_what_did_not_surely_leave_is_no_answer(orders: ModuleType, state: str) -> None:
    """A reply that failed, or may not have left, has told the buyer nothing."""
    order = orders.order(
        cases=(orders.request(orders.ago(1)),),
        shipments=(orders.moving(orders.ago(0.5)),),
        contacts=(orders.answer(orders.ago(0.5), state),),
    )
    assert found_by(order, orders)[0] == ["message"]
