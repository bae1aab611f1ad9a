"""An order and its risks as one case of the digest, and which case comes first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from agent.digest.day import DigestCase, DigestStep
from agent.digest.sentences import because_lines, due, parcel_line
from agent.orders.order import Order, Shipment
from agent.plans.plan import Plan
from agent.risks.risk import Assessment, Risk
from agent.vocabulary import carriers
from agent.vocabulary.marketplaces import marketplaces
from agent.vocabulary.values import Item

_STEPS = 4
"""Steps of a plan that a card has room for."""
_NEVER = datetime.max.replace(tzinfo=UTC)


def case_of(
    order: Order,
    assessment: Assessment,
    origins: Mapping[str, str],
    zone: ZoneInfo,
    now: datetime,
    flags: Sequence[str] = (),
    *,
    new: bool = False,
    hold: str | None = None,
    plan: Plan | None = None,
) -> DigestCase | None:
    """The case an order makes, led by its most urgent open risk; None where every risk is handled or there is none.

    `origins` names sources for a human: `{"mail:ab": "mail of 18 Nov, “Your buyer opened a request”"}`.
    """
    open_risks = [risk for risk in assessment.risks if not risk.handled]
    if not open_risks:
        return None
    lead = next((risk for risk in open_risks if not risk.superseded), open_risks[0])
    shipment = _shipment(order, lead)
    return DigestCase(
        order_id=order.order_id,
        risk=lead.id,
        severity=lead.severity,
        since=lead.since,
        deadline=lead.deadline,
        summary=lead.summary,
        advice="" if plan is not None and lead.id in plan.risks else lead.advice,
        because=because_lines(lead, origins),
        buyer=order.buyer,
        title=_title(order.items),
        total=order.total,
        parcel=_parcel(order, shipment, now, zone),
        parcel_link=tracking_link(shipment, order) if shipment else None,
        ebay_link=order_link(order.order_id, order.site),
        also=tuple(dict.fromkeys(risk.id for risk in open_risks if risk.id != lead.id)),
        flags=tuple(flags),
        new=new,
        hold=hold,
        plan=plan.summary if plan else "",
        steps=steps_of(plan) if plan else (),
    )


def steps_of(plan: Plan) -> tuple[DigestStep, ...]:
    """The first steps of a plan, and among them the recommended one; `orderwatch show` tells all."""
    first = list(plan.steps[:_STEPS])
    best = next((step for step in plan.steps if step.recommended), None)
    if best is not None and best not in first:
        first[-1] = best
    return tuple(DigestStep(text=step.text, by=step.by, recommended=step.recommended) for step in first)


def by_urgency(cases: Iterable[DigestCase], zone: ZoneInfo) -> tuple[DigestCase, ...]:
    """What must not be handed over first, then the most severe, the earliest to act by, the dearest."""
    return tuple(
        sorted(
            cases,
            key=lambda case: (
                case.hold is None,
                case.severity,
                due(case.deadline, zone) or _NEVER,
                -(case.total.value if case.total and case.total.value.is_finite() else 0),
                case.order_id,
            ),
        )
    )


def order_link(order_id: str, site: str | None) -> str | None:
    """The order's page on eBay for a human; None where its site is not known."""
    marketplace = marketplaces().get(site) if site else None
    if marketplace is None:
        return None
    return f"https://www.{marketplace.domain}/mesh/ord/details?orderid={quote(order_id, safe='')}"


def tracking_link(shipment: Shipment, order: Order) -> str | None:
    """The public page of a parcel for a human, of the carrier that has it now, or None."""
    number, owner = list(shipment.carriers.items())[-1]
    return page_link(owner, number, order.ship_to.postcode if order.ship_to else None)


def page_link(owner: str | None, number: str, postcode: str | None) -> str | None:
    """A carrier's public page of a number for a human, or None."""
    known = carriers.carrier(owner) if owner else None
    if known is None:
        return None
    return known.link(quote(number, safe=""), quote(postcode, safe="") if postcode else None)


def _shipment(order: Order, risk: Risk) -> Shipment | None:
    """The parcel a risk speaks of; else the order's last one."""
    named = (parcel for parcel in order.shipments if parcel.tracking_number == risk.tracking_number)
    return next(named, order.shipments[-1] if order.shipments else None)


def _parcel(order: Order, shipment: Shipment | None, now: datetime, zone: ZoneInfo) -> str | None:
    if shipment is None:
        return None
    others = len(order.shipments) - 1
    more = f" (and {others} more parcel{'s' if others > 1 else ''})" if others else ""
    return parcel_line(shipment, now, zone) + more


def _title(items: Sequence[Item]) -> str | None:
    named = [item for item in items if item.title]
    if not named:
        return None
    first = f"{named[0].quantity} × {named[0].title}" if named[0].quantity > 1 else str(named[0].title)
    others = len(items) - 1
    return first + (f" and {others} more item{'s' if others > 1 else ''}" if others else "")
