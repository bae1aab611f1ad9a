"""Whether handing it in is worth it, said plainly: only where eBay's own clauses stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from agent.dossier.dossier import Dossier, Happening
from agent.orders.order import Case, Order
from agent.risks.protection import Protection
from agent.risks.sentences import site_day
from agent.rules import figure

Aim = Literal["appeal", "step_in", "contest", "none"]
CLAUSES = {
    "carrier_integrated": "The carrier's scans reach eBay",
    "tracking_in_time": "The tracking number was on eBay in time",
    "delivered": "The carrier shows it as delivered, with a date",
    "place": "The town or postcode of the delivery is that of the order",
    "address": "It was sent to the address of the order",
    "signature": "Signed for, where the total asks for it",
}
"""eBay's requirements as a reader knows them."""


@dataclass(frozen=True, kw_only=True)
class Advice:
    aim: Aim
    recommended: bool
    headline: str
    reasons: tuple[str, ...]
    since: datetime | None = None
    """From when on a fact is new: the decision, else the opening."""


def clause_name(name: str) -> str:
    return CLAUSES.get(name, name.replace("_", " ").capitalize())


def reasons_against(protection: Protection) -> tuple[str, ...]:
    """Each clause that does not stand, and why."""
    told = {clause.name: clause.why for clause in protection.details}
    return tuple(
        f"{clause_name(name)}: {verdict}.{f' {why}' if (why := told.get(name)) else ''}"
        for name, verdict in protection.clauses.items()
        if verdict != "yes"
    )


def advice(order: Order, protection: Protection, new: Sequence[Happening], now: datetime) -> Advice:
    """What the dossier is for, and whether to hand it in."""
    case = order.cases[-1] if order.cases else None
    stands, against = protection.verdict == "yes", reasons_against(protection)
    if case is None:
        return Advice(
            aim="none",
            recommended=False,
            headline="There is no request, case or dispute: nothing to hand in now. Keep it for the day there is one.",
            reasons=against,
        )
    if case.state == "closed":
        return _after_the_end(order, case, stands, against, new, now)
    if case.kind == "payment_dispute":
        headline = "Contest the dispute with it" if stands else "Contesting the dispute is not recommended"
        return Advice(aim="contest", recommended=stands, headline=f"{headline}.", reasons=against, since=case.opened_at)
    if case.kind == "return":
        return Advice(
            aim="none",
            recommended=False,
            headline="The open matter is a return: answer it in eBay; proof of delivery does not decide it.",
            reasons=against,
            since=case.opened_at,
        )
    if stands:
        headline = "Recommended: ask eBay to step in, or, where it has, add this to the case."
    else:
        headline = "Asking eBay to step in is not recommended: a case that is lost counts against you."
    return Advice(aim="step_in", recommended=stands, headline=headline, reasons=against, since=case.opened_at)


def _after_the_end(
    order: Order, case: Case, stands: bool, against: tuple[str, ...], new: Sequence[Happening], now: datetime
) -> Advice:
    closed = case.closed_at or case.opened_at
    if case.outcome != "buyer":
        won = "was decided for you" if case.outcome == "seller" else "is closed"
        return Advice(
            aim="none", recommended=False, headline=f"The case {won}: nothing to hand in.", reasons=(), since=closed
        )
    until = closed + timedelta(days=int(figure(order.site, "appeal_days").value))
    reasons = list(against)
    if until < now:
        reasons.insert(0, f"The time to appeal ended on {site_day(until, order)}.")
    if not new:
        reasons.insert(0, "Nothing new is known since the decision, and an appeal needs new information.")
    late = [p for p in order.shipments if p.delivered_at is not None and p.delivered_at > closed]
    if late:
        reasons.insert(0, "The parcel was delivered after the case was closed; only a delivery before it counts.")
    good = stands and bool(new) and until >= now and not late
    end = f" until {site_day(until, order)}"
    headline = f"Recommended: appeal{end}." if good else "An appeal is not recommended."
    return Advice(aim="appeal", recommended=good, headline=headline, reasons=tuple(reasons), since=closed)


def news(dossier: Dossier) -> tuple[Happening, ...]:
    """What came to be known after the decision, or after the opening where there is none yet.

    A carrier's older scan that was seen only since then is new; an older mail of eBay's, read late, is not.
    """
    case = dossier.order.cases[-1] if dossier.order.cases else None
    if case is None:
        return ()
    since = case.closed_at or case.opened_at
    return tuple(one for one in dossier.happenings if (one.at if one.known_to_ebay else one.seen_at) > since)
