"""The shop's own costs in the arithmetic of plans."""

from __future__ import annotations

from decimal import Decimal
from types import ModuleType

import pytest

from agent.plans.advise import plan_for
from agent.plans.costs import OwnCosts, costs_of
from agent.plans.plan import Line
from agent.risks.assess import assess
from agent.vocabulary.values import Item, Money


def pounds(value: str) -> Money:
    return Money(Decimal(value), "GBP")


def again(o: ModuleType, own: OwnCosts) -> Line:
    order = o.order(cases=(o.request(o.ago(1)),), shipments=(o.moving(o.ago(9)),))
    found = plan_for(order, assess(order, o.NOW).risks, o.NOW, own=own)
    assert found is not None
    return next(line for line in found.arithmetic if line.label == "send again")


def test_what_is_told_is_added_up(orders: ModuleType) -> None:
    """Goods by their share of the price, postage and handling; each part stands with its amount."""
    own = OwnCosts(currency="GBP", postage=Decimal("4.50"), handling=Decimal("1.25"), goods_share=Decimal("0.4"))
    line = again(orders, own)
    assert line.amount == pounds("17.75")
    assert line.note == "goods GBP 12.00, postage GBP 4.50, handling GBP 1.25"


@pytest.mark.parametrize(
    ("own", "note"),
    [
        (OwnCosts(), "not known: what the goods and the postage cost you"),
        (OwnCosts(goods_share=Decimal("0.4")), "not known: what the postage cost you; known are goods GBP 12.00"),
        (
            OwnCosts(currency="EUR", postage=Decimal(5), goods_share=Decimal("0.4")),
            "not known: what the postage cost you; known are goods GBP 12.00",
        ),
    ],
)
def test_what_is_not_told_is_not_known(orders: ModuleType, own: OwnCosts, note: str) -> None:
    """Nothing is guessed, and amounts in another currency than the order's count for nothing."""
    line = again(orders, own)
    assert line.amount is None
    assert line.note == note


def test_a_parcel_abroad_has_a_postage_of_its_own(orders: ModuleType) -> None:
    """The price at home says nothing of one abroad."""
    order = orders.order()
    own = OwnCosts(currency="GBP", postage=Decimal(4), postage_abroad=Decimal(12))
    assert costs_of(own, order, abroad=True).postage == pounds("12")
    assert costs_of(own, order, abroad=False).postage == pounds("4")
    assert costs_of(OwnCosts(currency="GBP", postage=Decimal(4)), order, abroad=True).postage is None


def test_goods_are_counted_by_their_prices(orders: ModuleType) -> None:
    """Not by the total, which holds postage and tax, unless a price is not told."""
    own = OwnCosts(goods_share=Decimal("0.5"))
    priced = (Item(title="Cup", quantity=2, price=pounds("10")),)
    assert costs_of(own, orders.order(items=priced), abroad=False).goods == pounds("10.00")
    unpriced = (*priced, Item(title="Lid"))
    assert costs_of(own, orders.order(items=unpriced), abroad=False).goods == pounds("15.00")
    assert costs_of(own, orders.order(total=None), abroad=False).goods is None


@pytest.mark.parametrize(("share", "says"), [("0.2", "less than the refund"), ("1", "no less than the refund")])
def test_sending_again_is_held_against_the_refund(orders: ModuleType, share: str, says: str) -> None:
    """With known costs the reason for sending again is a figure, and not that it usually costs less."""
    own = OwnCosts(currency="GBP", postage=Decimal(4), goods_share=Decimal(share))
    lost = orders.moving(orders.ago(1), status="exception", reason="lost")
    order = orders.order(cases=(orders.request(orders.ago(1), wants="item"),), shipments=(lost,))
    found = plan_for(order, assess(order, orders.NOW).risks, orders.NOW, own=own)
    assert found is not None
    assert says in next(step.why for step in found.steps if step.kind == "reship")


def test_the_fee_of_a_dispute_is_told_where_it_is_known(orders: ModuleType) -> None:
    """Twenty dollars in the US, none on sites of the EU, and elsewhere where the seller sees it."""
    told = {}
    for site, currency in (("EBAY_US", "USD"), ("EBAY_DE", "EUR"), ("EBAY_GB", "GBP")):
        order = orders.order(
            site=site,
            total=Money(Decimal(60), currency),
            cases=(orders.request(orders.ago(1), kind="payment_dispute"),),
            shipments=(orders.moving(orders.ago(9)),),
        )
        found = plan_for(order, assess(order, orders.NOW).risks, orders.NOW)
        assert found is not None
        told[site] = next(line for line in found.arithmetic if line.label == "fee of a lost dispute")
    assert told["EBAY_US"].amount == Money(Decimal(20), "USD")
    assert told["EBAY_DE"].amount == Money(Decimal(0), "EUR")
    assert told["EBAY_GB"].amount is None
    assert "fees of your account" in told["EBAY_GB"].note
