"""When the carrier's search or claim opens and closes, and when its answer is overdue."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from agent.orders.order import LastLook, Order, Shipment, Trace
from agent.risks.assess import assess
from agent.risks.risk import Risk
from agent.vocabulary.status import LookOutcome, Reason, TrackingStatus
from agent.vocabulary.values import Window
from tests.risks.orders import LONDON, delivered, moving, order, request, risks

POSTED = datetime(2026, 1, 5, 12, tzinfo=LONDON)
DUE = date(2026, 1, 9)
OPENS = datetime(2026, 1, 23, 9, tzinfo=LONDON)  # ten working days after the due day
CLOSES = datetime(2026, 3, 26, 23, 59, 59, tzinfo=LONDON)  # eighty days after posting


def lost_somewhere(now: datetime, **facts: Any) -> Shipment:
    """Posted in January, never seen again, its page read an hour ago."""
    read = now - timedelta(hours=1)
    plain: dict[str, Any] = {
        "first_scan_at": POSTED,
        "last_look": LastLook(at=read, outcome=LookOutcome.READ),
        "last_good_look_at": read,
    }
    return replace(moving(POSTED + timedelta(days=1)), **{**plain, **facts})


def subject(now: datetime, parcel: Shipment | None = None, **facts: Any) -> Order:
    plain: dict[str, Any] = {"estimated_delivery": Window(DUE, DUE), "sold_at": POSTED, "paid_at": POSTED}
    return order(shipments=(parcel or lost_somewhere(now),), **{**plain, **facts})


def window(now: datetime, **facts: Any) -> Risk | None:
    return risks(subject(now, **facts), now).get("carrier_claim_window")


def test_an_opening_is_told_on_its_day() -> None:
    """Not the day before, nor the day after; the end of the claim stands beside it."""
    found = window(OPENS)

    assert found is not None
    assert found.severity == "P3"
    assert "takes a search and a claim" in found.summary
    assert "until 26 March" in found.summary
    assert found.deadline.nominal == CLOSES
    assert window(OPENS - timedelta(days=1)) is None
    assert window(OPENS + timedelta(days=1)) is None


def test_an_end_is_told_for_a_week() -> None:
    """From seven days before until it is over."""
    found = window(CLOSES - timedelta(days=6))

    assert found is not None
    assert found.severity == "P2"
    assert "until 26 March only" in found.summary
    assert found.deadline.conservative == CLOSES
    assert window(CLOSES - timedelta(days=8)) is None
    assert window(CLOSES + timedelta(hours=1)) is None


@pytest.mark.parametrize("now", [OPENS, CLOSES - timedelta(days=3)])
def test_who_is_not_overdue_has_nothing_to_claim(now: datetime) -> None:
    """On time, unread for days, back again, or delivered without complaint."""
    later = Window(now.date() + timedelta(days=3), now.date() + timedelta(days=4))
    unread = lost_somewhere(now, last_good_look_at=now - timedelta(days=3))

    assert window(now, estimated_delivery=later) is None
    assert window(now, parcel=unread) is None
    assert window(now, parcel=lost_somewhere(now, status=TrackingStatus.RETURNED)) is None
    assert window(now, parcel=replace(delivered(POSTED + timedelta(days=2)), first_scan_at=POSTED)) is None


def test_an_opening_never_leads_before_the_parcel_is_late() -> None:
    """Where the carrier's own date is over and eBay's is not, it waits for eBay's; then lateness leads, it follows."""
    promised = date(2026, 1, 28)  # by eBay, days after the carrier's search opens
    parcel = lost_somewhere(OPENS, estimated_delivery=Window(DUE, DUE), last_scan_at=OPENS)
    late = datetime(2026, 1, 29, 9, tzinfo=LONDON)
    assert window(OPENS, parcel=parcel, estimated_delivery=Window(promised, promised)) is None

    still = lost_somewhere(late, estimated_delivery=Window(DUE, DUE), last_scan_at=OPENS + timedelta(days=3))
    found = assess(subject(late, still, estimated_delivery=Window(promised, promised)), late).risks

    assert [risk.id for risk in found] == ["past_estimated_delivery", "carrier_claim_window"]
    assert [risk.severity for risk in found] == ["P3", "P3"]


def test_a_refund_does_not_end_the_claim() -> None:
    """Nobody looks at the parcel of a refunded order any more, and the claim is what brings the money back."""
    now = CLOSES - timedelta(days=3)
    unread = lost_somewhere(now, last_good_look_at=now - timedelta(days=30))

    assert window(now, parcel=unread, refunded_at=now - timedelta(days=30)) is not None


def test_a_delivery_that_the_buyer_denies_can_be_claimed() -> None:
    """With a request that is open, or lost; not with one that was won."""
    now = CLOSES - timedelta(days=3)
    there = replace(delivered(POSTED + timedelta(days=2)), first_scan_at=POSTED)
    asked = request(POSTED + timedelta(days=20))
    lost, won = (replace(asked, state="closed", closed_at=now, outcome=who) for who in ("buyer", "seller"))

    assert window(now, parcel=there, cases=(asked,)) is not None
    assert window(now, parcel=there, cases=(lost,)) is not None
    assert window(now, parcel=there, cases=(won,)) is None


def test_who_has_asked_is_reminded_of_the_answer_only() -> None:
    """No word of the opening; the end is still told, with the day of asking; an answer that is late is asked for."""
    asked = Trace(
        carrier="royal-mail",
        tracking_number="RB123456785GB",
        opened_at=OPENS - timedelta(days=2),
        reference="RM-7",
        answer_by=OPENS + timedelta(days=20),
    )

    assert window(OPENS, traces=(asked,)) is None
    overdue = window(OPENS + timedelta(days=21), traces=(asked,))
    assert overdue is not None
    assert "you asked on 21 January under RM-7" in overdue.summary
    answered = replace(asked, answered_at=OPENS + timedelta(days=10))
    assert window(OPENS + timedelta(days=21), traces=(answered,)) is None
    closing = window(CLOSES - timedelta(days=3), traces=(answered,))
    assert closing is not None
    assert "You asked on 21 January." in closing.summary


@pytest.mark.parametrize(("reason", "risk"), [(Reason.LOST, "lost_declared"), (Reason.DAMAGED, "damaged_in_transit")])
def test_loss_and_damage_show_the_end_of_the_claim(reason: Reason, risk: str) -> None:
    """Acting is due at once; the end of the claim stands beside it."""
    now = POSTED + timedelta(days=2)
    found = risks(subject(now, lost_somewhere(now, status=TrackingStatus.EXCEPTION, reason=reason)), now)[risk]

    assert found.deadline.nominal == CLOSES
    assert found.deadline.act_by is not None
    assert found.deadline.act_by < now + timedelta(days=4)
