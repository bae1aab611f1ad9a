"""What a request, case or dispute leaves behind when it is closed: good news for some days, or a chance to appeal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from agent.orders.order import Case, Order
from agent.risks.case import case_episode
from agent.risks.catalogue import risk
from agent.risks.clock import Clock
from agent.risks.deadlines import calendar_deadline, is_plausible
from agent.risks.parcels import delivered_parcel
from agent.risks.risk import Risk
from agent.risks.sentences import day, distinct, parcel_name, seen, site_day
from agent.risks.timers import Timers
from agent.rules import figure
from agent.vocabulary.marketplaces import marketplace
from agent.vocabulary.values import end_of

_NAMES = {"inr": "item-not-received case", "return": "return", "payment_dispute": "payment dispute"}


@risk
def inr_closed_delivered(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """A request ended without a decision, and its parcel had been delivered: eBay closes it a day later by itself."""
    parcel = delivered_parcel(order)
    if parcel is None or parcel.delivered_at is None:
        return
    for case, closed_at in _closed(order):
        decided = case.escalated_at is not None or case.outcome in ("buyer", "seller")
        if case.kind != "inr" or decided or parcel.delivered_at > closed_at:
            continue
        if clock.passed(closed_at + timers.news_lapses):
            continue
        yield Risk(
            id="inr_closed_delivered",
            severity="P4",
            since=closed_at,
            episode=case_episode(case),
            because=distinct((*case.origins, *seen(parcel))),
            summary=f"The item-not-received request was closed on {site_day(closed_at, order)}. The "
            f"{parcel_name(parcel)} was delivered on {day(parcel.delivered_at)}.",
            advice="Nothing to do. Keep the proof of delivery.",
            tracking_number=parcel.tracking_number,
        )


@risk
def case_won(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """Decided for the seller: no defect, and held money is to come free."""
    for case, closed_at in _closed(order):
        if case.outcome != "seller" or clock.passed(closed_at + timers.news_lapses):
            continue
        yield Risk(
            id="case_won",
            severity="P4",
            since=closed_at,
            episode=case_episode(case),
            because=distinct(case.origins),
            summary=f"The {_NAMES[case.kind]} was closed for you on {site_day(closed_at, order)}.",
            advice="Check in eBay that held money is released and that no defect was counted.",
        )


@risk
def case_lost_appealable(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """eBay decided for the buyer; an appeal is open for a time and needs new information (help page 4369).

    A refund that the seller gave closes a request for the buyer as well, so only a case that was eBay's to decide
    counts, and only one that the seller had not refunded before.
    """
    for case, closed_at in _closed(order):
        if case.kind == "payment_dispute" or case.outcome != "buyer":
            continue
        taken_over = _taken_over_by_ebay(case, closed_at, order)
        if taken_over is None or (order.refunded_at is not None and order.refunded_at < taken_over):
            continue
        deadline = calendar_deadline(
            closed_at, figure(order.site, "appeal_days").value, order.site, margin=timers.margin
        )
        if deadline.nominal is None or clock.passed(deadline.nominal):
            continue
        yield Risk(
            id="case_lost_appealable",
            severity="P2",
            since=closed_at,
            episode=case_episode(case),
            deadline=deadline,
            because=distinct((*case.origins, *(source for parcel in order.shipments for source in seen(parcel)))),
            summary=f"eBay decided the {_NAMES[case.kind]} for the buyer on {site_day(closed_at, order)}. An appeal is "
            f"possible until {site_day(deadline.nominal, order)}.{_new_since(order, closed_at)}",
            advice=_appeal_with(order, closed_at),
        )


@risk
def dispute_lost_appealable(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """The bank decided for the buyer; eBay's protection may still cover it, and a refusal may be appealed."""
    for case, closed_at in _closed(order):
        if case.kind != "payment_dispute" or case.outcome != "buyer":
            continue
        days = figure(order.site, "dispute_appeal_days").value
        deadline = calendar_deadline(closed_at, days, order.site, margin=timers.margin)
        if deadline.nominal is None or clock.passed(deadline.nominal):
            continue
        yield Risk(
            id="dispute_lost_appealable",
            severity="P3",
            since=closed_at,
            episode=case_episode(case),
            deadline=deadline,
            because=distinct(case.origins),
            summary=f"The payment dispute was decided for the buyer on {site_day(closed_at, order)}.",
            advice="If eBay's seller protection should have covered it, contact eBay until "
            f"{site_day(deadline.nominal, order)}.",
        )


def _closed(order: Order) -> Iterator[tuple[Case, datetime]]:
    for case in order.cases:
        if case.state == "closed" and case.closed_at is not None:
            yield case, case.closed_at


def _taken_over_by_ebay(case: Case, closed_at: datetime, order: Order) -> datetime | None:
    """Since when it was eBay's to decide: one side asked, or the seller did not answer in time (eBay, US and CA)."""
    if case.escalated_at is not None or case.respond_by is None or not is_plausible(case.respond_by):
        return case.escalated_at
    due = end_of(case.respond_by, marketplace(order.site).zone)
    return due if closed_at > due else None


def _new_since(order: Order, closed_at: datetime) -> str:
    """Scans that were made after the decision, or nothing."""
    fresh = [
        parcel for parcel in order.shipments if parcel.last_scan_at is not None and parcel.last_scan_at > closed_at
    ]
    return "".join(
        f" New since: the {parcel_name(parcel)} was scanned on {day(parcel.last_scan_at)}."
        for parcel in fresh
        if parcel.last_scan_at is not None
    )


def _appeal_with(order: Order, closed_at: datetime) -> str:
    """What an appeal may bring: a delivery before the case closed counts, one after it does not."""
    parcel = delivered_parcel(order)
    if parcel is not None and parcel.delivered_at is not None and parcel.delivered_at <= closed_at:
        return (
            f"Appeal in eBay with the delivery of {day(parcel.delivered_at)}, and with what eBay did not have: a "
            "signature, the carrier's proof, photographs."
        )
    return "Appeal in eBay only with something new: a delivery before the case closed, a signature, an earlier refund."
