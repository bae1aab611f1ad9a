"""Each condition: when it holds, when it does not, and when nobody knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from agent.orders.order import Contact, Received
from agent.policies.arguments import read_argument
from agent.policies.conditions import CONDITIONS, FRESH
from agent.policies.situation import Matter
from agent.vocabulary.status import Mode, Reason, TrackingStatus
from agent.vocabulary.values import Address, Money

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def ask(name: str, written: Any, matter: Matter) -> bool | None:
    """What a condition answers, its argument read as it stands in YAML."""
    condition = CONDITIONS[name]
    return condition.ask(matter, read_argument(condition.argument, written))


def asked(text: str) -> Received:
    return Received(at=NOW, intent=text, text="", evidence="thread")


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
