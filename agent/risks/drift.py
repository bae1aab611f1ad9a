"""eBay prints other dates than our rules give: a rule may have changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agent.orders.order import Order
from agent.risks.deadlines import differs
from agent.risks.risk import Notice, Risk
from agent.risks.sentences import distinct, site_day
from agent.rules import EVERYWHERE, KIND, figure
from agent.vocabulary.values import Moment

RULES = {
    "inr_opened": "inr_answer_business_days",
    "return_opened": "return_answer_business_days",
    "return_delivered_refund_due": "return_refund_business_days",
    "payment_dispute": "dispute_answer_days",
    "cancel_before_ship": "cancel_answer_days",
    "cancel_after_ship": "cancel_answer_days",
}
"""Risks whose deadline one of eBay's figures gives. What eBay only says of itself (when it decides) is no rule."""
_SOURCES = 3


def rule_drift(judged: Iterable[tuple[Order, Sequence[Risk]]]) -> tuple[Notice, ...]:
    """One notice for each site's rule that open risks' printed dates contradict; the earlier date counts meanwhile."""
    found: dict[tuple[str, str], list[tuple[Order, Risk]]] = {}
    for order, risks in judged:
        for risk in risks:
            rule = RULES.get(risk.id)
            if rule is not None and not (risk.handled or risk.superseded) and differs(risk.deadline, order.site):
                found.setdefault((order.site or "", rule), []).append((order, risk))
    return tuple(_notice(site, rule, drifts) for (site, rule), drifts in sorted(found.items()))


def _notice(site: str, rule: str, drifts: Sequence[tuple[Order, Risk]]) -> Notice:
    order, risk = max(drifts, key=lambda drift: (drift[1].since, drift[0].order_id))
    known = figure(site or None, rule).value
    unit = "business days" if rule.endswith("_business_days") else "days"
    others = len({drift[0].order_id for drift in drifts}) - 1
    more = f", and {others} more order{'' if others == 1 else 's'} alike" if others else ""
    return Notice(
        id="rule_drift",
        severity="P3",
        text=f"eBay prints {_day(risk.deadline.printed, order)} for order {order.order_id}{more}, and our rule of "
        f"{known:g} {unit} gives {_day(risk.deadline.nominal, order)}. The earlier counts. If eBay's help now says "
        f"otherwise, set {rule} in {KIND}/{(site or EVERYWHERE).lower()}.yaml.",
        because=distinct(source for _, one in drifts for source in one.because[:1])[:_SOURCES],
        since=min(one.since for _, one in drifts),
    )


def _day(moment: Moment | None, order: Order) -> str:
    return site_day(moment, order) if moment is not None else "no date"
