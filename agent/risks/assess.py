"""What an order looks like now: every judge asked, the answers ranked."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from agent.orders.order import Order
from agent.risks.catalogue import judges
from agent.risks.clock import Clock
from agent.risks.precedence import ranked
from agent.risks.risk import Assessment, Risk
from agent.risks.timers import DEFAULT, Timers


def assess(order: Order, now: datetime, timers: Timers = DEFAULT) -> Assessment:
    """The order's risks at `now` (aware), most urgent first, and when they could change without news."""
    clock = Clock(now)
    found = [risk for judge in judges() for risk in judge(order, clock, timers)]
    return Assessment(risks=ranked(_with_human_word(risk, order) for risk in found), next_due_at=clock.next_due)


def _with_human_word(risk: Risk, order: Order) -> Risk:
    """A word said after this episode began ends it; the next episode begins later and is shown again."""
    said = any(
        word.kind == "handled" and word.risk in (None, risk.id) and word.at >= risk.since for word in order.human
    )
    return replace(risk, handled=said)
