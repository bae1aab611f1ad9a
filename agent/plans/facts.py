"""What is known of a case in the words of the matrices: values to match rows by, texts to fill sentences with. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import get_args

from agent.enquiries.window import ClaimWindow, claim_window
from agent.orders.order import Case, Order, Shipment
from agent.plans.answered import written_since
from agent.plans.band import band_of
from agent.plans.dispute_fee import fee_sentence
from agent.plans.figures import days_late as lateness
from agent.plans.history import days_late
from agent.plans.intercept import Intercept, intercept_of
from agent.plans.plan import Band
from agent.plans.wanted import wanted_of
from agent.plans.whereabouts import Phase, Stand, parcel_in_question, parcel_to_stop, phase_of, stand_of, was_seen
from agent.replies.facts import may_withdraw
from agent.risks.cancellation import race_clock
from agent.risks.case import answer_deadline
from agent.risks.protection import pod_ok
from agent.risks.risk import Risk
from agent.risks.sentences import carrier_name, day, last_seen, parcel_name, site_day, site_moment
from agent.risks.standing import is_cancelled, open_cases
from agent.risks.timers import DEFAULT, Timers
from agent.vocabulary.marketplaces import marketplace
from agent.vocabulary.remedies import Remedy
from agent.vocabulary.status import Reason
from agent.vocabulary.values import Money, end_of

VALUES: Mapping[str, tuple[str, ...]] = {
    "band": get_args(Band),
    "phase": get_args(Phase),
    "parcel": get_args(Stand),
    "age": ("not_due", "early", "late", "overdue", "unknown"),
    "pod": ("yes", "no", "unclear"),
    "signature": ("yes", "no", "unclear"),
    "buyer": ("clean", "bad"),
    "claim": ("yes", "later", "no", "unknown"),
    "place": ("right", "other"),
    "wanted": (*get_args(Remedy), "unknown"),
    "request": ("lost", "escalated", "open", "message", "none"),
    "step_in": ("open", "later"),
    "programme": ("yes", "no"),
    "consumer": ("yes", "no"),
    "sale": ("seen", "unseen"),
    "seen": ("yes", "no"),
    "cancelled": ("yes", "no"),
    "answer": ("open", "over"),
    "intercept": ("yes", "no", "unknown"),
    "refundable": ("yes", "no"),
    "arrived": ("before_request", "after_request"),
    "customs": ("fee", "papers", "held"),
    "traced": ("yes", "no"),
    "return": ("asked", "arrived"),
}
"""Every fact that a row may ask for, with all it may be."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """One case."""

    words: Mapping[str, str]
    """By the names of `VALUES`."""
    texts: Mapping[str, str]
    """What sentences may name, each with something to say where nothing is known."""
    times: Mapping[str, datetime] = field(default_factory=dict)
    parcel: Shipment | None = None
    band: Band = "unknown"
    intercept: Intercept | None = None
    claim: ClaimWindow | None = None
    late: float | None = None
    """Days after the last estimated day."""
    silent: float | None = None
    """Days since the last scan, of a parcel that is known to be silent."""
    paid_back: Money | None = None
    written_at: datetime | None = None
    """When the buyer was written to about the case as it stands."""


def facts_of(
    order: Order,
    risks: Sequence[Risk],
    now: datetime,
    *,
    cancelling: bool,
    answers: Collection[str] = (),
    timers: Timers = DEFAULT,
) -> Facts:
    """The case at `now` (aware). `cancelling`: the plan is about a cancellation; `answers`: its risks."""
    parcel = parcel_to_stop(order) if cancelling else parcel_in_question(order, risks)
    phase = phase_of(parcel, now)
    seen = parcel is not None and was_seen(parcel, now, timers)
    stand = stand_of(order, parcel, risks, seen)
    late = days_late(order, parcel, now)
    protection = pod_ok(order, now)
    missing = [name.replace("_", " ") for name, said in protection.clauses.items() if said != "yes"]
    band = band_of(order)
    request = _request(order, risks)
    claim = claim_window(order, parcel, now) if parcel else None
    intercept = intercept_of(order, parcel, phase) if parcel else None
    ids = {risk.id for risk in risks}
    times = _times(order, risks, claim, now, timers)
    paid_back = _paid_back(order)
    dispute = bool(open_cases(order, "payment_dispute"))
    words = {
        "band": band,
        "phase": phase,
        "parcel": stand,
        "age": _age(late),
        "pod": protection.verdict,
        "signature": protection.clauses.get("signature", "unclear"),
        "buyer": "bad" if "abusive_buyer_pattern" in ids else "clean",
        "claim": _claim(claim, now),
        # The carrier names another place, if only by a town's name: then nobody searches at the buyer's.
        "place": "other" if "delivered_elsewhere" in ids else "right",
        "wanted": wanted_of(order) or "unknown",
        "request": request,
        "step_in": "open" if (at := times.get("step_in_from")) is not None and now >= at else "later",
        "programme": "yes" if "programme_order" in ids else "no",
        "consumer": "yes" if may_withdraw(order) else "no",
        "sale": "seen" if order.sold_at or order.paid_at or order.reminded_at else "unseen",
        "seen": "yes" if seen else "no",
        "cancelled": "yes" if is_cancelled(order) else "no",
        "answer": "over" if "cancel_expired" in ids else "open",
        "intercept": intercept.pays if intercept else "no",
        # Never beside a dispute (it would be paid twice), and never again.
        "refundable": "no" if dispute or order.refunded_at is not None else "yes",
        "arrived": _arrived(order, parcel),
        "customs": _customs(parcel),
        "traced": "yes" if _trace_answer(order, parcel) is not None else "no",
        "return": "arrived" if "return_delivered_refund_due" in ids else "asked",
    }
    return Facts(
        words=words,
        texts=_texts(order, parcel, phase, intercept, claim, late, missing, times, now)
        | {"total": _to_pay(order, paid_back)},
        times=times,
        parcel=parcel,
        band=band,
        intercept=intercept,
        claim=claim,
        late=late,
        silent=_silent(parcel, stand, now),
        paid_back=paid_back,
        written_at=written_since(order, [risk for risk in risks if risk.id in answers]),
    )


def _request(order: Order, risks: Sequence[Risk]) -> str:
    """What the buyer does: the gravest of it."""
    cases = open_cases(order, "inr")
    ids = {risk.id for risk in risks}
    if any(case.escalated_at is not None for case in cases):
        return "escalated"
    if cases:
        return "open"
    if "case_lost_appealable" in ids:
        return "lost"
    return "message" if ids & {"not_received_message", "delivered_not_received"} else "none"


def _age(late: float | None) -> str:
    if late is None:
        return "unknown"
    if late <= 0:
        return "not_due"
    days = Decimal(str(late))
    if days <= lateness("early"):
        return "early"
    return "late" if days < lateness("overdue") else "overdue"


def _arrived(order: Order, parcel: Shipment | None) -> str:
    """Whether the parcel came only after the buyer complained."""
    case = _open_request(order)
    asked = case.opened_at if case else None
    early = asked is not None and parcel is not None and parcel.delivered_at is not None and parcel.delivered_at > asked
    return "after_request" if early else "before_request"


def _customs(parcel: Shipment | None) -> str:
    reason = parcel.reason if parcel else None
    return {Reason.CUSTOMS_FEE_DUE: "fee", Reason.CUSTOMS_DOCUMENTS: "papers"}.get(reason, "held") if reason else "held"


def _silent(parcel: Shipment | None, stand: Stand, now: datetime) -> float | None:
    if parcel is None or parcel.last_scan_at is None or stand not in ("slow", "stalled"):
        return None
    return (now - parcel.last_scan_at) / timedelta(days=1)


def _open_request(order: Order) -> Case | None:
    return next(iter(reversed(open_cases(order, "inr"))), None)


def _times(
    order: Order, risks: Sequence[Risk], claim: ClaimWindow | None, now: datetime, timers: Timers
) -> dict[str, datetime]:
    """The dates that steps have: to answer by, to stop a parcel by, to ask eBay from, to claim by."""
    found: dict[str, datetime | None] = {
        "answer_by": next((risk.deadline.act_by for risk in risks if _binds(risk)), None),
        "race_by": next((risk.deadline.act_by for risk in risks if risk.id == "cancel_race"), None),
        "answer_ended": next((risk.since for risk in risks if risk.id == "cancel_expired"), None),
        "claim_closes": claim.claim_close if claim else None,
    }
    case = _open_request(order)
    if case is not None:
        found["step_in_from"] = answer_deadline(case, order, timers).nominal
    return {name: at for name, at in found.items() if at is not None}


_BINDING = (
    "payment_dispute",
    "inr_escalated",
    "case_lost_appealable",
    "inr_due_soon",
    "inr_opened",
    "delivered_not_received",
    "not_received_message",
    "return_opened",
    "return_delivered_refund_due",
    "cancel_before_ship",
    "cancel_after_ship",
)
"""Risks whose date is one to answer by. A race has a date of its own, an estimate binds nobody."""


def _binds(risk: Risk) -> bool:
    return risk.id in _BINDING and not risk.superseded


def _paid_back(order: Order) -> Money | None:
    """What the buyer has back already, told in the order's currency; the same sum told twice is one refund."""
    if order.total is None:
        return None
    sums = {one.amount.value for one in order.refunds if one.amount and one.amount.currency == order.total.currency}
    return Money(sum((abs(value) for value in sums), Decimal(0)), order.total.currency) if sums else None


def _trace_answer(order: Order, parcel: Shipment | None) -> str | None:
    """When the carrier's answer to an open enquiry is due, in words; None where none is open."""
    numbers = parcel.numbers if parcel else ()
    traces = [one for one in order.traces if one.tracking_number in numbers and one.answered_at is None]
    if not traces:
        return None
    due = traces[-1].answer_by
    return f", due by {site_day(due, order)}" if due else ""


def _texts(
    order: Order,
    parcel: Shipment | None,
    phase: Phase,
    intercept: Intercept | None,
    claim: ClaimWindow | None,
    late: float | None,
    missing: Sequence[str],
    times: Mapping[str, datetime],
    now: datetime,
) -> dict[str, str]:
    step_in, ended = times.get("step_in_from"), times.get("answer_ended")
    days = max(1, int(late)) if late is not None and late > 0 else None
    window = order.estimated_delivery or (parcel.estimated_delivery if parcel else None)
    choice = end_of(window.max, marketplace(order.site).zone) + timedelta(days=7) if window and days else None
    return {
        "parcel": parcel_name(parcel) if parcel else "parcel",
        "it": f"the {parcel_name(parcel)}" if parcel and len(order.shipments) > 1 else "the parcel",
        "carrier": carrier_name(parcel) if parcel else "the carrier",
        "number": parcel.tracking_number if parcel else "the tracking number",
        "ship_date": day(parcel.posted_at) if parcel and parcel.posted_at else "as the carrier shows it",
        "last_scan": last_seen(parcel) if parcel else "never",
        "delivered": day(parcel.delivered_at) if parcel and parcel.delivered_at else "a day that is not known",
        "missing": ", ".join(missing) or "nothing",
        "race": race_clock(parcel, order) if parcel and phase == "label" else "",
        "answer_ended": site_day(ended, order) if ended else "an earlier day",
        "step_in_from": site_moment(step_in, order) if step_in else "three business days after it was opened",
        "days_late": f"{days} day{'s' if days != 1 else ''}" if days else "not",
        "choice_day": site_day(choice, order) if choice and choice > now else "the end of the week",
        "intercept_name": intercept.name if intercept else "an intercept",
        "intercept_why": intercept.why if intercept else "",
        "intercept_limit": str(intercept.limit) if intercept and intercept.limit else "a fifth of the order's total",
        "claim_why": _claim_why(claim, order, now),
        "trace_from": f" Possible from {site_day(claim.trace_from, order)} on."
        if claim and claim.trace_from and claim.trace_from > now
        else "",
        "fee_why": fee_sentence(order.site),
        "looked": _looked(parcel, order),
        "trace_answer": _trace_answer(order, parcel) or "",
    }


def _claim(window: ClaimWindow | None, now: datetime) -> str:
    """Whether the carrier takes a claim now, later or no more."""
    if window is None or (window.claim_open is None and window.claim_close is None):
        return "unknown"
    if window.claim_close is not None and now > window.claim_close:
        return "no"
    return "later" if window.claim_open is not None and now < window.claim_open else "yes"


def _to_pay(order: Order, paid_back: Money | None) -> str:
    """What a refund in full would still be."""
    if order.total is None:
        return "the whole order"
    if paid_back is None or not Decimal(0) < paid_back.value < order.total.value:
        return str(order.total)
    return f"the other {Money(order.total.value - paid_back.value, order.total.currency)}"


def _looked(parcel: Shipment | None, order: Order) -> str:
    if parcel is None or parcel.last_good_look_at is None:
        return "Its page was not looked at yet."
    return f"Its page was last read on {site_day(parcel.last_good_look_at, order)}."


def _claim_why(window: ClaimWindow | None, order: Order, now: datetime) -> str:
    def told(at: datetime) -> str:
        return site_day(at, order) + (f" {at.year}" if at.year != now.year else "")

    opens = f" from {told(window.claim_open)} on" if window and window.claim_open else ""
    closes = f" until {told(window.claim_close)}" if window and window.claim_close else ""
    taken = f"It takes claims{opens}{closes}. " if opens or closes else ""
    return f"{taken}What it pays depends on the service that you bought."
