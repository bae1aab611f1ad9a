"""What replies may tell, and what stays untold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from agent.orders.order import Order, Shipment
from agent.replies.facts import day, facts, first_name
from agent.risks.risk import Deadline, Risk
from agent.vocabulary.values import Address, Item, Place, Window


def test_days_are_written_in_full_words() -> None:
    """No order of day and month can be misread."""
    assert day(date(2026, 11, 24), "en") == "24 November 2026"
    assert day(date(2026, 3, 1), "de") == "1. März 2026"
    assert day(date(2026, 3, 1), "xx-nothing") == "1 March 2026"


@pytest.mark.parametrize(
    ("full", "greeted"),
    [
        ("Anna Example", "Anna"),
        ("JEAN-LUC PICARD", "Jean-Luc"),
        ("anna example", "Anna"),
        ("Anna", None),
        ("Mr Smith", None),
        ("Firma Beispiel GmbH", None),
        ("A. Example", None),
        ("4call-me now", None),
        ("{{name}} x", None),
        ("", None),
        (None, None),
    ],
)
def test_only_what_looks_like_a_first_name_is_greeted(full: str | None, greeted: str | None) -> None:
    """A neutral greeting is better than a wrong one."""
    assert first_name(full) == greeted


def test_a_scans_day_is_told_on_the_carriers_clock(order: Order, parcel: Shipment, now: datetime) -> None:
    """03:00 UTC on the 14th is still the 13th where an American carrier scanned."""
    early = replace(parcel, first_scan_at=datetime(2026, 11, 14, 3, 0, tzinfo=UTC))
    told = facts(replace(order, shipments=(early,)), None, now, "shop", "en")
    assert told["ship_date"] == "13 November 2026"


def test_a_forecast_in_the_past_is_not_told(order: Order, parcel: Shipment, now: datetime) -> None:
    """A day that has passed is no expected day; eBay's older one does not replace it."""
    late = replace(parcel, estimated_delivery=Window(date(2026, 11, 17), date(2026, 11, 19)))
    printed = Window(date(2026, 11, 18), date(2026, 11, 30))
    told = facts(replace(order, shipments=(late,), estimated_delivery=printed), None, now, "shop", "en")
    assert "expected_date" not in told


def test_of_two_parcels_none_is_guessed(
    order: Order, parcel: Shipment, now: datetime, risk: Callable[..., Risk]
) -> None:
    """With two parcels only the risk's own number says which one a reply is about."""
    second = replace(parcel, tracking_number="LX123456785DE", carrier=None)
    two = replace(order, shipments=(parcel, second))
    assert "tracking_number" not in facts(two, None, now, "shop", "en")
    about = risk("stalled_in_transit", tracking_number="LX123456785DE")
    assert facts(two, about, now, "shop", "en")["tracking_number"] == "LX123456785DE"
    assert "carrier" not in facts(two, about, now, "shop", "en")


def test_a_printed_answer_day_beats_the_computed_one(
    cancelling: Order, now: datetime, risk: Callable[..., Risk]
) -> None:
    """eBay's day where there is one, else the cautious one, never the inner margin's."""
    computed = Deadline(
        conservative=datetime(2026, 11, 21, 9, tzinfo=UTC), act_by=datetime(2026, 11, 21, 3, tzinfo=UTC)
    )
    about = risk("cancel_before_ship", deadline=computed)
    assert facts(cancelling, about, now, "shop", "en")["answer_by"] == "22 November 2026"
    assert cancelling.cancellation is not None
    bare = replace(cancelling, cancellation=replace(cancelling.cancellation, respond_by=None))
    assert facts(bare, about, now, "shop", "en")["answer_by"] == "21 November 2026"
    assert "answer_by" not in facts(bare, None, now, "shop", "en")


def test_withdrawal_is_named_where_it_may_apply(order: Order, now: datetime) -> None:
    """Buyers in the EU and the UK keep their statutory right; it is not promised elsewhere."""
    assert "consumer_rights" not in facts(order, None, now, "shop", "en")
    german = replace(order, ship_to=Address(name="Anna Example", country="DE"))
    assert "consumer_rights" in facts(german, None, now, "shop", "de")
    assert "consumer_rights" in facts(replace(order, ship_to=None, site="EBAY_GB"), None, now, "shop", "en")


def test_long_titles_are_cut_at_a_word(order: Order, now: datetime) -> None:
    """A title takes at most 60 characters of a reply."""
    title = "Brass desk lamp from the thirties with green shade, rewired and tested, heavy base"
    told = facts(replace(order, items=(Item(title=title),)), None, now, "shop", "en")["item"]
    assert len(told) <= 60
    assert told.endswith("…")
    assert title.startswith(told[:-1])


def test_places_are_not_shouted(order: Order, parcel: Shipment, now: datetime) -> None:
    """Carriers print capitals; a letter to a buyer does not."""
    loud = replace(parcel, scans=(replace(parcel.scans[0], location=Place(city="SAINT PAUL MN DISTRIBUTION CENTER")),))
    told = facts(replace(order, shipments=(loud,)), None, now, "shop", "en")
    assert told["last_scan_place"] == "Saint Paul MN Distribution Center"
