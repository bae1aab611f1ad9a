"""What each choice costs, as far as it is known. What nobody told is said to be unknown, never guessed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from agent.orders.order import Order
from agent.plans.costs import Costs
from agent.plans.dispute_fee import WHERE_TO_SEE, dispute_fee
from agent.plans.facts import Facts
from agent.plans.history import History
from agent.plans.plan import Chance, Kind, Line
from agent.vocabulary.values import Money

_FREE: frozenset[Kind] = frozenset({"wait", "ask_ebay"})


def cost_of(kind: Kind, option: str, order: Order, facts: Facts, costs: Costs) -> Money | None:
    """What a step costs the seller beyond the goods that are gone already; None where that is not known."""
    if order.total is None:
        return None
    if kind in _FREE or option == "free":
        return Money(Decimal(0), order.total.currency)
    if option == "goodwill":
        return None
    if kind == "refund":
        return _left(order, facts)
    if kind == "reship":
        return costs.shipping if option == "ship" else costs.resend
    if kind == "intercept":
        return facts.intercept.fee if facts.intercept else None
    return None


def chance_of(facts: Facts, order: Order, history: History) -> Chance | None:
    """How the shop's own parcels fared that were as late, or as long silent. None: there is nothing to wait for."""
    if facts.silent is not None:
        return history.of_silent(facts.silent, order.order_id)
    if facts.late is not None and facts.late > 0 and facts.words["parcel"] in ("moving", "slow", "stalled", "no_scan"):
        return history.of_late(facts.late, order.order_id)
    return None


def arithmetic(
    options: frozenset[str], order: Order, facts: Facts, costs: Costs, chance: Chance | None
) -> tuple[Line, ...]:
    """The lines for the choices that a plan has."""
    return tuple(_lines(options, order, facts, costs, chance))


def _lines(options: frozenset[str], order: Order, facts: Facts, costs: Costs, chance: Chance | None) -> Iterator[Line]:
    yield Line(
        label="order's total",
        amount=order.total,
        note="as eBay's mail told it" if order.total else "not known: no mail told it",
    )
    if facts.paid_back is not None:
        yield Line(label="refunded already", amount=facts.paid_back)
    if options & {"refund", "refund_with_goods"}:
        yield Line(label="refund", amount=_left(order, facts), note=_refund_note(options, facts))
    if "reship" in options:
        yield _reship(costs)
    if facts.intercept is not None and facts.words["phase"] in ("handed_over", "in_transit") and "decline" in options:
        yield Line(label="intercept", amount=facts.intercept.fee, note=facts.intercept.why)
    if "claim" in options:
        yield Line(label="carrier's claim", note="not known: what it pays depends on the service you bought")
    if chance is not None and "contest" not in options:
        yield Line(label="it still arrives", note=str(chance))
    if facts.words["request"] in ("open", "escalated") and "contest" not in options:
        yield Line(label="defect", note="none if you solve it before eBay decides; one if eBay decides for the buyer")
    if "contest" in options:
        fee = dispute_fee(order.site)
        yield Line(label="fee of a lost dispute", amount=fee, note="" if fee else WHERE_TO_SEE)


def _reship(costs: Costs) -> Line:
    parts = {"goods": costs.goods, "postage": costs.postage, "handling": costs.handling}
    told = ", ".join(f"{name} {cost}" for name, cost in parts.items() if cost is not None)
    if costs.resend is not None:
        return Line(label="send again", amount=costs.resend, note=told)
    unknown = " and the ".join(name for name in ("goods", "postage") if parts[name] is None)
    known = f"; known are {told}" if told else ""
    return Line(label="send again", note=f"not known: what the {unknown} cost you{known}")


def beside_refund(order: Order, facts: Facts, costs: Costs) -> str:
    """Whether sending again costs less than the refund."""
    left = _left(order, facts)
    if costs.resend is None or left is None or costs.resend.currency != left.currency:
        return "It usually costs less than the refund."
    less = costs.resend.value < left.value
    return f"It costs you {costs.resend}, {'less' if less else 'no less'} than the refund of {left}."


def _refund_note(options: frozenset[str], facts: Facts) -> str:
    if "refund_with_goods" in options:
        return "you have the goods back"
    if facts.words["parcel"] in ("none", "label"):
        return "you keep the goods"
    return "the goods are gone as well, unless the parcel comes back"


def _left(order: Order, facts: Facts) -> Money | None:
    """What of the total the buyer has not back yet."""
    if order.total is None or facts.paid_back is None:
        return order.total
    return Money(max(order.total.value - facts.paid_back.value, Decimal(0)), order.total.currency)
