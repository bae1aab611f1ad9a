"""Whether the plan knows if the buyer wants the goods or the money."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from agent.orders.order import Order
from agent.plans.advise import plan_for
from agent.plans.wanted import wanted_of
from agent.risks.assess import assess


def test_the_newest_plain_word_counts(orders: ModuleType) -> None:
    """A later message turns an earlier one and the request; a vague one turns nothing."""

    def wanted(*texts: str, **opened: Any) -> str | None:
        messages = tuple(orders.complaint(orders.ago(5 - at), text=text) for at, text in enumerate(texts))
        return wanted_of(orders.order(cases=(orders.request(orders.ago(6), **opened),), messages=messages))

    assert wanted() is None
    assert wanted(wants="refund") == "refund"
    assert wanted("Please send another one.", wants="refund") == "item"
    assert wanted("Please send another one.", "Now I want my money back.", "Any news?") == "refund"


def test_what_is_over_or_written_by_a_machine_counts_for_nothing(orders: ModuleType) -> None:
    """Thanks, a closed request, an automatic answer, and a message that is tied to the order by a title only."""
    asks = orders.complaint(orders.ago(5), text="I want my money back.")
    thanks = orders.complaint(orders.ago(4), intent="thanks", text="Found it, thank you!")
    closed = orders.request(orders.ago(6), state="closed", closed_at=orders.ago(4))
    assert wanted_of(orders.order(messages=(asks,))) == "refund"
    assert wanted_of(orders.order(messages=(asks, thanks))) is None
    assert wanted_of(orders.order(messages=(asks,), cases=(closed,))) is None
    for odd in ({"automatic": "auto-submitted"}, {"evidence": "title_and_date"}):
        assert wanted_of(orders.order(messages=(orders.complaint(orders.ago(5), text=asks.text, **odd),))) is None


def test_a_message_that_tells_the_wish_is_not_asked_again(orders: ModuleType) -> None:
    """A small order: what the buyer wants is recommended, and the question what they want is gone."""

    def steps(text: str) -> tuple[list[str], str]:
        order: Order = orders.order(
            messages=(orders.complaint(orders.ago(0.5), text=text),), shipments=(orders.moving(orders.ago(9)),)
        )
        found = plan_for(order, assess(order, orders.NOW).risks, orders.NOW)
        assert found is not None
        return [step.kind for step in found.steps if step.recommended], " ".join(step.text for step in found.steps)

    assert steps("It never came. Please refund me.")[0] == ["refund"]
    assert steps("It never came. Please send another one.")[0] == ["reship"]
    asked, told = steps("It never came.")
    assert asked == ["message"]
    assert "goods again or the money back" in told
    assert "goods again or the money back" not in steps("It never came. Please refund me.")[1]
