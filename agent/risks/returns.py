"""Returns that are open at eBay: to answer, to wait for, to refund."""

from __future__ import annotations

from collections.abc import Iterator

from agent.orders.order import Case, Order
from agent.risks.case import case_episode, unless_over
from agent.risks.catalogue import risk
from agent.risks.clock import Clock
from agent.risks.deadlines import business_days_after, business_deadline
from agent.risks.risk import Risk
from agent.risks.sentences import distinct, drift, site_day
from agent.risks.standing import open_cases
from agent.risks.timers import Timers
from agent.rules import figure

_UNANSWERED = (None, "opened", "on_hold")
_BUYERS_TURN = ("approved", "label_provided")
_CAME_BACK = "delivered_to_seller"
_REFUND_DUE = (_CAME_BACK, "refund_due")
_ANSWER_RETURN = "Answer the return in eBay."


@risk
def return_opened(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """The buyer wants to send the item back; unanswered, eBay may refund without the item.

    Once it is answered the buyer is to send it and the carrier to bring it: nothing is asked of the seller until then.
    """
    for case in open_cases(order, "return"):
        if case.state != "escalated" and case.step not in _UNANSWERED:
            continue
        days = int(figure(order.site, "return_answer_business_days").value)
        deadline = business_deadline(case.opened_at, days, order.site, case.respond_by, timers.margin)
        yield Risk(
            id="return_opened",
            severity=unless_over(deadline, order, clock, timers),
            since=case.opened_at,
            episode=case_episode(case),
            deadline=deadline,
            because=distinct(case.origins),
            summary=_return_so_far(case, order) + drift(deadline, order),
            advice="Give eBay what proof you have: it decides." if case.state == "escalated" else _ANSWER_RETURN,
        )


@risk
def return_not_shipped(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """A return was accepted and nothing came on its way in the time the buyer has for it; some never do."""
    days = int(figure(order.site, "return_ship_business_days").value)
    for case in open_cases(order, "return"):
        if case.state == "escalated" or case.step not in _BUYERS_TURN or case.step_at is None:
            continue
        since = business_days_after(case.step_at, days, order.site)
        if not clock.passed(since) or clock.passed(since + timers.process_lapses):
            continue
        yield Risk(
            id="return_not_shipped",
            severity="P4",
            since=since,
            episode=case_episode(case),
            because=distinct(case.origins),
            summary=f"The return was accepted by {site_day(case.step_at, order)}, and no news since says that the item "
            f"was sent. The buyer has {days} business days.",
            advice="Look at the return in eBay: it may be closed there. Do not refund before the item is back.",
        )


@risk
def return_delivered_refund_due(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """The item is back with the seller, or eBay asks for the refund; unpaid, eBay refunds at the seller's cost."""
    days = int(figure(order.site, "return_refund_business_days").value)
    for case in open_cases(order, "return"):
        since = case.step_at
        if case.state == "escalated" or case.step not in _REFUND_DUE or since is None:
            continue
        if order.refunded_at is not None and order.refunded_at >= case.opened_at:
            continue
        deadline = business_deadline(since, days, order.site, case.respond_by, timers.margin)
        came = "came back" if case.step == _CAME_BACK else "is to be refunded"
        yield Risk(
            id="return_delivered_refund_due",
            severity=unless_over(deadline, order, clock, timers),
            since=since,
            episode=case_episode(case),
            deadline=deadline,
            because=distinct(case.origins),
            summary=f"The returned item {came}, eBay wrote on {site_day(since, order)}.{drift(deadline, order)}",
            advice=f"Look at the item within {days} business days and refund in eBay, or say there what is wrong.",
        )


def _return_so_far(case: Case, order: Order) -> str:
    if case.escalated_at is not None:
        return f"eBay was asked on {site_day(case.escalated_at, order)} to step in on a return."
    if case.step is None:  # its opening was before we watched
        return f"A return is open, eBay wrote on {site_day(case.opened_at, order)}."
    return f"The buyer opened a return on {site_day(case.opened_at, order)}."
