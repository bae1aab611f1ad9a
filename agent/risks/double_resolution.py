"""Two ways on which the buyer could get the money twice."""

from __future__ import annotations

from collections.abc import Iterator

from agent.orders.order import Case, Order
from agent.risks.case import case_episode
from agent.risks.catalogue import risk
from agent.risks.clock import Clock
from agent.risks.risk import Deadline, Risk
from agent.risks.sentences import distinct, site_day, sources
from agent.risks.standing import open_cases
from agent.risks.timers import Timers

_NAMES = {"inr": "an item-not-received request", "return": "a return", "payment_dispute": "a payment dispute"}


@risk
def double_resolution(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """The buyer has the money back and a process runs on, or two processes run for one order.

    A dispute closes the others at eBay (its help on payment disputes), so one beside a request is no second way.
    A request stays open for a while after its refund: that alone is none either.
    """
    disputes = open_cases(order, "payment_dispute")
    requests = (*open_cases(order, "inr"), *open_cases(order, "return"))
    refunded = order.refunded_at
    if refunded is not None:
        running: tuple[Case, ...] = disputes + tuple(
            case for case in requests if case.opened_at > refunded or clock.passed(refunded + timers.refund_closes)
        )
        for case in running:
            since = max(case.opened_at, refunded)
            yield Risk(
                id="double_resolution",
                severity="P1",
                since=since,
                episode=f"refund:{case_episode(case)}",
                deadline=Deadline(act_by=since),
                because=distinct((*case.origins, *sources(order, "refunded_at"))),
                summary=f"The buyer had the whole sum back on {site_day(refunded, order)}, and {_NAMES[case.kind]} of "
                f"{site_day(case.opened_at, order)} is open.",
                advice="Pay nothing more. Show eBay the refund in that process.",
            )
    elif not disputes and {case.kind for case in requests} == {"inr", "return"}:
        first, second = sorted(requests, key=lambda case: case.opened_at)[:2]
        yield Risk(
            id="double_resolution",
            severity="P1",
            since=second.opened_at,
            episode=f"{case_episode(first)}+{case_episode(second)}",
            deadline=Deadline(act_by=second.opened_at),
            because=distinct((*first.origins, *second.origins)),
            summary=f"The buyer has two processes open: {_NAMES[first.kind]} of {site_day(first.opened_at, order)} and "
            f"{_NAMES[second.kind]} of {site_day(second.opened_at, order)}.",
            advice="Refund in one of them at most, and tell eBay that both are about one order.",
        )
