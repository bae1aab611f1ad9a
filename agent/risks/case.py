"""Requests, cases and disputes that are open at eBay and wait for the seller."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from agent.orders.order import Case, Order
from agent.risks.catalogue import risk
from agent.risks.clock import Clock
from agent.risks.deadlines import business_days_after, business_deadline, calendar_deadline, is_plausible
from agent.risks.parcels import delivered_parcel, is_scanned, was_read_recently
from agent.risks.risk import Deadline, Risk, Severity
from agent.risks.sentences import (
    carrier_name,
    day,
    distinct,
    drift,
    last_seen,
    parcel_name,
    seen,
    site_day,
    site_moment,
)
from agent.risks.standing import open_cases
from agent.risks.timers import Timers
from agent.risks.whereabouts import elsewhere
from agent.rules import figure
from agent.verification.programmes import ends_at_hub
from agent.vocabulary.marketplaces import marketplace
from agent.vocabulary.values import end_of

ASK_WHERE = (
    "The carrier names another place than the order's. Ask it for the photo or the GPS position of the delivery. "
    "Do not ask the buyer to search."
)
_CLOSED_BY_NOW = "Look at the request in eBay: it should have closed by itself."


def answer_deadline(case: Case, order: Order, timers: Timers) -> Deadline:
    """Until when an item-not-received request wants an answer: 3 business days on every site seen."""
    days = int(figure(order.site, "inr_answer_business_days").value)
    return business_deadline(case.opened_at, days, order.site, case.respond_by, timers.margin)


def answer_severity(case: Case, order: Order, clock: Clock) -> Severity:
    """P1, less urgent while eBay has the request on hold.

    A request that eBay must have closed for want of activity (21 business days) is only watched: its closing mail may
    never have come.
    """
    idle = int(figure(order.site, "inr_idle_close_business_days").value)
    if case.escalated_at is None and clock.passed(business_days_after(case.opened_at, idle, order.site)):
        return "P3"
    return "P2" if case.state == "on_hold" else "P1"


def case_episode(case: Case) -> str:
    """What makes a request one and the same: its number, else its kind and day."""
    return case.request_id or f"{case.kind}:{case.opened_at.date().isoformat()}"


@risk
def inr_opened(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """The buyer says at eBay that the item did not arrive. It stays listed, superseded, while eBay decides."""
    for case in open_cases(order, "inr"):
        if case.escalated_at is not None and case.opened_at >= case.escalated_at:
            continue  # known only since eBay stepped in: there is no request left to answer
        deadline = answer_deadline(case, order, timers)
        severity = answer_severity(case, order, clock)
        on_hold = " eBay has put it on hold." if case.state == "on_hold" else ""
        yield Risk(
            id="inr_opened",
            severity=severity,
            since=case.opened_at,
            episode=case_episode(case),
            deadline=deadline,
            because=_because(case, order),
            summary=f"The buyer opened an item-not-received request on {site_day(case.opened_at, order)}."
            + f"{on_hold}{_parcels_so_far(order, clock, timers)}{drift(deadline, order)}",
            advice=_CLOSED_BY_NOW if severity == "P3" else _advice(order, clock, timers),
        )


@risk
def inr_due_soon(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """A request that nobody is known to have answered, less than a day before its date. No mail tells of an answer.

    A human's word about the request counts as one; our message to the buyer does not, for eBay wants the answer there.
    """
    for case in open_cases(order, "inr"):
        if case.escalated_at is not None or answer_severity(case, order, clock) != "P1" or _is_spoken_for(case, order):
            continue
        deadline = answer_deadline(case, order, timers)
        ends = end_of_deadline(deadline, order)
        since = ends - timers.due_soon
        if not clock.passed(since):
            continue
        was_due = clock.passed(ends)
        yield Risk(
            id="inr_due_soon",
            severity="P1",
            since=since,
            episode=case_episode(case),
            deadline=deadline,
            because=distinct(case.origins),
            summary=f"The answer to the item-not-received request {'was' if was_due else 'is'} due by "
            f"{site_moment(ends, order)}, and none is known.",
            advice="Answer in eBay now: without an answer eBay may refund the buyer at your cost."
            if not was_due
            else "Answer in eBay at once if it still lets you: eBay may refund the buyer at your cost.",
        )


@risk
def inr_escalated(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """eBay was asked to step in; it typically decides within 48 hours (help page 4701)."""
    for case in open_cases(order, "inr"):
        if case.escalated_at is None:
            continue
        zone = marketplace(order.site).zone
        printed = case.respond_by if case.respond_by and is_plausible(case.respond_by) else None
        if printed is not None and end_of(printed, zone) < case.escalated_at:
            printed = None  # it was the date to answer the request by
        hours = figure(order.site, "ebay_decision_hours").value
        deadline = calendar_deadline(case.escalated_at, hours / 24, order.site, printed, timers.margin)
        yield Risk(
            id="inr_escalated",
            severity=unless_over(deadline, order, clock, timers),
            since=case.escalated_at,
            episode=case_episode(case),
            deadline=deadline,
            because=_because(case, order),
            summary=f"eBay was asked to step in on {site_day(case.escalated_at, order)} and decides within about "
            f"{hours:g} hours.{_parcels_so_far(order, clock, timers)}",
            advice="Give eBay the missing proof at once; without proof of delivery a refund before the decision spares "
            "you the defect.",
        )


@risk
def payment_dispute(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """The buyer's bank or PayPal took the matter over; eBay closes everything else for the order."""
    for case in open_cases(order, "payment_dispute"):
        days = figure(order.site, "dispute_answer_days").value
        deadline = calendar_deadline(case.opened_at, days, order.site, case.respond_by, timers.margin)
        yield Risk(
            id="payment_dispute",
            severity=unless_over(deadline, order, clock, timers),
            since=case.opened_at,
            episode=case_episode(case),
            deadline=deadline,
            because=distinct(case.origins),
            summary=f"The buyer disputed the payment on {site_day(case.opened_at, order)}.{drift(deadline, order)}",
            advice="Contest it in eBay with the proof of delivery, or accept it; never refund beside a dispute.",
        )


def _is_spoken_for(case: Case, order: Order) -> bool:
    return any(
        word.kind == "handled"
        and word.risk in (None, "inr_opened", "delivered_not_received")
        and word.at >= case.opened_at
        for word in order.human
    )


def end_of_deadline(deadline: Deadline, order: Order) -> datetime:
    """The earliest of a computed deadline's dates, without the margin."""
    zone = marketplace(order.site).zone
    printed = end_of(deadline.printed, zone) if deadline.printed is not None else None
    return min(end for end in (deadline.conservative, deadline.nominal, printed) if end is not None)


def unless_over(deadline: Deadline, order: Order, clock: Clock, timers: Timers) -> Severity:
    """P1; P3 once all its dates are so long over that it must have ended without a mail."""
    zone = marketplace(order.site).zone
    printed = end_of(deadline.printed, zone) if deadline.printed is not None else None
    last = max(end for end in (deadline.conservative, deadline.nominal, printed) if end is not None)
    return "P3" if clock.passed(last + timers.process_lapses) else "P1"


def _because(case: Case, order: Order) -> tuple[str, ...]:
    return distinct((*case.origins, *(source for parcel in order.shipments for source in seen(parcel))))


def _parcels_so_far(order: Order, clock: Clock, timers: Timers) -> str:
    delivered = delivered_parcel(order)
    if delivered is not None and delivered.delivered_at is not None:
        return f" The {parcel_name(delivered)} was delivered on {day(delivered.delivered_at)}."
    if not order.shipments:
        return " No tracking number is known."
    parcel = order.shipments[-1]
    if parcel.last_scan_at is not None:
        return f" The {parcel_name(parcel)} was last scanned {last_seen(parcel)}."
    if parcel.last_good_look_at is None:
        return f" The {parcel_name(parcel)} was not looked at yet."
    if was_read_recently(parcel, clock, timers):
        return f" The {parcel_name(parcel)} has no scan so far."
    return f" The {parcel_name(parcel)} had no scan at the last look, on {site_day(parcel.last_good_look_at, order)}."


def _advice(order: Order, clock: Clock, timers: Timers) -> str:
    if ends_at_hub(order) and any(is_scanned(parcel) for parcel in order.shipments):
        return "Add the tracking number to the request in eBay, and ask eBay to step in: programme order."
    delivered = delivered_parcel(order)
    if delivered is not None and elsewhere(order, delivered) is not None:
        return f"Add the tracking number to the request in eBay. {ASK_WHERE}"
    if delivered is not None:
        return "Add the tracking number to the request in eBay, even if eBay has it, and ask the carrier for proof."
    if any(is_scanned(parcel) for parcel in order.shipments):
        return "Add the tracking number to the request in eBay and tell the buyer where the parcel is."
    if order.shipments and not was_read_recently(order.shipments[-1], clock, timers):
        return (
            f"Open {carrier_name(order.shipments[-1])}'s page of the parcel first. If it shows a scan, add the "
            "number to the request in eBay. If not, hand the parcel over today, or refund there."
        )
    if order.shipments:
        return "Hand the parcel over today if you have it. Add the number to the request in eBay, or refund there."
    if order.sold_at is None and order.paid_at is None:  # sold before we watched
        return "Add the tracking number to the request in eBay if it was shipped; else ship today, or refund there."
    return "Ship today and add the tracking number to the request in eBay, or refund there."
