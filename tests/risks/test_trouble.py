"""What the carrier itself says is wrong."""

from __future__ import annotations

from types import ModuleType

import pytest

from agent.vocabulary.status import Reason, TrackingStatus


@pytest.mark.parametrize(
    ("status", "reason", "expected", "severity"),
    [
        (TrackingStatus.EXCEPTION, Reason.LOST, "lost_declared", "P1"),
        (TrackingStatus.EXCEPTION, Reason.DAMAGED, "damaged_in_transit", "P2"),
        (TrackingStatus.EXCEPTION, Reason.ADDRESS_PROBLEM, "address_undeliverable", "P2"),
        (TrackingStatus.EXCEPTION, Reason.REFUSED, "refused_by_buyer", "P2"),
        (TrackingStatus.EXCEPTION, Reason.CUSTOMS_DOCUMENTS, "customs_hold", "P2"),
        (TrackingStatus.RETURNING, Reason.REFUSED, "return_to_sender", "P2"),
        (TrackingStatus.RETURNED, None, "return_to_sender", "P2"),
        (TrackingStatus.DELIVERY_ATTEMPTED, Reason.NO_ONE_HOME, "delivery_attempted", "P3"),
    ],
)
def test_carriers_own_words(
    orders: ModuleType, status: TrackingStatus, reason: Reason | None, expected: str, severity: str
) -> None:
    """Each state has its id, and needs no recent look: the carrier has said it."""
    parcel = orders.moving(orders.ago(1), status=status, reason=reason, last_good_look_at=None)
    found = orders.risks(orders.order(shipments=(parcel,)))
    assert set(found) == {expected}
    assert found[expected].severity == severity
    assert found[expected].because == ("look:1", "look:scan")


def test_waiting_at_the_shop(orders: ModuleType) -> None:
    """Five days uncollected are a risk, if the page was read lately; four are none."""
    status = TrackingStatus.AVAILABLE_FOR_PICKUP
    assert set(orders.risks(orders.order(shipments=(orders.moving(orders.ago(6), status=status),)))) == {
        "pickup_expiring"
    }
    assert orders.risks(orders.order(shipments=(orders.moving(orders.ago(4), status=status),))) == {}
    blind = orders.moving(orders.ago(6), status=status, last_good_look_at=orders.ago(2))
    assert orders.risks(orders.order(shipments=(blind,))) == {}


def test_moving_parcel_has_no_trouble(orders: ModuleType) -> None:
    """An ordinary scan is no trouble, nor is a delay the carrier speaks of."""
    for reason in (None, Reason.DELAYED, Reason.CUSTOMS, Reason.CUSTOMS_HELD):
        assert orders.risks(orders.order(shipments=(orders.moving(orders.ago(1), reason=reason),))) == {}
