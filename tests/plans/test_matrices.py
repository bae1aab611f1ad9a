"""Every row of the matrices: an order that comes to it, what is recommended there, and how the plan reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from agent.orders.order import Order
from agent.plans.advise import plan_for
from agent.plans.history import Course, History
from agent.plans.matrix import rows
from agent.plans.plan import Plan
from agent.risks.assess import assess
from agent.risks.risk import Risk
from agent.vocabulary.events import TrackingUpdate
from agent.vocabulary.status import Reason, TrackingStatus
from agent.vocabulary.values import Address, Money, Place

GOLDEN = Path(__file__).with_name("plans.txt")
VALUES = {"S": Decimal(15), "M": Decimal(60), "L": Decimal(200), "XL": Decimal(900)}
HISTORY = History(
    tuple(
        Course(order_id=f"20-{number:05}-00000", arrived=number % 3 > 0, late=float(number), silent=float(number))
        for number in range(20)
    )
)
MATRICES = ("cancelled", "not_received", "dispute", "return")


@dataclass(frozen=True)
class Row:
    """A case for a row of a matrix."""

    row: str
    recommended: str
    """The kind that is recommended, one for all values or one for each band in order, divided by blanks."""
    make: Callable[[ModuleType], dict[str, Any]]
    """What is special about the order."""
    also: tuple[str, ...] = ()
    """Risks that other judges find, by id."""
    bands: tuple[str, ...] = ("S", "M", "L", "XL")


def asked(o: ModuleType, *parcels: Any, hours: float = 20) -> dict[str, Any]:
    return {"cancellation": o.cancel(o.ago(hours=hours)), "shipments": parcels}


def cancelled(o: ModuleType, *parcels: Any) -> dict[str, Any]:
    gone = o.cancel(o.ago(3), state="cancelled", cancelled_at=o.ago(2))
    return {"cancellation": gone, "shipments": parcels}


def late(o: ModuleType, *parcels: Any) -> dict[str, Any]:
    """Gone since yesterday, however far it got."""
    return cancelled(o, *(replace(parcel, first_scan_at=o.ago(1), posted_at=o.ago(1)) for parcel in parcels))


def request(o: ModuleType, *parcels: Any, opened: float = 1, **facts: Any) -> dict[str, Any]:
    return {"cases": (o.request(o.ago(opened), **facts),), "shipments": parcels}


def escalated(o: ModuleType, *parcels: Any) -> dict[str, Any]:
    case = {"state": "escalated", "escalated_at": o.ago(hours=10)}
    return request(o, *parcels, opened=6, **case)


def dispute(o: ModuleType, *parcels: Any) -> dict[str, Any]:
    return request(o, *parcels, kind="payment_dispute")


def troubled(o: ModuleType, reason: Reason, status: TrackingStatus = TrackingStatus.EXCEPTION) -> Any:
    scan = replace(o.scan(o.ago(1), status), reason=reason)
    return o.moving(o.ago(1), status=status, reason=reason, scans=(scan,))


def signed(o: ModuleType, at: datetime) -> Any:
    scan = TrackingUpdate(
        occurred_at=at,
        status=TrackingStatus.DELIVERED,
        reason=Reason.SIGNED,
        tracking_number="RB123456785GB",
        location=Place(city="Leeds", postcode="LS1 4AP", country="GB"),
        source="look:scan",
    )
    known = {"known_since": o.ago(14), "uploaded_at": o.ago(14), "reason": Reason.SIGNED}
    return o.delivered(at, scans=(scan,), **known)


def elsewhere(o: ModuleType) -> Any:
    scan = replace(signed(o, o.ago(2)).scans[0], location=Place(city="Truro", postcode="TR1 2AA", country="GB"))
    return replace(signed(o, o.ago(2)), scans=(scan,))


def in_time(o: ModuleType) -> dict[str, Any]:
    return {"estimated_delivery": o.estimate(date(2026, 3, 4))}


def overdue(o: ModuleType) -> dict[str, Any]:
    return {"estimated_delivery": o.estimate(date(2026, 2, 24))}


def slightly_late(o: ModuleType) -> dict[str, Any]:
    return {"estimated_delivery": o.estimate(date(2026, 2, 28))}


def unproven(o: ModuleType) -> Any:
    """Delivered, and the number became known only after the last estimated day."""
    return replace(signed(o, o.ago(1)), known_since=o.ago(1.5), uploaded_at=o.ago(1.5))


T = TrackingStatus
TABLE = (
    Row("before_label", "approve", lambda o: asked(o)),
    Row("before_label_unsure", "stop_parcel", lambda o: {**asked(o), "sold_at": None, "paid_at": None}),
    Row("label_only", "stop_parcel", lambda o: asked(o, o.parcel())),
    Row("handed_over", "decline", lambda o: asked(o, o.moving(o.ago(1), reason=Reason.ACCEPTED))),
    Row("in_transit", "decline", lambda o: asked(o, o.moving(o.ago(1)))),
    Row("out_for_delivery", "decline", lambda o: asked(o, o.moving(o.ago(0.2), status=T.OUT_FOR_DELIVERY))),
    Row("delivered", "decline", lambda o: asked(o, o.delivered(o.ago(1)))),
    Row("returning", "decline", lambda o: asked(o, o.moving(o.ago(1), status=T.RETURNING))),
    Row("returned", "approve", lambda o: asked(o, o.moving(o.ago(1), status=T.RETURNED))),
    Row("unanswered_not_shipped", "watch", lambda o: asked(o, o.parcel(), hours=100)),
    Row("unanswered_shipped", "decline", lambda o: asked(o, o.moving(o.ago(1)), hours=100)),
    Row("goods_left_unpaid", "intercept", lambda o: late(o, o.moving(o.ago(1)))),
    Row("goods_arrived_unpaid", "message", lambda o: late(o, o.delivered(o.ago(0.3)))),
    Row(
        "goods_come_back",
        "watch",
        lambda o: late(o, o.moving(o.ago(1), status=T.RETURNED)),
        also=("shipped_after_cancel",),
    ),
    Row("programme", "ask_ebay", lambda o: request(o, o.moving(o.ago(1))), also=("programme_order",)),
    Row(
        "decided_against_you",
        "accept",
        lambda o: request(o, o.moving(o.ago(9)), state="closed", outcome="buyer", closed_at=o.ago(0.5)),
        also=("case_lost_appealable",),
    ),
    Row("escalated_with_proof", "collect_proof", lambda o: {**escalated(o, signed(o, o.ago(7))), **in_time(o)}),
    Row(
        "escalated_proof_unclear",
        "collect_proof",
        lambda o: escalated(o, replace(signed(o, o.ago(7)), known_since=None, uploaded_at=None)),
    ),
    Row("escalated_without_proof", "refund", lambda o: escalated(o, o.moving(o.ago(9)))),
    Row("escalated_in_transit", "collect_proof", lambda o: escalated(o, o.moving(o.ago(0.5)))),
    Row("not_shipped", "reship", lambda o: request(o)),
    Row("shipment_unknown", "add_tracking", lambda o: {**request(o), "sold_at": None, "paid_at": None}),
    Row(
        "label_not_handed_over",
        "reship",
        lambda o: {**request(o, o.parcel(known_since=o.ago(0.2))), "ship_by": date(2026, 3, 9)},
    ),
    Row("parcel_lost", "refund", lambda o: request(o, troubled(o, Reason.LOST))),
    Row("parcel_damaged", "collect_proof", lambda o: request(o, troubled(o, Reason.DAMAGED))),
    Row("delivered_elsewhere", "refund", lambda o: {**request(o, elsewhere(o)), **in_time(o)}),
    Row("refused", "wait", lambda o: request(o, troubled(o, Reason.REFUSED))),
    Row("comes_back", "refund", lambda o: request(o, o.moving(o.ago(1), status=T.RETURNING))),
    Row("is_back", "refund", lambda o: request(o, o.moving(o.ago(1), status=T.RETURNED))),
    Row("at_customs", "message", lambda o: request(o, troubled(o, Reason.CUSTOMS_FEE_DUE))),
    Row("address_in_doubt", "trace", lambda o: request(o, troubled(o, Reason.ADDRESS_PROBLEM))),
    Row("waits_for_buyer", "message", lambda o: request(o, troubled(o, Reason.NO_ONE_HOME, T.DELIVERY_ATTEMPTED))),
    Row("delivered_since", "watch", lambda o: request(o, signed(o, o.ago(0.5)), opened=2)),
    Row("delivered_proof_clean", "message", lambda o: {**request(o, signed(o, o.ago(3))), **in_time(o)}),
    Row(
        "delivered_proof_frequent",
        "ask_ebay",
        lambda o: {**request(o, signed(o, o.ago(3))), **in_time(o)},
        also=("abusive_buyer_pattern",),
    ),
    Row(
        "delivered_no_signature",
        "refund",
        lambda o: {**request(o, o.delivered(o.ago(3), uploaded_at=o.ago(14))), **in_time(o)},
        bands=("XL",),
    ),
    Row("delivered_no_proof", "refund", lambda o: {**request(o, unproven(o), opened=0.5), **slightly_late(o)}),
    Row(
        "delivered_proof_unclear",
        "message",
        lambda o: request(o, replace(signed(o, o.ago(3)), known_since=None, uploaded_at=None)),
    ),
    Row("never_scanned", "refund", lambda o: request(o, o.parcel())),
    Row("stalled", "refund", lambda o: request(o, o.moving(o.ago(9)))),
    Row("not_looked_at", "watch", lambda o: request(o, o.unseen(o.moving(o.ago(3)), since=o.ago(2)))),
    Row("moving_in_time", "message", lambda o: {**request(o, o.moving(o.ago(1))), **in_time(o)}),
    Row("moving_late", "message", lambda o: {**request(o, o.moving(o.ago(1))), **overdue(o)}, bands=("S", "M")),
    Row("moving_late_costly", "message", lambda o: {**request(o, o.moving(o.ago(1))), **overdue(o)}, bands=("L", "XL")),
    Row("costly_dispute", "contest", lambda o: dispute(o, o.moving(o.ago(9))), bands=("XL",)),
    Row(
        "proven_dispute", "contest", lambda o: {**dispute(o, signed(o, o.ago(3))), **in_time(o)}, bands=("S", "M", "L")
    ),
    Row("small_dispute", "accept", lambda o: dispute(o, o.moving(o.ago(9))), bands=("S",)),
    Row(
        "unclear_dispute",
        "contest",
        lambda o: dispute(o, replace(signed(o, o.ago(3)), known_since=None, uploaded_at=None)),
        bands=("M", "L"),
    ),
    Row("weak_dispute", "accept", lambda o: dispute(o, o.moving(o.ago(9))), bands=("M", "L")),
    Row("return_asked", "accept", lambda o: request(o, o.delivered(o.ago(3)), kind="return")),
    Row(
        "return_arrived",
        "refund",
        lambda o: request(o, o.delivered(o.ago(9)), kind="return", step="delivered_to_seller", step_at=o.ago(0.5)),
    ),
)


def order_of(row: Row, band: str, o: ModuleType) -> Order:
    address = Address(name="Anna Berg", street="4 Park Row", city="Leeds", postcode="LS1 4AP", country="GB")
    facts = {"total": Money(VALUES[band], "GBP"), "ship_to": address, **row.make(o)}
    found: Order = o.order(**facts)
    return found


def planned(row: Row, band: str, o: ModuleType) -> Plan:
    order = order_of(row, band, o)
    found = [*assess(order, o.NOW).risks]
    known = {risk.id for risk in found}
    found += [Risk(id=name, severity="P2", since=o.ago(1), episode="x") for name in row.also if name not in known]
    plan = plan_for(order, found, o.NOW, HISTORY)
    assert plan is not None
    return plan


@pytest.mark.parametrize(
    ("row", "band"), [pytest.param(row, band, id=f"{row.row}-{band}") for row in TABLE for band in row.bands]
)
def test_row(row: Row, band: str, orders: ModuleType) -> None:
    """The order comes to its row, one step is recommended, and it is the one that fits."""
    plan = planned(row, band, orders)

    assert plan.row == row.row
    assert plan.band == band
    assert [step.kind for step in plan.steps if step.recommended] == [row.recommended]
    assert 2 <= len(plan.steps) <= 8 or plan.row == "goods_come_back"


def test_no_row_is_forgotten() -> None:
    """Every row of every matrix has an order that comes to it."""
    assert {row.row for row in TABLE} == {row.name for matrix in MATRICES for row in rows(matrix)}


def test_every_plan_reads_as_it_did_when_a_human_last_read_it(orders: ModuleType, bless: bool) -> None:
    """All sentences of all rows; of a further band those that the one before it has not."""
    shown = "\n".join(printed(orders))
    if bless:
        GOLDEN.write_text(shown, encoding="utf-8")

    assert GOLDEN.read_text(encoding="utf-8") == shown
    assert "{" not in shown
    assert "None" not in shown


def printed(o: ModuleType) -> Iterator[str]:
    for row in TABLE:
        before: list[str] = []
        for band in row.bands:
            plan = planned(row, band, o)
            lines = [line.replace(str(Money(VALUES[band], "GBP")), "TOTAL") for line in lines_of(plan)]
            if lines != before:
                new = [line for line in lines if line not in before]
                yield from (f"## {plan.situation}: {plan.row}, {band}", *new, "")
            before = lines


def lines_of(plan: Plan) -> Iterator[str]:
    yield plan.summary
    for number, step in enumerate(plan.steps, start=1):
        by = f" [by {step.by:%a %d %b %H:%M}]" if step.by else ""
        cost = f" [{step.cost}]" if step.cost else ""
        chance = f" [{step.chance}]" if step.chance else ""
        why = f" ({step.why})" if step.why else ""
        yield f"{'>' if step.recommended else ' '} {number}. {step.text}{why}{by}{cost}{chance}"
    for line in plan.arithmetic:
        yield f"  = {line.label}: {' · '.join(str(part) for part in (line.amount, line.note) if part)}"
    yield from (f"  watch: {sentence}" for sentence in plan.watch)
    yield from (f"  mind: {sentence}" for sentence in plan.because)
