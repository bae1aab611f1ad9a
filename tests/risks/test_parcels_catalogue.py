"""Every risk of shipping, transit and delivery: an order that has it, a near miss, its deadline, and when it begins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from agent.orders.order import LastLook, Order
from agent.risks.assess import assess
from agent.risks.risk import Risk
from agent.risks.timers import DEFAULT, Disruption, Timers
from agent.vocabulary.status import LookOutcome, Reason, TrackingStatus
from agent.vocabulary.values import Address, Item, Money, Place

S = TrackingStatus
LONDON = ZoneInfo("Europe/London")
SECOND = timedelta(seconds=1)
HOME = Address(street="14 Mill Street", city="Leeds", postcode="LS1 4AP", country="GB")
STORM = Disruption(
    first=date(2026, 2, 27), last=date(2026, 3, 4), carrier="royal-mail", url="https://example.org/storm"
)
Make = Callable[[ModuleType], Order]


def at(day: int, hour: int = 17, minute: int = 59, second: int = 59, month: int = 3) -> datetime:
    """A time in London; by default the end of a day less the safety margin."""
    return datetime(2026, month, day, hour, minute, second, tzinfo=LONDON)


@dataclass(frozen=True, kw_only=True)
class Row:
    id: str
    has: Make
    misses: Make
    severity: str
    act_by: datetime | None = None
    because: str = "look:1"
    begins: datetime | None = None
    """When the near miss becomes the risk without news, its page being read meanwhile; None: only with news."""
    timers: Timers = DEFAULT


def with_parcel(state: Callable[[ModuleType], Any], **facts: Any) -> Make:
    return lambda o: o.order(**{"ship_to": HOME, "shipments": (state(o),), **facts})


def excepted(reason: Reason | None, status: TrackingStatus = S.EXCEPTION, days: float = 1) -> Make:
    return with_parcel(lambda o: o.moving(o.ago(days), status=status, reason=reason))


def left(reason: Reason | None, days: float) -> Make:
    return with_parcel(lambda o: o.delivered(o.ago(days), reason=reason))


def delivered_in(place: Place) -> Make:
    def made(o: ModuleType) -> Any:
        scan = replace(o.scan(o.ago(2), S.DELIVERED), location=place)
        return o.delivered(o.ago(2), scans=(scan,))

    return with_parcel(made)


def asks(o: ModuleType, intent: str, days: float = 1) -> Any:
    return o.complaint(o.ago(days), intent=intent, source="mail:asks")


def valuable(o: ModuleType, **facts: Any) -> Order:
    order: Order = o.order(total=Money(Decimal(450), "GBP"), **facts)
    return order


def two(o: ModuleType, days: float, **second: Any) -> Order:
    """One parcel delivered that long ago, and another one."""
    other = o.moving(o.ago(1), **{"tracking_number": "RB000000005GB", **second})
    order: Order = o.order(shipments=(o.delivered(o.ago(days)), other), items=(Item(title="Teapot", quantity=2),))
    return order


def charged(o: ModuleType, status: TrackingStatus) -> Order:
    """A parcel for which customs asked for money eight days ago."""
    fee = replace(o.scan(o.ago(8), S.EXCEPTION), reason=Reason.CUSTOMS_FEE_DUE)
    parcel = o.moving(o.ago(1), status=status, reason=Reason.CUSTOMS_FEE_DUE if status is S.EXCEPTION else None)
    order: Order = o.order(shipments=(replace(parcel, scans=(*parcel.scans, fee)),))
    return order


ROWS = (
    Row(
        id="handling_time_risk",
        has=lambda o: o.order(ship_by=date(2026, 3, 5)),
        misses=lambda o: o.order(ship_by=date(2026, 3, 6)),
        severity="P2",
        act_by=at(5),
        because="mail:sale",
        begins=at(6, 9, 0, 0),
    ),
    Row(
        id="late_ship",
        has=with_parcel(lambda o: o.parcel(), ship_by=date(2026, 3, 4)),
        misses=with_parcel(lambda o: o.parcel(), ship_by=date(2026, 3, 5)),
        severity="P2",
        act_by=at(4),
        begins=at(5, 23),
    ),
    Row(
        id="tracking_not_uploaded",
        has=with_parcel(
            lambda o: o.moving(o.ago(1), uploaded_at=None),
            estimated_delivery=None,
            reminded_at=datetime(2026, 3, 1, tzinfo=LONDON),
            cases=(),
        ),
        misses=with_parcel(lambda o: o.moving(o.ago(1))),
        severity="P2",
        act_by=at(9),
    ),
    Row(
        id="signature_required_missing",
        has=lambda o: valuable(o, ship_by=date(2026, 3, 6), shipments=(o.parcel(),)),
        misses=lambda o: o.order(total=Money(Decimal("449.99"), "GBP"), ship_by=date(2026, 3, 6)),
        severity="P1",
        act_by=at(6),
    ),
    Row(
        id="no_first_scan",
        has=with_parcel(lambda o: o.parcel(), ship_by=date(2026, 3, 3)),
        misses=with_parcel(lambda o: o.parcel(), ship_by=date(2026, 3, 4)),
        severity="P2",
        act_by=at(6),
        begins=at(5, 23),
    ),
    Row(
        id="invalid_tracking",
        has=with_parcel(lambda o: o.moving(o.ago(1), first_scan_at=o.ago(40))),
        misses=with_parcel(lambda o: o.moving(o.ago(1), first_scan_at=o.ago(16))),
        severity="P2",
        act_by=at(20, 6, 0, 0, month=2),
    ),
    Row(
        id="address_mismatch",
        has=with_parcel(lambda o: o.parcel(addressed_to=Address(postcode="CF10 1EP"), known_since=o.ago(1))),
        misses=with_parcel(lambda o: o.parcel(addressed_to=Address(postcode="LS1 9ZZ"), known_since=o.ago(1))),
        severity="P1",
        act_by=at(5, 6, 0, 0),
    ),
    Row(
        id="address_change_request",
        has=lambda o: o.order(messages=(asks(o, "change_address"),)),
        misses=lambda o: o.order(messages=(asks(o, "change_address", days=31),)),
        severity="P2",
        act_by=at(5, 6, 0, 0),
        because="mail:asks",
    ),
    Row(
        id="stalled_in_transit",
        has=with_parcel(lambda o: o.moving(o.ago(8))),
        misses=with_parcel(lambda o: o.moving(o.ago(3))),
        severity="P2",
        act_by=at(4, 6, 0, 0),
        begins=at(6, 12, 0, 0),
    ),
    Row(
        id="past_estimated_delivery",
        has=with_parcel(lambda o: o.moving(o.ago(1))),
        misses=with_parcel(lambda o: o.moving(o.ago(1))),
        severity="P3",
        act_by=at(5),
        begins=at(5, 23),
    ),
    Row(
        id="customs_hold",
        has=excepted(Reason.CUSTOMS_HELD, S.IN_TRANSIT, days=8),
        misses=excepted(Reason.CUSTOMS_HELD, S.IN_TRANSIT, days=6),
        severity="P3",
        act_by=at(11, 6, 0, 0),
        begins=at(6, 12, 0, 0),
    ),
    Row(
        id="customs_refused_unpaid",
        has=lambda o: charged(o, S.RETURNING),
        misses=lambda o: charged(o, S.EXCEPTION),
        severity="P2",
        act_by=at(6, 6, 0, 0),
    ),
    Row(
        id="delivery_attempted",
        has=excepted(None, S.DELIVERY_ATTEMPTED),
        misses=excepted(None, S.OUT_FOR_DELIVERY),
        severity="P3",
    ),
    Row(
        id="pickup_expiring",
        has=excepted(None, S.AVAILABLE_FOR_PICKUP, days=6),
        misses=excepted(None, S.AVAILABLE_FOR_PICKUP, days=4.5),
        severity="P2",
        act_by=at(6, 6, 0, 0),
        begins=at(6, 0, 0, 0),
    ),
    Row(
        id="partial_delivery",
        has=lambda o: two(o, 5),
        misses=lambda o: two(o, 3.5),
        severity="P2",
        begins=at(6, 0, 0, 0),
    ),
    Row(
        id="delivered_alternate",
        has=left(Reason.LEFT_WITH_NEIGHBOUR, 2),
        misses=left(Reason.MAILBOX, 2),
        severity="P3",
    ),
    Row(
        id="delivered_elsewhere",
        has=delivered_in(Place(city="Cardiff", postcode="CF10 1EP")),
        misses=delivered_in(Place(city="Leeds", postcode="LS27 9AB")),
        severity="P1",
        act_by=at(4, 6, 0, 0),
        because="look:scan",
    ),
    Row(
        id="lost_declared",
        has=excepted(Reason.LOST),
        misses=excepted(Reason.DELAYED),
        severity="P1",
        act_by=at(5, 6, 0, 0),
    ),
    Row(
        id="damaged_in_transit",
        has=excepted(Reason.DAMAGED),
        misses=excepted(Reason.DELAYED),
        severity="P2",
        act_by=at(6, 6, 0, 0),
    ),
    Row(
        id="address_undeliverable",
        has=excepted(Reason.ADDRESS_PROBLEM),
        misses=excepted(Reason.NO_ONE_HOME),
        severity="P2",
        act_by=at(6, 6, 0, 0),
    ),
    Row(
        id="refused_by_buyer",
        has=excepted(Reason.REFUSED),
        misses=excepted(Reason.UNCLAIMED),
        severity="P2",
        act_by=at(6, 6, 0, 0),
    ),
    Row(
        id="return_to_sender",
        has=excepted(None, S.RETURNED),
        misses=excepted(None, S.EXCEPTION),
        severity="P2",
        act_by=at(6, 6, 0, 0),
    ),
    Row(
        id="carrier_disruption",
        has=with_parcel(lambda o: o.moving(o.ago(1))),
        misses=with_parcel(lambda o: o.moving(o.ago(1), carrier="evri")),
        severity="P3",
        timers=replace(DEFAULT, disruptions=(STORM,)),
    ),
    Row(
        id="programme_order",
        has=with_parcel(lambda o: o.moving(o.ago(1)), ship_to=Address(street="eBay International Shipping, 9 Dock Rd")),
        misses=with_parcel(
            lambda o: o.moving(o.ago(1)), ship_to=Address(street="9 Dock Rd, International Shipping Ctr")
        ),
        severity="P3",
    ),
    Row(
        id="ese_low_visibility",
        has=with_parcel(lambda o: o.parcel(tracking_number="ESUS214365870")),
        misses=with_parcel(lambda o: o.moving(o.ago(1), tracking_number="ESUS214365870")),
        severity="P3",
    ),
)

EXTRA: dict[str, dict[str, Any]] = {
    "tracking_not_uploaded": {"estimate": date(2026, 3, 9)},
    "past_estimated_delivery": {"estimate": date(2026, 3, 4), "miss": date(2026, 3, 5)},
}
"""Estimates of the orders of a row."""


def subjects(row: Row, o: ModuleType) -> tuple[Order, Order]:
    has, misses = row.has(o), row.misses(o)
    if extra := EXTRA.get(row.id):
        last, other = extra["estimate"], extra.get("miss", extra["estimate"])
        has = replace(has, estimated_delivery=o.estimate(last))
        misses = replace(misses, estimated_delivery=o.estimate(other))
    return has, misses


def found(row: Row, order: Order, now: datetime) -> Risk | None:
    return next((risk for risk in assess(order, now, row.timers).risks if risk.id == row.id), None)


def looked(order: Order, now: datetime) -> Order:
    """The same, every page read an hour ago."""
    look = LastLook(at=now - timedelta(hours=1), outcome=LookOutcome.READ)
    parcels = (replace(one, last_look=look, last_good_look_at=look.at) for one in order.shipments)
    return replace(order, shipments=tuple(parcels))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_an_order_has_it_and_a_near_miss_has_not(orders: ModuleType, row: Row) -> None:
    """With its severity, deadline and sources, in a sentence and an advice."""
    has, misses = subjects(row, orders)
    risk = found(row, has, orders.NOW)

    assert risk is not None
    assert (risk.severity, risk.deadline.act_by) == (row.severity, row.act_by)
    assert row.because in risk.because or (row.id == "handling_time_risk" and risk.because)
    assert risk.summary.endswith((".", STORM.url + "."))
    assert risk.advice.endswith(".")
    assert found(row, misses, orders.NOW) is None


@pytest.mark.parametrize("row", [row for row in ROWS if row.begins], ids=lambda row: row.id)
def test_it_begins_without_news(orders: ModuleType, row: Row) -> None:
    """To the second, and the order is judged again then."""
    assert row.begins is not None
    _, misses = subjects(row, orders)
    before = looked(misses, row.begins - SECOND)

    assert found(row, before, row.begins - SECOND) is None
    assert assess(before, row.begins - SECOND, row.timers).next_due_at == row.begins
    assert found(row, looked(misses, row.begins), row.begins) is not None


SILENT = (
    "late_ship",
    "no_first_scan",
    "stalled_in_transit",
    "past_estimated_delivery",
    "customs_hold",
    "pickup_expiring",
)


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.id in (*SILENT, "partial_delivery")], ids=lambda row: row.id
)
def test_silence_needs_a_recent_look(orders: ModuleType, row: Row) -> None:
    """A page that could not be read since yesterday tells of no missing scan."""
    has, _ = subjects(row, orders)
    blind = tuple(orders.unseen(parcel, orders.ago(1)) for parcel in has.shipments)

    assert found(row, replace(has, shipments=blind), orders.NOW) is None


# ---- what the table has no room for -----------------------------------------------------------------------------


def test_a_signature_is_called_missing_until_somebody_signs(orders: ModuleType) -> None:
    """Urgent before the hand-over, standing after it; a programme, a signature or the end of the window ends it."""

    def severity(*parcels: Any, **facts: Any) -> str | None:
        risk = orders.risks(valuable(orders, shipments=parcels, **facts)).get("signature_required_missing")
        return risk.severity if risk else None

    assert severity(orders.moving(orders.ago(1))) == "P2"
    assert severity(orders.delivered(orders.ago(1))) == "P2"
    assert severity(orders.delivered(orders.ago(1), reason=Reason.SIGNED)) is None
    assert severity(orders.delivered(orders.ago(31), first_scan_at=orders.ago(32))) is None
    assert severity(ship_by=date(2026, 3, 6)) == "P1"
    assert severity() is None  # whether it has left nobody knows
    gsp = Address(name="Global Shipping Programme", postcode="WS13 8NE", country="GB")
    assert severity(orders.moving(orders.ago(1)), ship_to=gsp) is None


def test_a_number_that_asks_for_a_signature(orders: ModuleType) -> None:
    """USPS's own service code tells that it is handed over against one."""
    total, to = Money(Decimal(800), "USD"), Address(city="Bend", postcode="97701", country="US")
    plain = orders.moving(orders.ago(1), carrier="usps", tracking_number="9400111206206406260787")
    signed = replace(plain, tracking_number="21000000000000000126")

    def missing(parcel: Any) -> bool:
        order = orders.order(site="EBAY_US", total=total, ship_to=to, shipments=(parcel,))
        return "signature_required_missing" in orders.risks(order)

    assert (missing(plain), missing(signed)) == (True, False)


def test_an_unreminded_order_only_may_lack_the_number(orders: ModuleType) -> None:
    """eBay may know the number without having written: worth a glance while it moves, nothing once delivered."""
    facts = {"estimated_delivery": orders.estimate(date(2026, 3, 9))}

    def risk(parcel: Any) -> Any:
        return orders.risks(orders.order(shipments=(parcel,), **facts)).get("tracking_not_uploaded")

    assert risk(orders.moving(orders.ago(1), uploaded_at=None)).severity == "P3"
    assert risk(orders.delivered(orders.ago(1), uploaded_at=None)) is None
    assert risk(orders.parcel(uploaded_at=None)) is None  # not handed over


def test_a_parcel_from_a_foreign_country(orders: ModuleType) -> None:
    """A British number first scanned in China; a page of the buyer's own post alone says nothing."""

    def risk(country: str | None, **facts: Any) -> bool:
        row = replace(orders.scan(orders.ago(1)), location=Place(city="X", country=country))
        found = orders.risks(orders.order(shipments=(orders.moving(orders.ago(1), scans=(row,)),), **facts))
        return "invalid_tracking" in found

    abroad = Address(city="Lyon", postcode="69002", country="FR")
    assert risk("CN")
    assert risk("CN", ship_to=abroad)
    assert not risk("FR", ship_to=abroad)
    assert not risk("GB", ship_to=abroad)
    assert not risk(None)


def test_a_parcel_that_goes_to_a_foreign_country(orders: ModuleType) -> None:
    """Its page names a country that the buyer does not live in."""
    parcel = orders.moving(orders.ago(1), destination=Place(city="Porto", country="PT"))
    risk = orders.risks(orders.order(shipments=(parcel,)))["invalid_tracking"]

    assert "goes to Portugal, and the buyer lives in United Kingdom" in risk.summary
    assert risk.contests == ("RB123456785GB",)


def test_a_day_printed_by_the_carrier_ends_the_waiting(orders: ModuleType) -> None:
    """Three days before it goes back, however long it has waited."""
    waiting = {"status": S.AVAILABLE_FOR_PICKUP, "collect_by": orders.NOW + timedelta(days=2)}
    late = {**waiting, "collect_by": orders.NOW + timedelta(days=4)}

    assert "pickup_expiring" in orders.risks(orders.order(shipments=(orders.moving(orders.ago(1), **waiting),)))
    assert "pickup_expiring" not in orders.risks(orders.order(shipments=(orders.moving(orders.ago(8), **late),)))


def test_customs_grows_urgent(orders: ModuleType) -> None:
    """Five business days are watched, ten are urgent."""
    held = excepted(Reason.CUSTOMS_HELD, S.IN_TRANSIT, days=15)(orders)
    assert orders.risks(held)["customs_hold"].severity == "P2"


def test_one_parcel_is_never_a_part(orders: ModuleType) -> None:
    """How many pieces it holds nobody knows; nor is an unused label of one piece a missing parcel."""
    three = (Item(title="Cup", quantity=3),)
    assert "partial_delivery" not in orders.risks(
        orders.order(items=three, shipments=(orders.delivered(orders.ago(9)),))
    )
    labels = (orders.delivered(orders.ago(9)), orders.parcel(tracking_number="RB000000005GB"))
    assert "partial_delivery" not in orders.risks(orders.order(shipments=labels))


def test_past_the_estimate_a_part_is_missing_at_once(orders: ModuleType) -> None:
    """The printed date comes before our patience."""
    order = replace(two(orders, 2), estimated_delivery=orders.estimate(date(2026, 3, 4)))
    risk = orders.risks(order)["partial_delivery"]
    assert risk.summary.startswith("1 of 2 parcels is delivered. The Royal Mail parcel RB000000005GB is not")
    assert risk.deadline.act_by == at(4)


def test_a_storm_is_no_standstill(orders: ModuleType) -> None:
    """Days of a notice do not count; another carrier's days do."""
    stalled = with_parcel(lambda o: o.moving(o.ago(6)))(orders)
    other = with_parcel(lambda o: o.moving(o.ago(6), carrier="evri"))(orders)
    timers = replace(DEFAULT, disruptions=(STORM,))

    assert "stalled_in_transit" not in {risk.id for risk in assess(stalled, orders.NOW, timers).risks}
    assert "stalled_in_transit" in {risk.id for risk in assess(other, orders.NOW, timers).risks}
    assert "stalled_in_transit" in orders.risks(stalled)


def test_the_weather_on_the_page_is_shown(orders: ModuleType) -> None:
    """The newest scan counts: an old storm is over."""
    storm = replace(orders.scan(orders.ago(1)), reason=Reason.WEATHER)
    calm = orders.scan(orders.ago(0.5))
    assert "carrier_disruption" in orders.risks(orders.order(shipments=(orders.moving(orders.ago(1), scans=(storm,)),)))
    over = orders.moving(orders.ago(0.5), scans=(calm, storm))
    assert "carrier_disruption" not in orders.risks(orders.order(shipments=(over,)))


def test_a_request_about_a_programme_order_goes_to_ebay(orders: ModuleType) -> None:
    """The advice names the reason that eBay knows."""
    to = Address(street="eBay International Shipping, 9 Dock Rd")
    order = orders.order(
        ship_to=to, shipments=(orders.delivered(orders.ago(3)),), cases=(orders.request(orders.ago(1)),)
    )
    assert orders.risks(order)["programme_order"].advice == "Ask eBay to step in: programme order."
    quiet = replace(order, cases=())
    assert "programme_order" not in orders.risks(quiet)


def test_an_answer_ends_the_wish_for_another_address(orders: ModuleType) -> None:
    """So does the delivery."""
    messages = (asks(orders, "change_address"),)
    assert "address_change_request" in orders.risks(orders.order(messages=messages))
    told = orders.order(messages=messages, contacts=(orders.answer(orders.ago(0.5)),))
    assert "address_change_request" not in orders.risks(told)
    there = orders.order(messages=messages, shipments=(orders.delivered(orders.ago(0.5)),))
    assert "address_change_request" not in orders.risks(there)


def test_the_peak_season_stretches_patience(orders: ModuleType) -> None:
    """From 15 November on a missing first scan is waited for two business days rather than one."""
    parcel = orders.parcel(known_since=datetime(2026, 11, 16, tzinfo=LONDON))
    order = orders.order(sold_at=datetime(2026, 11, 16, tzinfo=LONDON), ship_by=date(2026, 11, 18), shipments=(parcel,))
    due = datetime(2026, 11, 20, 23, 59, 59, tzinfo=LONDON)

    def missing(now: datetime) -> bool:
        return any(risk.id == "no_first_scan" for risk in assess(looked(order, now), now).risks)

    assert (missing(due - SECOND), missing(due)) == (False, True)


@pytest.mark.parametrize(("total", "told"), [(9, False), (450, True)])
def test_at_the_door_only_dear_goods_are_worth_a_line(orders: ModuleType, total: int, told: bool) -> None:
    """Most parcels end at the door; of a cheap one nobody wants to hear."""
    o = orders
    parcel = o.delivered(o.ago(2), reason=Reason.SAFE_PLACE)
    found = assess(o.order(shipments=(parcel,), total=Money(Decimal(total), "GBP")), o.NOW).risks
    assert ("delivered_alternate" in {risk.id for risk in found}) is told
