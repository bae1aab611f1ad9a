"""Whom to ask about a number."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from agent.looking import whom as module
from agent.looking.whom import Asked, context_of, is_anothers, shape, whom
from agent.orders.order import Order
from agent.vocabulary.numbers import Context
from agent.vocabulary.status import LookOutcome
from agent.vocabulary.values import Address
from scrapers.look import Look, Scan, Tracked

READ, NOT_FOUND, FAILED = LookOutcome.READ, LookOutcome.NOT_FOUND, LookOutcome.UNREACHABLE
NUMBER = "9400111206206406260787"


@pytest.fixture
def three(monkeypatch: pytest.MonkeyPatch) -> None:
    """A number that USPS, Swiss Post or PostNL may carry; a declared carrier comes first."""

    def ranked(number: str, context: Context, *, may_ask: object = None) -> tuple[str, ...]:
        found = ["usps", "dhl-paket-de", "postnl"]
        return tuple(sorted(found, key=lambda one: one != context.declared))

    monkeypatch.setattr(module, "asked_in_order", ranked)


@pytest.mark.usefixtures("three")
def test_candidates_are_asked_one_after_the_other() -> None:
    """Who does not know the number gives way to the next; after the last the first is asked again."""
    asked: list[Asked] = []
    turns = []
    for _ in range(4):
        chosen = whom(NUMBER, Context(), asked)
        assert chosen is not None
        turns.append(chosen)
        asked.append(Asked(chosen, NOT_FOUND))

    assert turns == ["usps", "dhl-paket-de", "postnl", "usps"]


@pytest.mark.usefixtures("three")
def test_who_knows_the_number_is_asked_again() -> None:
    """One answer decides."""
    asked = [Asked("usps", NOT_FOUND), Asked("dhl-paket-de", READ)]

    assert whom(NUMBER, Context(), asked) == "dhl-paket-de"


@pytest.mark.usefixtures("three")
def test_a_declared_carrier_must_plainly_not_know_it() -> None:
    """A fresh label is not known on the first day, and a failed look says nothing."""
    declared = Context(declared="postnl")
    once = [Asked("postnl", NOT_FOUND), Asked("postnl", FAILED), Asked("postnl", FAILED)]

    assert whom(NUMBER, declared, once) == "postnl"
    assert whom(NUMBER, declared, [*once, Asked("postnl", NOT_FOUND)]) == "usps"


@pytest.mark.usefixtures("three")
def test_a_guess_that_cannot_be_looked_at_does_not_stand_in_the_way() -> None:
    """Two failures of a carrier that nobody named, and the next one is asked."""
    assert whom(NUMBER, Context(), [Asked("usps", FAILED)]) == "usps"
    assert whom(NUMBER, Context(), [Asked("usps", FAILED)] * 2) == "dhl-paket-de"


def test_a_declared_carrier_that_is_opened_by_hand_is_not_replaced() -> None:
    """Nobody else is asked about a number whose carrier is known."""
    assert whom("1Z5R89390357567127", Context(declared="amazon")) is None


def test_numbers_of_one_shape_are_remembered_together() -> None:
    """Letters tell carrier and country, digits nothing."""
    assert shape("RB123456785GB") == shape("RB000717618GB") != shape("EB000717618HK")


def test_the_order_tells_where_it_goes() -> None:
    """Country of the site, of the buyer, day of sale."""
    sold = datetime(2026, 11, 2, tzinfo=UTC)
    order = Order(order_id="1", site="EBAY_GB", ship_to=Address(country="UK"), sold_at=sold)

    assert context_of(order, None, ["evri"]) == Context(
        country="GB", destination="GB", ordered_on=sold.date(), usual=("evri",)
    )


def test_a_page_that_ends_before_the_sale_is_another_parcels() -> None:
    """Numbers come again after months."""
    sold = datetime(2026, 11, 2, tzinfo=UTC)
    order = Order(order_id="1", sold_at=sold)

    def seen(at: datetime) -> Look:
        scans = (Scan(description="Delivered", occurred_at=at),)
        tracked = Tracked(tracking_number=NUMBER, carrier="usps", scans=scans)
        return Look(carrier="usps", tracking_number=NUMBER, at=sold, outcome=READ, tracked=tracked)

    assert is_anothers(seen(sold - timedelta(days=90)), order)
    assert not is_anothers(seen(sold + timedelta(days=1)), order)
