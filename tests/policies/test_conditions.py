"""Each condition: when it holds, when it does not, and when nobody knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from agent.orders.order import Case, CaseState, Contact, Received, Shipment
from agent.policies.arguments import read_argument
from agent.policies.conditions import CONDITIONS, FRESH
from agent.policies.situation import Matter
from agent.risks.clock import Clock
from agent.vocabulary.status import Mode, Reason, TrackingStatus
from agent.vocabulary.values import Address, Item, Money

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

SIGNED = Shipment(tracking_number="1Z94X6E74214038523", carrier="ups", status=TrackingStatus.IN_TRANSIT)
"""Its number names a service with a signature."""


def ask(name: str, written: Any, matter: Matter) -> bool | None:
    """What a condition answers, its argument read as it stands in YAML."""
    condition = CONDITIONS[name]
    return condition.ask(matter, read_argument(condition.argument, written))


def asked(text: str) -> Received:
    return Received(at=NOW, intent=text, text="", evidence="thread")


def arrived(days: int) -> Shipment:
    return Shipment(tracking_number="A", status=TrackingStatus.DELIVERED, delivered_at=NOW - timedelta(days=days))


def request(state: CaseState) -> Case:
    return Case(kind="inr", state=state, opened_at=NOW)


SAMPLES: list[tuple[str, Any, dict[str, Any], bool | None]] = [
    ("risk", "stalled_in_transit", {}, True),
    ("risk", ["inr_opened", "stalled_in_transit"], {}, True),
    ("risk", "inr_opened", {}, False),
    ("risk", "inr_opened", {"risk": None}, False),
    ("severity", ["P1", "P2"], {}, True),
    ("severity", "p1", {}, False),
    ("status", "in_transit", {}, True),
    ("status", ["delivered"], {}, False),
    ("status", "delivered", {"shipments": ()}, False),
    ("no_scan_for", "72h", {}, True),
    ("no_scan_for", "5d", {}, False),
    ("no_scan_for", "72h", {"shipments": ()}, False),
    ("since", "24h", {}, True),
    ("since", "25h", {}, False),
    ("since", "1h", {"risk": None}, None),
    ("value", 84, {}, True),
    ("value", ">= 84.01", {}, False),
    ("value", "< 100 USD", {}, True),
    ("value", "< 100 EUR", {}, None),
    ("value", "= 84", {}, True),
    ("value", 20, {"total": None}, None),
    ("value", "> 20", {"total": Money(Decimal(20), "GBP")}, False),
    ("site", "EBAY_US", {}, True),
    ("site", "ebay_de", {}, False),
    ("site", "EBAY_US", {"site": None}, None),
    ("country", "us", {}, True),
    ("country", ["DE", "NO"], {}, False),
    ("country", "DE", {"ship_to": None}, None),
    ("country", "DE", {"ship_to": Address()}, None),
    ("carrier", "usps", {}, True),
    ("carrier", ["royal-mail"], {}, False),
    ("language", "en", {}, True),
    ("language", "de", {}, False),
    ("intent", "cancel", {"messages": (asked("cancel"),)}, True),
    ("intent", "cancel", {"messages": (asked("cancel"), asked("thanks"))}, False),
    ("intent", "cancel", {}, False),
    ("protection", "yes", {"situation": {"protection": "yes"}}, True),
    ("protection", True, {"situation": {"protection": "yes"}}, True),
    ("protection", ["no", "unclear"], {"situation": {"protection": "yes"}}, False),
    ("protection", "yes", {}, None),
    ("buyer_orders", 2, {"situation": {"buyer_orders": 3}}, True),
    ("buyer_orders", "< 2", {"situation": {"buyer_orders": 3}}, False),
    ("buyer_orders", 2, {}, None),
    ("buyer_requests", ">= 2", {"situation": {"buyer_requests": 2}}, True),
    ("buyer_requests", "= 0", {"situation": {"buyer_requests": 2}}, False),
    ("buyer_requests", 1, {}, None),
    ("contacted_within", "5d", {"contacts": (Contact(at=NOW - timedelta(days=4), state="sent"),)}, True),
    ("contacted_within", "5d", {"contacts": (Contact(at=NOW - timedelta(days=4), state="unknown"),)}, True),
    ("contacted_within", "5d", {"contacts": (Contact(at=NOW - timedelta(days=4), state="failed"),)}, False),
    ("contacted_within", "3d", {"contacts": (Contact(at=NOW - timedelta(days=4), state="sent"),)}, False),
    ("evidence", "tracking_number", {"situation": {"evidence": "thread"}}, True),
    ("evidence", "thread", {"situation": {"evidence": "item_and_buyer"}}, False),
    ("evidence", "thread", {}, None),
    ("evidence", "thread", {"messages": (asked("other"),)}, True),
    ("mode", "observe", {}, True),
    ("mode", ["draft", "live"], {"situation": {"mode": Mode.LIVE}}, True),
    ("mode", "live", {}, False),
    ("deadline_within", "30h", {}, True),
    ("deadline_within", "29h", {}, False),
    ("deadline_within", "30h", {"risk": None}, None),
    ("parcels", 1, {}, True),
    ("parcels", 2, {}, False),
    ("parcels", "= 0", {"shipments": ()}, True),
    ("delivered_for", "2d", {"shipments": (arrived(3),)}, True),
    ("delivered_for", "4d", {"shipments": (arrived(3),)}, False),
    ("delivered_for", "2d", {}, False),
    ("delivered_for", "2d", {"shipments": (replace(arrived(3), delivered_at=None),)}, None),
    ("sold_for", "14d", {"sold_at": NOW - timedelta(days=14)}, True),
    ("sold_for", "14d", {"sold_at": NOW - timedelta(days=13)}, False),
    ("sold_for", "14d", {}, None),
    ("request_open", "inr", {"cases": (request("open"),)}, True),
    ("request_open", ["return", "payment_dispute"], {"cases": (request("open"),)}, False),
    ("request_open", "inr", {"cases": (request("closed"),)}, False),
    ("request_open", "inr", {}, False),
    ("item", "LAMP", {}, True),
    ("item", ["chair", "stool"], {}, False),
    ("item", 287700020001, {"items": (Item(item_id="287700020001"),)}, True),
    ("item", "lamp", {"items": (Item(item_id="287700020001"),)}, None),
    ("item", "lamp", {"items": ()}, None),
    ("signature", True, {"total": Money(Decimal(980), "USD"), "shipments": (SIGNED,)}, True),
    ("signature", "no", {"total": Money(Decimal(980), "USD"), "shipments": (SIGNED,)}, False),
    ("signature", "yes", {"total": Money(Decimal(980), "USD")}, False),
    ("signature", "yes", {"shipments": (SIGNED,)}, False),
    ("signature", "yes", {"total": None, "shipments": (SIGNED,)}, None),
    ("signature", "no", {"total": None, "shipments": (SIGNED,)}, None),
    ("abroad", False, {}, True),
    ("abroad", True, {"ship_to": Address(country="ca")}, True),
    ("abroad", True, {}, False),
    ("abroad", "no", {}, True),
    ("abroad", True, {"ship_to": None}, None),
    ("abroad", True, {"site": None}, None),
    ("buyer_messages", 2, {"messages": (asked("other"), asked("thanks"))}, True),
    ("buyer_messages", 1, {}, False),
    ("season", "15 Nov - 10 Jan", {}, True),
    ("season", "21 Nov - 10 Jan", {}, False),
    ("season", "1 Dec - 20 Nov", {}, True),
    ("season", "1 November – 20. November", {}, True),
    ("weekday", ["friday", "Sat"], {}, True),
    ("weekday", "mon", {}, False),
    ("weekday", "thu", {"situation": {"zone": ZoneInfo("Pacific/Pago_Pago")}}, True),
    ("hours", "08:00-09:01", {}, True),
    ("hours", "09:01-08:00", {}, False),
    ("hours", "22:00-09:00", {}, False),
    ("hours", "01:00-02:00", {"situation": {"zone": ZoneInfo("America/Los_Angeles")}}, True),
]


@pytest.mark.parametrize(("name", "written", "about", "expected"), SAMPLES)
def test_conditions(name: str, written: Any, about: dict[str, Any], expected: bool | None, make_matter: Any) -> None:
    """The table of what each condition answers; None where nobody knows."""
    assert ask(name, written, make_matter(**about)) is expected


def test_every_condition_is_in_the_table() -> None:
    """A condition without a row here is not finished."""
    assert {name for name, *_ in SAMPLES} | {"reason"} == set(CONDITIONS)


def test_reason_is_of_the_matters_parcel(make_matter: Any, make_parcel: Any) -> None:
    """The parcel that the risk names counts; another one of the order does not."""
    held = make_parcel(tracking_number="A", reason=Reason.CUSTOMS_HELD)
    plain = make_parcel(tracking_number="B")
    matter = make_matter(shipments=(held, plain))
    assert ask("reason", "customs_held", matter) is True
    about_b = replace(matter, risk=replace(matter.risk, tracking_number="B"))
    assert ask("reason", "customs_held", about_b) is False


def test_an_unknown_status_is_not_another_one(make_matter: Any, make_parcel: Any) -> None:
    """Words that nobody classified neither are `delivered` nor are not."""
    matter = make_matter(shipments=(make_parcel(status=TrackingStatus.UNKNOWN),))
    assert ask("status", "delivered", matter) is None
    assert ask("status", "unknown", matter) is True


@pytest.mark.parametrize("looked", [None, NOW - FRESH - timedelta(minutes=1)])
def test_silence_that_nobody_saw_is_no_silence(looked: datetime | None, make_matter: Any, make_parcel: Any) -> None:
    """Could not look is never "nothing happened": without a recent good look the answer is unknown."""
    matter = make_matter(shipments=(make_parcel(last_good_look_at=looked),))
    assert ask("no_scan_for", "72h", matter) is None


def test_delivered_parcels_are_not_silent(make_matter: Any, make_parcel: Any) -> None:
    """A parcel that arrived has nothing more to say."""
    matter = make_matter(shipments=(make_parcel(status=TrackingStatus.DELIVERED),))
    assert ask("no_scan_for", "72h", matter) is False


@pytest.mark.parametrize(
    ("name", "written", "about", "due"),
    [
        ("since", "25h", {}, NOW + timedelta(hours=1)),
        ("deadline_within", "29h", {}, NOW + timedelta(hours=1)),
        ("no_scan_for", "5d", {}, NOW + timedelta(days=1)),
        ("no_scan_for", "72h", {}, NOW - timedelta(hours=1) + FRESH),
        ("contacted_within", "5d", {"contacts": (Contact(at=NOW, state="sent"),)}, NOW + timedelta(days=5)),
        ("sold_for", "14d", {"sold_at": NOW - timedelta(days=13)}, NOW + timedelta(days=1)),
        ("delivered_for", "4d", {"shipments": (arrived(3),)}, NOW + timedelta(days=1)),
        ("weekday", "mon", {}, datetime(2026, 11, 21, tzinfo=UTC)),
        ("season", "1 Dec - 2 Dec", {}, datetime(2026, 11, 21, tzinfo=UTC)),
        ("hours", "08:00-17:00", {}, datetime(2026, 11, 20, 17, tzinfo=UTC)),
        ("since", "24h", {}, None),
        ("value", 100, {}, None),
    ],
)
def test_conditions_say_when_time_alone_changes_them(
    name: str, written: Any, about: dict[str, Any], due: datetime | None, make_matter: Any
) -> None:
    """The order is judged again then, without any news; otherwise a policy would act a day late, or never."""
    clock = Clock(NOW)
    ask(name, written, replace(make_matter(**about), clock=clock))
    assert clock.next_due == due
