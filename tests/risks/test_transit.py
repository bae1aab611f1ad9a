"""Parcels that do not move, are late, or cannot be the order's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import ModuleType
from zoneinfo import ZoneInfo

import pytest

from agent.orders.order import LastLook
from agent.risks.timers import DEFAULT, Timers, patience
from agent.vocabulary.status import LookOutcome, TrackingStatus
from agent.vocabulary.values import Address, Item, Money

UTC = ZoneInfo("UTC")


def test_label_without_a_scan(orders: ModuleType) -> None:
    """Ship-by was Friday 20 February; after Monday the missing scan is a risk, with two business days to act."""
    subject = orders.order(shipments=(orders.parcel(),))
    risk = orders.risks(subject)["no_first_scan"]
    assert risk.severity == "P2"
    assert risk.since == datetime(2026, 2, 23, 23, 59, 59, tzinfo=orders.LONDON)
    assert risk.deadline.nominal == datetime(2026, 2, 25, 23, 59, 59, tzinfo=orders.LONDON)
    assert risk.because == ("look:1", "mail:sale")
    assert "20 February" in risk.summary


def test_label_within_its_time(orders: ModuleType) -> None:
    """On the business day after ship-by it is late, and no scan is missing yet."""
    subject = orders.order(ship_by=date(2026, 3, 4), shipments=(orders.parcel(),))
    assert set(orders.risks(subject)) == {"late_ship"}


def test_late_label_counts_from_the_label(orders: ModuleType) -> None:
    """A label bought an hour ago is no missing scan, however late the order is."""
    subject = orders.order(shipments=(orders.parcel(known_since=orders.ago(hours=1)),))
    assert set(orders.risks(subject)) == {"late_ship"}


def test_label_abroad_has_two_business_days(orders: ModuleType) -> None:
    """Ship-by Tuesday: at home the scan is missing from Wednesday night on, abroad from Thursday night on."""
    label = orders.parcel()
    home = orders.order(ship_by=date(2026, 3, 3), shipments=(label,))
    abroad = replace(home, ship_to=Address(city="Lyon", country="FR"))
    assert "no_first_scan" in orders.risks(home)
    assert "no_first_scan" not in orders.risks(abroad)


def test_without_a_ship_by_date_handling_time_counts(orders: ModuleType) -> None:
    """Three business days from the label, and one more."""
    old = orders.order(ship_by=None, shipments=(orders.parcel(known_since=orders.ago(7)),))
    new = orders.order(ship_by=None, shipments=(orders.parcel(known_since=orders.ago(3)),))
    assert "no_first_scan" in orders.risks(old)
    assert orders.risks(new) == {}


def test_row_that_nobody_understood_may_be_the_first_scan(orders: ModuleType) -> None:
    """Unknown words end the certainty that nothing was scanned."""
    row = orders.scan(orders.ago(2), TrackingStatus.UNKNOWN)
    assert orders.risks(orders.order(shipments=(orders.parcel(scans=(row,)),))) == {}


def test_unused_label_is_not_awaited(orders: ModuleType) -> None:
    """One piece, two labels, one of them on its way; with two pieces both are awaited."""
    labels = (orders.parcel(), orders.moving(orders.ago(1), tracking_number="RB000000005GB"))
    assert orders.risks(orders.order(shipments=labels)) == {}
    pair = orders.order(shipments=labels, items=(Item(title="Teapot", quantity=2),))
    assert orders.risks(pair)["no_first_scan"].tracking_number == "RB123456785GB"


def test_standstill_is_watched_then_urgent(orders: ModuleType) -> None:
    """Four days without a scan at home are watched, seven are urgent; three are nothing."""
    assert orders.risks(orders.order(shipments=(orders.moving(orders.ago(3)),))) == {}
    watched = orders.risks(orders.order(shipments=(orders.moving(orders.ago(5)),)))["stalled_in_transit"]
    urgent = orders.risks(orders.order(shipments=(orders.moving(orders.ago(8)),)))["stalled_in_transit"]
    assert (watched.severity, urgent.severity) == ("P3", "P2")
    assert watched.since == orders.ago(1)
    assert watched.deadline.conservative == orders.ago(5) + timedelta(days=7)
    assert urgent.episode != watched.episode
    assert "has not moved since 28 February in Leeds" in watched.summary


def test_standstill_abroad_has_more_time(orders: ModuleType) -> None:
    """Between export and import ten days of silence are usual."""
    to = Address(city="Lyon", country="FR")
    assert orders.risks(orders.order(ship_to=to, shipments=(orders.moving(orders.ago(9)),))) == {}
    watched = orders.order(ship_to=to, shipments=(orders.moving(orders.ago(11)),))
    assert orders.risks(watched)["stalled_in_transit"].severity == "P3"


def test_foreign_post_in_the_number_means_abroad(orders: ModuleType) -> None:
    """A number issued by another country's post crossed a border, whatever the site."""
    foreign = orders.moving(orders.ago(9), tracking_number="RB123456785CN", carrier=None)
    assert orders.risks(orders.order(shipments=(foreign,))) == {}


def test_unknown_country_counts_as_home(orders: ModuleType) -> None:
    """Where nobody knows the way, the shorter watch serves."""
    for facts in ({"ship_to": None}, {"site": None}):
        assert "stalled_in_transit" in orders.risks(orders.order(shipments=(orders.moving(orders.ago(5)),), **facts))


@pytest.mark.parametrize(
    "status",
    [
        TrackingStatus.AVAILABLE_FOR_PICKUP,
        TrackingStatus.RETURNING,
        TrackingStatus.RETURNED,
        TrackingStatus.DELIVERED,
        TrackingStatus.UNKNOWN,
    ],
)
def test_only_a_moving_parcel_can_stand_still(orders: ModuleType, status: TrackingStatus) -> None:
    """At the shop, on its way back, at its end, or in words nobody knows: no standstill."""
    parcel = orders.moving(orders.ago(9), status=status, delivered_at=None)
    assert "stalled_in_transit" not in orders.risks(orders.order(shipments=(parcel,)))


def test_patience_grows_by_the_days_in_season() -> None:
    """Seven days are ten and a half in the season, seven outside, and in between at its edges."""
    week = timedelta(days=7)
    for start, days in [
        (datetime(2026, 12, 1, tzinfo=UTC), 10.5),
        (datetime(2026, 3, 1, tzinfo=UTC), 7),
        (datetime(2026, 11, 13, tzinfo=UTC), 2 + 5 * 1.5),
        (datetime(2027, 1, 8, tzinfo=UTC), 3 + 5),
    ]:
        assert patience(start, week, DEFAULT) == start + timedelta(days=days)
    assert patience(datetime(2026, 12, 1, tzinfo=UTC), week, Timers(peak_factor=1)) == datetime(2026, 12, 8, tzinfo=UTC)


def test_past_the_estimate_with_a_parcel(orders: ModuleType) -> None:
    """From the day after the last estimated day on, until the buyer's window closes."""
    subject = orders.order(
        estimated_delivery=orders.estimate(date(2026, 3, 3)), shipments=(orders.moving(orders.ago(1)),)
    )
    risk = orders.risks(subject)["past_estimated_delivery"]
    assert risk.severity == "P3"
    assert risk.since == datetime(2026, 3, 3, 23, 59, 59, tzinfo=orders.LONDON)
    assert risk.deadline.conservative == datetime(2026, 3, 4, 23, 59, 59, tzinfo=orders.LONDON)
    assert risk.deadline.nominal == risk.since + timedelta(days=30)
    assert "mail:sale" in risk.because


def test_estimate_lasts_until_its_end(orders: ModuleType) -> None:
    """On the last estimated day itself nothing is late."""
    today = orders.order(
        estimated_delivery=orders.estimate(date(2026, 3, 5)), shipments=(orders.moving(orders.ago(1)),)
    )
    assert orders.risks(today) == {}


def test_valuable_order_past_its_estimate_is_urgent(orders: ModuleType) -> None:
    """Above a hundred of the order's currency; a hundred itself is not above."""
    for total, severity in ((Decimal(100), "P3"), (Decimal("100.01"), "P2")):
        subject = orders.order(
            total=Money(total, "GBP"),
            estimated_delivery=orders.estimate(date(2026, 3, 3)),
            shipments=(orders.moving(orders.ago(1)),),
        )
        assert orders.risks(subject)["past_estimated_delivery"].severity == severity


def test_past_the_estimate_without_any_parcel(orders: ModuleType) -> None:
    """A passed date without a parcel needs no look; after thirty days it means nothing more."""
    late = orders.order(estimated_delivery=orders.estimate(date(2026, 3, 3)))
    assert "no parcel is known" in orders.risks(late)["past_estimated_delivery"].summary
    assert orders.risks(orders.order(estimated_delivery=orders.estimate(date(2026, 2, 1)))) == {}


def test_estimate_of_ebay_counts_before_the_carriers(orders: ModuleType) -> None:
    """The carrier's forecast serves only where eBay printed none."""
    parcel = orders.moving(orders.ago(1), estimated_delivery=orders.estimate(date(2026, 3, 2)))
    assert "past_estimated_delivery" in orders.risks(orders.order(shipments=(parcel,)))
    later = orders.order(shipments=(parcel,), estimated_delivery=orders.estimate(date(2026, 3, 9)))
    assert orders.risks(later) == {}


def test_delivered_order_is_never_late(orders: ModuleType) -> None:
    """What came late is not late any more."""
    subject = orders.order(
        estimated_delivery=orders.estimate(date(2026, 3, 1)), shipments=(orders.delivered(orders.ago(1)),)
    )
    assert orders.risks(subject) == {}


@pytest.mark.parametrize(
    "facts",
    [
        {"shipments": "label"},
        {"shipments": "moving"},
        {"shipments": "moving", "estimated_delivery": date(2026, 3, 1)},
    ],
)
def test_silence_needs_a_recent_successful_look(orders: ModuleType, facts: dict[str, object]) -> None:
    """Nothing rests on a missing scan when the page was read 13 hours ago, or never, or all looks fail."""
    parcel = orders.parcel() if facts["shipments"] == "label" else orders.moving(orders.ago(9))
    window = {"estimated_delivery": orders.estimate(facts["estimated_delivery"])} if len(facts) > 1 else {}
    seen = orders.risks(orders.order(shipments=(parcel,), **window))
    assert seen
    unknown = {"tracking_unavailable"}  # which asks a human to look, and says nothing of the parcel
    for blind in (
        replace(parcel, last_good_look_at=orders.ago(hours=13), last_look=None),
        replace(parcel, last_good_look_at=None, last_look=None),
        orders.unseen(parcel, since=orders.ago(hours=10)),
    ):
        assert set(orders.risks(orders.order(shipments=(blind,), **window))) <= unknown
    blocked = orders.unseen(parcel, since=orders.ago(hours=30))
    assert set(orders.risks(orders.order(shipments=(blocked,), **window))) == {"tracking_unavailable"}


def test_failing_looks_are_a_risk_after_a_day(orders: ModuleType) -> None:
    """A day of blocked looks is told, once, with what it means."""
    blind = orders.unseen(orders.moving(orders.ago(2)), since=orders.ago(hours=30))
    risk = orders.risks(orders.order(shipments=(blind,)))["tracking_unavailable"]
    assert risk.severity == "P3"
    assert risk.since == orders.ago(hours=6)
    assert "refuses" in risk.summary
    brief = orders.unseen(orders.moving(orders.ago(2)), since=orders.ago(hours=23))
    assert orders.risks(orders.order(shipments=(brief,))) == {}


def test_a_parcel_that_nobody_looks_at_is_told_once_it_should_be_there(orders: ModuleType) -> None:
    """Not called late: who expected it by when, that no mail told of its arrival, and whose eyes it needs."""
    unread = orders.moving(orders.ago(9), last_good_look_at=None, last_look=None)
    passed, ahead = orders.estimate(date(2026, 3, 3)), orders.estimate(date(2026, 3, 5))

    found = orders.risks(orders.order(shipments=(unread,), estimated_delivery=passed))

    assert set(found) == {"tracking_unavailable"}
    risk = found["tracking_unavailable"]
    assert (risk.severity, risk.deadline.act_by) == ("P3", None)
    assert risk.summary.startswith("eBay expected the Royal Mail parcel RB123456785GB by 3 March, no mail tells")
    assert "nobody has looked." in risk.summary
    assert orders.risks(orders.order(shipments=(unread,), estimated_delivery=ahead)) == {}
    old = orders.estimate(date(2026, 1, 30))
    assert orders.risks(orders.order(shipments=(unread,), estimated_delivery=old)) == {}
    arrived = orders.delivered(orders.ago(2), last_good_look_at=None, last_look=None)
    assert "tracking_unavailable" not in orders.risks(orders.order(shipments=(arrived,), estimated_delivery=passed))
    lately = orders.moving(orders.ago(9), last_good_look_at=orders.ago(hours=23))
    assert "tracking_unavailable" not in orders.risks(orders.order(shipments=(lately,), estimated_delivery=passed))
    before = orders.moving(orders.ago(9), last_good_look_at=orders.ago(hours=25))
    told = orders.risks(orders.order(shipments=(before,), estimated_delivery=passed))["tracking_unavailable"]
    assert "nobody has looked since 4 March" in told.summary


def test_failing_looks_at_a_delivered_parcel_do_not_matter(orders: ModuleType) -> None:
    """Nobody needs the page of a parcel that arrived."""
    blind = orders.unseen(orders.delivered(orders.ago(2)), since=orders.ago(hours=30))
    assert orders.risks(orders.order(shipments=(blind,))) == {}


def unheard(orders: ModuleType, **facts: object) -> object:
    """A parcel that the carrier says it does not know."""
    look = LastLook(at=orders.ago(hours=1), outcome=LookOutcome.NOT_FOUND)
    return orders.parcel(status=TrackingStatus.UNKNOWN, last_look=look, **facts)


def test_wrong_check_digit(orders: ModuleType) -> None:
    """The number has the shape of its carrier's and fails its check digit: one business day to correct it."""
    wrong = unheard(orders, tracking_number="RB123456789GB", known_since=orders.ago(1))
    risk = orders.risks(orders.order(ship_by=date(2026, 3, 9), shipments=(wrong,)))["invalid_tracking"]
    assert risk.severity == "P2"
    assert risk.since == orders.ago(1)
    assert risk.deadline.conservative == orders.NOW
    assert "check digit" in risk.summary


def test_right_check_digit_or_a_known_number_is_valid(orders: ModuleType) -> None:
    """A right digit is fine, and so is a wrong one once the carrier knows the number."""
    fine = unheard(orders, known_since=orders.ago(1))
    assert orders.risks(orders.order(ship_by=date(2026, 3, 9), shipments=(fine,))) == {}
    scanned = orders.moving(orders.ago(1), tracking_number="RB123456789GB")
    assert orders.risks(orders.order(shipments=(scanned,))) == {}


def test_failing_digit_of_another_carrier_says_nothing(orders: ModuleType) -> None:
    """Only the declared carrier's own format can be broken."""
    other = unheard(orders, tracking_number="RB123456789GB", carrier="ups", known_since=orders.ago(1))
    assert orders.risks(orders.order(ship_by=date(2026, 3, 9), shipments=(other,))) == {}


def test_scans_before_the_sale(orders: ModuleType) -> None:
    """Scanned three days before it was sold: another parcel's number; on the day before, clocks may differ."""
    reused = orders.moving(orders.ago(1), first_scan_at=orders.ago(19))
    risk = orders.risks(orders.order(shipments=(reused,)))["invalid_tracking"]
    assert "before the sale" in risk.summary
    assert "mail:sale" in risk.because
    near = orders.moving(orders.ago(1), first_scan_at=orders.ago(16.5))
    assert orders.risks(orders.order(shipments=(near,))) == {}


def test_number_that_the_carrier_never_knew(orders: ModuleType) -> None:
    """Two days after ship-by a number that good looks do not find is invalid; a blocked look finds nothing out."""
    ghost = unheard(orders)
    found = orders.risks(orders.order(shipments=(ghost,)))
    assert list(found) == ["invalid_tracking", "no_first_scan"]
    assert "does not know" in found["invalid_tracking"].summary
    assert "invalid_tracking" not in orders.risks(orders.order(ship_by=date(2026, 3, 4), shipments=(ghost,)))
    blocked = orders.unseen(ghost, since=orders.ago(hours=10))
    assert orders.risks(orders.order(shipments=(blocked,))) == {}


def test_settled_order_has_no_parcel_risks(orders: ModuleType) -> None:
    """After a cancellation, a refund or a closed request the parcel's way costs nothing more."""
    parcels = (orders.moving(orders.ago(9)),)
    closed = orders.request(orders.ago(5), state="closed", closed_at=orders.ago(1), outcome="buyer")
    for facts in (
        {"cancellation": orders.cancel(orders.ago(3), state="cancelled", cancelled_at=orders.ago(2))},
        {"refunded_at": orders.ago(1)},
        {"cases": (closed,)},
    ):
        assert orders.risks(orders.order(shipments=parcels, **facts)) == {}
