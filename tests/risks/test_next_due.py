"""When a judgement could change without news."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.orders.order import (
    BuyerHistory,
    Cancellation,
    Case,
    Contact,
    Feedback,
    HumanWord,
    LastLook,
    Order,
    PastRequest,
    Received,
    Shipment,
)
from agent.risks.assess import assess
from agent.risks.precedence import ASIDE, Process, process
from agent.vocabulary.status import LookOutcome, Reason, TrackingStatus
from agent.vocabulary.values import Address, Money, Window

START = datetime(2026, 11, 1, tzinfo=UTC)
times = st.integers(0, 60 * 24).map(lambda hours: START + timedelta(hours=hours))
days = times.map(lambda at: at.date())
maybe = st.none()
spans = st.builds(lambda first, length: Window(first, first + timedelta(days=length)), days, st.integers(0, 9))

parcels = st.builds(
    Shipment,
    tracking_number=st.sampled_from(["RB123456785GB", "RB123456789GB", "RB123456785CN", "1Z5R89390357567127"]),
    carrier=st.sampled_from([None, "royal-mail", "ups"]),
    status=st.sampled_from(TrackingStatus),
    reason=maybe | st.sampled_from(Reason),
    known_since=maybe | times,
    first_scan_at=maybe | times,
    last_scan_at=maybe | times,
    delivered_at=maybe | times,
    estimated_delivery=maybe | spans,
    last_look=maybe | st.builds(LastLook, at=times, outcome=st.sampled_from(LookOutcome)),
    last_good_look_at=maybe | times,
    failing_since=maybe | times,
    uploaded_at=maybe | times,
    collect_by=maybe | times,
    addressed_to=maybe | st.builds(Address, postcode=st.sampled_from(["LS1 4AP", "CF10 1EP"])),
)
cases = st.builds(
    Case,
    kind=st.sampled_from(["inr", "return", "payment_dispute"]),
    state=st.sampled_from(["open", "escalated", "on_hold", "closed"]),
    opened_at=times,
    respond_by=maybe | days | times,
    escalated_at=maybe | times,
    closed_at=maybe | times,
    outcome=maybe | st.sampled_from(["buyer", "seller", "withdrawn"]),
    step=maybe | st.sampled_from(["opened", "approved", "delivered_to_seller"]),
    step_at=maybe | times,
)
histories = st.builds(
    BuyerHistory,
    orders=st.integers(1, 5),
    requests=st.lists(
        st.builds(PastRequest, order_id=st.just("1"), kind=st.just("inr"), opened_at=times), max_size=3
    ).map(tuple),
)
messages = st.builds(
    Received,
    at=times,
    intent=st.sampled_from(["not_received", "thanks", "cancel", "change_address"]),
    text=st.sampled_from(["", "Refund me or I leave negative feedback.", "Can I pay outside of eBay?"]),
    source=st.just("m"),
)
orders_of_all_kinds = st.builds(
    Order,
    order_id=st.just("12-34567-89012"),
    site=st.sampled_from([None, "EBAY_US", "EBAY_GB", "EBAY_DE", "EBAY_AU"]),
    total=maybe | st.builds(Money, st.sampled_from([Decimal(9), Decimal(900)]), st.just("USD")),
    ship_to=maybe | st.builds(Address, country=st.sampled_from(["US", "GB", "DE", None])),
    sold_at=maybe | times,
    ship_by=maybe | days | times,
    estimated_delivery=maybe | spans,
    shipments=st.lists(parcels, max_size=2).map(tuple),
    cancellation=maybe
    | st.builds(
        Cancellation,
        state=st.sampled_from(["requested", "cancelled"]),
        requested_at=maybe | times,
        cancelled_at=maybe | times,
    ),
    cases=st.lists(cases, max_size=2).map(tuple),
    messages=st.lists(messages, max_size=2).map(tuple),
    contacts=st.lists(st.builds(Contact, at=times, state=st.just("sent")), max_size=1).map(tuple),
    human=st.lists(st.builds(HumanWord, at=times, kind=st.just("handled")), max_size=1).map(tuple),
    refunded_at=maybe | times,
    unpaid_since=maybe | times,
    held_at=maybe | times,
    feedback=st.lists(st.builds(Feedback, at=times, rating=st.sampled_from(["negative", "positive"])), max_size=1).map(
        tuple
    ),
    history=maybe | histories,
)


@settings(max_examples=150, deadline=None)
@given(orders_of_all_kinds, times, st.floats(0, 0.999))
def test_nothing_changes_before_it_is_due(order: Order, now: datetime, part: float) -> None:
    """Between now and `next_due_at` the whole judgement is one and the same; without one, for ever."""
    first = assess(order, now)
    due = first.next_due_at or now + timedelta(days=3000)
    assert due > now
    later = now + (due - now) * part
    assert assess(order, later).risks == first.risks


@settings(max_examples=60, deadline=None)
@given(orders_of_all_kinds, times)
def test_only_the_highest_process_is_acted_on(order: Order, now: datetime) -> None:
    """What is not superseded is all of one process, and no superseded risk stands before an unhandled one."""
    found = assess(order, now).risks
    acting = {process(risk.id) for risk in found if not risk.superseded and risk.id not in ASIDE}
    acting -= {Process.APPEAL}  # a chance, which hides nothing
    assert len(acting) <= 1
    marks = [risk.superseded for risk in found if not risk.handled]
    assert marks == sorted(marks)


@settings(max_examples=60, deadline=None)
@given(orders_of_all_kinds, times)
def test_failed_looks_never_count_as_silence(order: Order, now: datetime) -> None:
    """Without one successful look no risk rests on a parcel's silence."""
    blind = replace(order, shipments=tuple(replace(parcel, last_good_look_at=None) for parcel in order.shipments))
    silent = {"late_ship", "no_first_scan", "stalled_in_transit", "past_estimated_delivery", "pickup_expiring"}
    silent |= {"handling_time_risk", "partial_delivery"}
    found = assess(blind, now).risks
    assert not [risk for risk in found if risk.id in silent and risk.tracking_number is not None]


def test_delivered_order_is_never_due_again() -> None:
    """An order whose parcel arrived waits for news only."""
    at = datetime(2026, 3, 1, tzinfo=UTC)
    parcel = Shipment(
        tracking_number="RB123456785GB",
        status=TrackingStatus.DELIVERED,
        first_scan_at=at,
        last_scan_at=at,
        delivered_at=at,
    )
    order = Order(order_id="1", shipments=(parcel,), estimated_delivery=Window(date(2026, 3, 9), date(2026, 3, 9)))
    assert assess(order, at + timedelta(days=1)).next_due_at is None


def test_next_due_is_the_first_threshold() -> None:
    """A fresh label is due again a working day before it should have left, and when its first scan would be missing."""
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    parcel = Shipment(
        tracking_number="RB123456785GB",
        carrier="royal-mail",
        status=TrackingStatus.INFO_RECEIVED,
        known_since=at,
        last_good_look_at=at,
    )
    order = Order(order_id="1", site="EBAY_GB", ship_by=date(2026, 3, 3), shipments=(parcel,))
    near, missing = datetime(2026, 3, 3, 9, tzinfo=UTC), datetime(2026, 3, 4, 23, 59, 59, tzinfo=UTC)
    assert assess(order, at).next_due_at == near
    looked = replace(order, shipments=(replace(parcel, last_good_look_at=missing - timedelta(hours=2)),))
    assert assess(looked, missing - timedelta(hours=1)).next_due_at == missing
