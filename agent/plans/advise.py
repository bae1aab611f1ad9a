"""The plan for an order: the matrix of its gravest process, the row that fits, its steps with their costs. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from agent.orders.order import Order
from agent.plans.arithmetic import arithmetic, beside_refund, chance_of, cost_of
from agent.plans.costs import NOT_TOLD, Costs, OwnCosts, costs_of
from agent.plans.facts import Facts, facts_of
from agent.plans.history import History
from agent.plans.matrix import Advice, Row, fits, row_of
from agent.plans.plan import Chance, Kind, Plan, Step
from agent.risks.parcels import is_abroad
from agent.risks.risk import Risk
from agent.risks.sentences import site_day
from agent.risks.timers import DEFAULT, Timers

_MATRICES: Mapping[str, tuple[str, ...]] = {
    "dispute": ("payment_dispute",),
    "not_received": (
        "case_lost_appealable",
        "inr_escalated",
        "inr_due_soon",
        "inr_opened",
        "delivered_not_received",
    ),
    "return": ("return_opened", "return_delivered_refund_due"),
    "cancelled": (
        "cancel_race",
        "cancel_before_ship",
        "cancel_after_ship",
        "cancel_expired",
        "shipped_after_cancel",
    ),
    "on_the_way": (
        "not_received_message",
        "lost_declared",
        "damaged_in_transit",
        "delivered_elsewhere",
        "refused_by_buyer",
        "return_to_sender",
        "customs_hold",
        "customs_refused_unpaid",
        "no_first_scan",
        "stalled_in_transit",
        "pickup_expiring",
        "delivery_attempted",
        "past_estimated_delivery",
    ),
}
"""Which risks each matrix answers; of several open processes of an order the first of these is acted on."""
_SAME_ROWS = {"on_the_way": "not_received"}
_AFTER_WRITING: tuple[Kind, ...] = ("add_tracking", "collect_proof", "trace", "ask_ebay", "wait", "watch")
"""What comes next where the message that was recommended is written."""
_LASTS_WITH_CHANCE = ("wait", "trace")


def plan_for(
    order: Order,
    risks: Sequence[Risk],
    now: datetime,
    history: History | None = None,
    *,
    own: OwnCosts = NOT_TOLD,
    timers: Timers = DEFAULT,
) -> Plan | None:
    """What to do about the order's gravest open process at `now` (aware); None where nothing is to be decided.

    `own`: what the seller told of own costs.
    """
    open_ids = {risk.id for risk in risks if not risk.handled and not risk.superseded}
    chosen = next((name for name, ids in _MATRICES.items() if open_ids.intersection(ids)), None)
    if chosen is None:
        return None
    ids = _answered(chosen)
    facts = facts_of(order, risks, now, cancelling=chosen == "cancelled", answers=ids, timers=timers)
    row = row_of(_SAME_ROWS.get(chosen, chosen), facts)
    if row is None:
        return None
    answers = tuple(risk.id for risk in risks if risk.id in ids)
    costs = costs_of(own, order, abroad=facts.parcel is not None and is_abroad(order, facts.parcel))
    return _plan(row, answers, order, facts, history or History(), costs)


def _answered(chosen: str) -> tuple[str, ...]:
    """What of a parcel's way a plan for a request speaks of as well."""
    on_the_way = _MATRICES["on_the_way"] if chosen == "not_received" else ()
    return (*_MATRICES[chosen], *on_the_way)


def _plan(row: Row, answers: tuple[str, ...], order: Order, facts: Facts, history: History, costs: Costs) -> Plan:
    facts = replace(facts, texts={**facts.texts, "beside_refund": beside_refund(order, facts, costs)})
    chosen = [advice for advice in row.steps if fits(advice.when, facts)]
    if facts.written_at is not None:
        chosen = _without_messages(chosen, site_day(facts.written_at, order))
    best = next((advice for advice in chosen if any(fits(one, facts) for one in advice.best)), None)
    if best is None and facts.written_at is not None:
        best = next((advice for kind in _AFTER_WRITING for advice in chosen if advice.kind == kind), None)
    chance = chance_of(facts, order, history)
    options = frozenset(advice.option or advice.kind for advice in chosen)
    return Plan(
        situation=row.situation,
        row=row.name,
        band=facts.band,
        summary=row.summary.format_map(facts.texts),
        steps=tuple(_step(advice, advice is best, order, facts, costs, chance) for advice in chosen),
        arithmetic=arithmetic(options, order, facts, costs, chance),
        watch=tuple(one.text.format_map(facts.texts) for one in row.watch if fits(one.when, facts)),
        because=tuple(one.text.format_map(facts.texts) for one in row.because if fits(one.when, facts)),
        risks=answers,
    )


def _without_messages(chosen: Sequence[Advice], written: str) -> list[Advice]:
    """The steps where the buyer was written to: to write is none of them."""
    first = next((advice for advice in chosen if advice.kind == "message"), None)
    text = f"You wrote to the buyer on {written}. Write again when they answer, or when there is news."
    return [
        replace(advice, kind="watch", text=text, best=(), by="", why="") if advice is first else advice
        for advice in chosen
        if advice is first or advice.kind != "message"
    ]


def _step(advice: Advice, best: bool, order: Order, facts: Facts, costs: Costs, chance: Chance | None) -> Step:
    return Step(
        kind=advice.kind,
        text=advice.text.format_map(facts.texts),
        by=facts.times.get(advice.by),
        recommended=best,
        why=advice.why.format_map(facts.texts),
        cost=cost_of(advice.kind, advice.option, order, facts, costs),
        chance=chance if advice.kind in _LASTS_WITH_CHANCE else None,
    )
