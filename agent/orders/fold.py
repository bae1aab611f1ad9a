"""The log folded into orders. Pure, and the same whatever order the events arrived in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from agent.orders.items import merged
from agent.orders.legs import ways
from agent.orders.order import (
    Cancellation,
    Case,
    CaseKind,
    Contact,
    Feedback,
    HumanWord,
    Order,
    Received,
    Shipment,
    Trace,
)
from agent.orders.refunds import Refund, repaid
from agent.orders.shipment import Part, fold_shipment
from agent.orders.traces import with_trace
from agent.vocabulary import events as ev
from agent.vocabulary.carriers import carrier
from agent.vocabulary.events import AnyEvent
from agent.vocabulary.values import instant

SURE = 0.7
"""What was read less surely opens a matter, for a human to look at, but never ends one."""
_ENDS = (ev.CaseClosed, ev.PaymentDisputeClosed, ev.OrderCancelled, ev.RefundIssued, ev.Other)
_RETURN_OVER = ("closed", "refunded")
_NOWHERE: Mapping[str, tuple[str, ...]] = {}


@dataclass(frozen=True, kw_only=True)
class Logged:
    """One event of the log as it is tied to an order. `id` is the event's own identity."""

    id: str
    event: AnyEvent
    evidence: str = "order_number"
    message_id: str | None = None
    """Message-ID of the mail it came from, for threading a reply."""


def when(event: AnyEvent) -> datetime:
    """The aware time an event counts for: what its source says, else when we saw it."""
    moment = event.occurred_at or event.seen_at
    if moment is None:
        return datetime.min.replace(tzinfo=UTC)
    owner = carrier(name) if (name := getattr(event, "carrier", None)) else None
    return instant(moment, owner.zone) if owner else instant(moment)


def fold(order_id: str, log: Iterable[Logged], elsewhere: Mapping[str, tuple[str, ...]] = _NOWHERE) -> Order:
    """The order as these events tell it; `elsewhere`: which of its numbers are other orders' too (`orders.shared`)."""
    entries = sorted({entry.id: entry for entry in log}.values(), key=lambda e: (when(e.event), e.event.type, e.id))
    facts: dict[str, Any] = {}
    origins: dict[str, str] = {}
    cases: list[Case] = []
    cancellation: Cancellation | None = None
    messages: list[Received] = []
    contacts: list[Contact] = []
    human: list[HumanWord] = []
    traces: tuple[Trace, ...] = ()
    refunds: list[Refund] = []
    feedback: list[Feedback] = []
    for entry in entries:
        event, at = entry.event, when(entry.event)
        _learn(event, at, facts, origins)
        if isinstance(event, _ENDS) and event.confidence < SURE:
            continue
        match event:
            case ev.InrOpened() | ev.InrEscalated() | ev.CaseOnHold() | ev.CaseClosed() | ev.ReturnOpened():
                cases = _with_case(cases, event, at)
            case ev.ReturnUpdate() | ev.PaymentDisputeOpened() | ev.PaymentDisputeClosed():
                cases = _with_case(cases, event, at)
            case ev.CancellationRequested() | ev.OrderCancelled() | ev.Other(news="cancellation_declined"):
                cancellation = _cancellation(cancellation, event, at)
            case ev.BuyerMessage():
                messages.append(_received(event, at, entry))
            case ev.RefundIssued():
                refunds.append(Refund(at, event.amount, event.source))
            case ev.FeedbackLeft() if event.rating is not None:
                feedback.append(Feedback(at=at, rating=event.rating, source=event.source))
            case ev.ReplySent():
                contacts.append(Contact(at=at, state=event.state, risk=event.risk, outbox_id=event.outbox_id))
            case ev.ReplyBounced():
                contacts = [_bounced(contact, event, at) for contact in contacts]
            case ev.Handled():
                human.append(HumanWord(at=at, kind="handled", risk=event.risk))
            case ev.NoteAdded():
                human.append(HumanWord(at=at, kind="note", text=event.text, by=event.source or "human"))
            case ev.TraceOpened() | ev.TraceReplied():
                traces = with_trace(traces, event, at)
    if (whole := repaid(refunds, facts.get("total"))) is not None:
        facts["refunded_at"], origins["refunded_at"] = whole.at, whole.source
    if "paid_at" in facts:
        facts.pop("unpaid_since", None)
    return Order(
        order_id=order_id,
        shipments=_shipments([entry.event for entry in entries], elsewhere),
        cases=tuple(cases),
        cancellation=cancellation,
        messages=tuple(messages),
        contacts=tuple(contacts),
        human=tuple(human),
        feedback=tuple(feedback),
        traces=traces,
        refunds=tuple(refunds),
        origins=tuple(sorted(origins.items())),
        **facts,
    )


def _learn(event: AnyEvent, at: datetime, facts: dict[str, Any], origins: dict[str, str]) -> None:
    """Plain facts: a later eBay mail corrects an earlier one; only a mail about the sale fills what the sale owns."""

    def note(name: str, value: Any) -> None:
        if value not in (None, ()):
            facts[name] = value
            origins[name] = event.source

    note("site", event.site)
    if not (isinstance(event, ev.BuyerMessage) and "buyer" in facts):
        note("buyer", event.buyer)  # whoever writes about a sale does not become its buyer
    match event:
        case ev.OrderSold():
            note("items", merged(facts.get("items", ()), event.items))
            for name in ("total", "ship_to", "ship_by", "estimated_delivery"):
                note(name, getattr(event, name))
            note("sold_at", facts.get("sold_at") or at)
            if event.paid:
                note("paid_at", facts.get("paid_at") or at)
            elif event.paid is False:
                note("unpaid_since", facts.get("unpaid_since") or at)
        case ev.OrderPaid():
            note("items", facts.get("items") or event.items)
            for name in ("total", "ship_to", "ship_by"):
                note(name, getattr(event, name))
            note("paid_at", facts.get("paid_at") or at)
        case ev.ShipReminder():
            note("ship_by", event.ship_by)
            note("reminded_at", at)
            note("items", facts.get("items") or event.items)
        case ev.FundsHeld():
            note("held_at", at)
            note("held", event.amount)
        case ev.TrackingUpdate() | ev.ParcelLooked() | ev.ReplySent() | ev.Handled() | ev.NoteAdded():
            pass
        case ev.TraceOpened() | ev.TraceReplied() | ev.ReplyBounced():
            pass
        case _ if event.items and not facts.get("items"):
            note("items", event.items)


_KINDS: dict[str, CaseKind] = {
    "inr_opened": "inr",
    "inr_escalated": "inr",
    "return_opened": "return",
    "return_update": "return",
    "payment_dispute_opened": "payment_dispute",
    "payment_dispute_closed": "payment_dispute",
}


def _with_case(cases: Sequence[Case], event: AnyEvent, at: datetime) -> list[Case]:
    kind = _KINDS.get(event.type)
    index = _open_case(cases, kind, event.request_id)
    if index is None:
        if kind is None:
            return list(cases)  # a closing or hold of a case we never saw opened says nothing about its kind
        fresh = Case(kind=kind, state="open", opened_at=at, request_id=event.request_id)
        cases, index = [*cases, fresh], len(cases)
    changed = replace(
        cases[index],
        request_id=cases[index].request_id or event.request_id,
        wants=getattr(event, "wants", None) or cases[index].wants,
        origins=(event.source, *cases[index].origins),
        **_case_change(cases[index], event, at),
    )
    if changed.state != "closed":
        changed = replace(changed, told_at=at)
    return [*cases[:index], changed, *cases[index + 1 :]]


def _open_case(cases: Sequence[Case], kind: CaseKind | None, request_id: str | None) -> int | None:
    """The case an event is about: the one with its number, else the only open one of its kind that has none."""
    for index, case in enumerate(cases):
        if request_id and case.request_id == request_id:
            return index
    fitting = [
        index
        for index, case in enumerate(cases)
        if case.state != "closed"
        and (case.kind == kind if kind else case.kind != "payment_dispute")
        and (request_id is None or case.request_id is None)
    ]
    # An escalated request may go on under a case number of its own: the only open one is meant.
    if not fitting and request_id:
        fitting = [i for i, case in enumerate(cases) if case.state != "closed" and case.kind == (kind or "inr")]
    return fitting[0] if len(fitting) == 1 else None


def _case_change(case: Case, event: AnyEvent, at: datetime) -> dict[str, Any]:
    respond_by = getattr(event, "respond_by", None) or case.respond_by
    match event:
        case ev.InrEscalated():
            return {"state": "escalated", "escalated_at": at, "respond_by": respond_by}
        case ev.CaseOnHold():
            return {"state": "on_hold", "respond_by": respond_by}
        case ev.CaseClosed() | ev.PaymentDisputeClosed():
            return _closing(case, event, at)
        case ev.ReturnOpened():
            return {"respond_by": respond_by, "step": "opened", "step_at": at}
        case ev.ReturnUpdate():
            return _return_change(case, event, at)
        case _:
            return {"respond_by": respond_by}


def _closing(case: Case, event: ev.CaseClosed | ev.PaymentDisputeClosed, at: datetime) -> dict[str, Any]:
    """For whom it ended, and when: a mail that repeats the end moves no date, one that turns the decision does."""
    known, told = case.outcome or "unknown", event.outcome
    again = case.state == "closed" and case.closed_at is not None and (told in (known, "unknown") or known == "unknown")
    return {
        "state": "closed",
        "closed_at": case.closed_at if again else at,
        "outcome": known if told == "unknown" else told,
    }


def _return_change(case: Case, event: ev.ReturnUpdate, at: datetime) -> dict[str, Any]:
    """A step of a return; the date to answer the step before by is over with it."""
    if event.status is None or event.status == case.step:
        return {"respond_by": event.respond_by or case.respond_by}
    if event.confidence < SURE:
        return {}
    step = {"step": event.status, "step_at": at, "respond_by": event.respond_by}
    if event.status in _RETURN_OVER:
        return {**step, "state": "closed", "closed_at": at}
    if event.status == "escalated":
        return {**step, "state": "escalated", "escalated_at": at}
    if event.status == "on_hold" or case.state == "on_hold":
        return {**step, "state": "on_hold" if event.status == "on_hold" else "open"}
    return step


def _cancellation(
    known: Cancellation | None, event: ev.CancellationRequested | ev.OrderCancelled | ev.Other, at: datetime
) -> Cancellation | None:
    if isinstance(event, ev.Other):
        if known is None or known.state == "cancelled":
            return known
        return replace(known, state="declined", origins=(event.source, *known.origins))
    if known is not None and known.state == "declined" and isinstance(event, ev.CancellationRequested):
        known = None  # asked anew
    known = known or Cancellation(state="requested")
    origins = (event.source, *known.origins)
    if isinstance(event, ev.OrderCancelled):
        return replace(
            known,
            state="cancelled",
            cancelled_at=at,
            request_id=known.request_id or event.request_id,
            origins=origins,
        )
    return replace(
        known,
        requested_at=known.requested_at or at,
        request_id=event.request_id or known.request_id,
        respond_by=event.respond_by or known.respond_by,
        reason=event.reason or known.reason,
        origins=origins,
    )


def _bounced(contact: Contact, event: ev.ReplyBounced, at: datetime) -> Contact:
    """The message that came back; a second notice of it moves no date."""
    if contact.outbox_id != event.outbox_id or contact.bounced_at is not None:
        return contact
    return replace(contact, bounced_at=at, bounced_by=event.source)


def _received(event: ev.BuyerMessage, at: datetime, entry: Logged) -> Received:
    return Received(
        at=at,
        intent=event.intent,
        text=event.text,
        language=event.language,
        reference_id=event.reference_id,
        reply_to=event.reply_to,
        subject=event.subject,
        message_id=entry.message_id,
        confidence=event.confidence,
        evidence=entry.evidence,
        source=event.source,
        automatic=event.automatic,
        buyer=event.buyer,
    )


def _shipments(told: Sequence[AnyEvent], elsewhere: Mapping[str, tuple[str, ...]]) -> tuple[Shipment, ...]:
    """One shipment per parcel, in the order in which their numbers were first heard of, without voided labels."""
    by_number: dict[str, list[ev.LabelBought | ev.TrackingUpdate | ev.ParcelLooked]] = {}
    for event in told:
        if isinstance(event, ev.LabelBought | ev.TrackingUpdate | ev.ParcelLooked) and event.tracking_number:
            by_number.setdefault(event.tracking_number, []).append(event)
    shipments = tuple(
        fold_shipment(
            way.first,
            by_number[way.first],
            [Part(one.number, by_number.get(one.number, ()), one.carrier, one.event.source) for one in way.onward],
            way.strays,
            elsewhere.get(way.first, ()),
        )
        for way in ways(told, tuple(by_number), elsewhere)
    )
    voids = [event for event in told if isinstance(event, ev.Other) and event.news == "label_voided"]
    gone = {number for event in voids if (number := _voided(event, shipments))}
    return tuple(parcel for parcel in shipments if parcel.tracking_number not in gone)


def _voided(event: ev.Other, shipments: Sequence[Shipment]) -> str | None:
    """The number whose label was given back: the one named, else the only one; never a parcel that was scanned."""
    at = when(event)
    unused = [
        parcel.tracking_number
        for parcel in shipments
        if parcel.first_scan_at is None and not parcel.ended and (parcel.known_since or at) <= at
    ]
    if event.confidence < SURE or (event.tracking_number and event.tracking_number not in unused):
        return None
    return event.tracking_number or (unused[0] if len(unused) == 1 else None)
