"""A seller who notes that the goods are not there is told what a cancellation would cost."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pytest

from agent.orders.order import HumanWord
from agent.risks.assess import assess

ID = "seller_cancel_defect_risk"


def noted(orders: ModuleType, text: str, **facts: object) -> set[str]:
    order = replace(orders.order(**facts), human=(HumanWord(at=orders.ago(1), kind="note", text=text, by="human"),))
    return {risk.id for risk in assess(order, orders.NOW).risks}


@pytest.mark.parametrize("text", ["Out of stock, sorry", "leider ausverkauft", "Épuisé !", "esaurito", "Está agotado"])
def test_a_note_that_the_goods_are_gone(orders: ModuleType, text: str) -> None:
    """The seller's own word begins it, in the languages that notes are written in."""
    assert ID in noted(orders, text)


def test_other_notes_and_other_cancellations_are_none(orders: ModuleType) -> None:
    """A note about something else; a buyer who asked; a parcel that has left."""
    assert ID not in noted(orders, "buyer called, all fine")
    assert ID not in noted(orders, "out of stock", cancellation=orders.cancel(orders.ago(1)))
    assert ID not in noted(orders, "out of stock", shipments=(orders.moving(orders.ago(1)),))
