"""What we wrote and the buyer never got, and a number that the buyer was told and that is none any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agent.orders.order import Contact, Order, Shipment
from agent.risks.assess import assess
from agent.risks.risk import Risk
from agent.risks.timers import DEFAULT
from agent.vocabulary.status import TrackingStatus

MONDAY = datetime(2026, 10, 12, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OLD, NEW = "9400111899223197428490", "9400111206040724873645"


def found(order: Order, now: datetime, risk_id: str) -> Risk | None:
    return next((risk for risk in assess(order, now, DEFAULT).risks if risk.id == risk_id), None)


def order(**facts: Any) -> Order:
    return Order(**{"order_id": "14-20000-30001", "site": "EBAY_US", "sold_at": MONDAY - 3 * DAY, **facts})


CAME_BACK = Contact(at=MONDAY, state="sent", outbox_id="7", bounced_at=MONDAY + HOUR, bounced_by="mail:b")


def test_a_reply_that_came_back() -> None:
    """P2, due on the next business day, because of the notice."""
    risk = found(order(contacts=(CAME_BACK,)), MONDAY + 2 * HOUR, "reply_bounced")

    assert risk is not None
    assert (risk.severity, risk.since, risk.episode, risk.because) == ("P2", MONDAY + HOUR, "7", ("mail:b",))
    assert risk.deadline.act_by is not None
    assert MONDAY + HOUR < risk.deadline.act_by <= MONDAY + 2 * DAY


@pytest.mark.parametrize(
    "contacts",
    [
        (replace(CAME_BACK, bounced_at=None),),
        (CAME_BACK, Contact(at=MONDAY + 2 * HOUR, state="sent", outbox_id="8")),
        (),
    ],
)
def test_what_got_through(contacts: tuple[Contact, ...]) -> None:
    """Nothing came back, or a later message arrived."""
    assert found(order(contacts=contacts), MONDAY + DAY, "reply_bounced") is None


def test_a_later_message_of_unknown_outcome_ends_nothing() -> None:
    """Perhaps the buyer has nothing still."""
    later = Contact(at=MONDAY + 2 * HOUR, state="unknown", outbox_id="8")

    assert found(order(contacts=(CAME_BACK, later)), MONDAY + DAY, "reply_bounced") is not None


def parcel(number: str, since: datetime, **facts: Any) -> Shipment:
    return Shipment(**{"tracking_number": number, "carrier": "usps", "known_since": since, **facts})


WRONG, RIGHT = parcel(OLD, MONDAY - DAY), parcel(NEW, MONDAY + DAY)
TOLD = Contact(at=MONDAY, state="sent", outbox_id="7")


def test_a_number_that_was_corrected() -> None:
    """P3; it names both numbers, and is due on the next business day."""
    risk = found(order(shipments=(WRONG, RIGHT), contacts=(TOLD,)), MONDAY + 2 * DAY, "number_corrected")

    assert risk is not None
    assert (risk.severity, risk.since, risk.episode, risk.tracking_number) == ("P3", MONDAY + DAY, f"{OLD}>{NEW}", NEW)
    assert OLD in risk.summary
    assert NEW in risk.summary
    assert risk.deadline.act_by is not None
    assert risk.deadline.act_by <= MONDAY + 3 * DAY


NOT_CORRECTED: dict[str, dict[str, Any]] = {
    "nobody was told": {"contacts": ()},
    "it did not leave": {"contacts": (replace(TOLD, state="failed"),)},
    "it came back": {"contacts": (CAME_BACK,)},
    "told of the new one": {"contacts": (TOLD, replace(TOLD, at=MONDAY + 2 * DAY))},
    "only told of the new one": {"contacts": (replace(TOLD, at=MONDAY + 2 * DAY),)},
    "one parcel": {"shipments": (WRONG,)},
    "both travel": {"shipments": (replace(WRONG, first_scan_at=MONDAY, last_scan_at=MONDAY), RIGHT)},
    "nobody knows since when": {"shipments": (replace(WRONG, known_since=None), RIGHT)},
    "both known at once": {"shipments": (WRONG, replace(RIGHT, known_since=MONDAY - DAY))},
    "it has arrived": {
        "shipments": (WRONG, replace(RIGHT, status=TrackingStatus.DELIVERED, delivered_at=MONDAY + 2 * DAY))
    },
    "paid back": {"refunded_at": MONDAY + DAY},
}


@pytest.mark.parametrize("facts", NOT_CORRECTED.values(), ids=NOT_CORRECTED)
def test_what_need_not_be_told(facts: dict[str, Any]) -> None:
    """Near misses."""
    told = order(**{"shipments": (WRONG, RIGHT), "contacts": (TOLD,), **facts})

    assert found(told, MONDAY + 3 * DAY, "number_corrected") is None
