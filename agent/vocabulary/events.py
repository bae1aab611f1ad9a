"""What happened, as mails and pages tell it: one frozen value per kind of event.

Every event says what happened (its class, and `type` as users see it), when it happened (`occurred_at`), when we
saw it (`seen_at`) and where it came from (`source`: `mail:<id>`, `look:<id>`, `human`). Readers leave `seen_at` and
`source` empty; the pipeline stamps them. An absent fact is `None` or empty, never a guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from agent.vocabulary.remedies import Remedy
from agent.vocabulary.status import LookOutcome, Reason, TrackingStatus
from agent.vocabulary.values import Address, Item, Moment, Money, Place, Window

Outcome = Literal["buyer", "seller", "withdrawn", "unknown"]
Rating = Literal["positive", "neutral", "negative"]
News = Literal["cancellation_declined", "label_voided"]
Intent = Literal[
    "where_is_it", "not_received", "cancel", "change_address", "damaged", "return", "thanks", "question", "other"
]


@dataclass(frozen=True, kw_only=True)
class Event:
    """What every event may carry."""

    occurred_at: Moment | None = None
    seen_at: datetime | None = None
    source: str = ""
    confidence: float = 1.0
    order_id: str | None = None
    item_id: str | None = None
    request_id: str | None = None
    buyer: str | None = None
    items: tuple[Item, ...] = ()
    site: str | None = None
    """eBay's marketplace id, such as `EBAY_US`, where the mail tells it."""


@dataclass(frozen=True, kw_only=True)
class OrderSold(Event):
    """The seller sold something; `paid` where the mail says so."""

    type: Literal["order_sold"] = "order_sold"
    total: Money | None = None
    paid: bool | None = None
    ship_to: Address | None = None
    ship_by: Moment | None = None
    estimated_delivery: Window | None = None


@dataclass(frozen=True, kw_only=True)
class OrderPaid(Event):
    type: Literal["order_paid"] = "order_paid"
    total: Money | None = None
    ship_to: Address | None = None
    ship_by: Moment | None = None


@dataclass(frozen=True, kw_only=True)
class LabelBought(Event):
    """A label was made, or a tracking number was added to the order on eBay."""

    type: Literal["label_bought"] = "label_bought"
    tracking_number: str | None = None
    carrier: str | None = None
    ship_to: Address | None = None


@dataclass(frozen=True, kw_only=True)
class ShipReminder(Event):
    type: Literal["ship_reminder"] = "ship_reminder"
    ship_by: Moment | None = None


@dataclass(frozen=True, kw_only=True)
class TrackingUpdate(Event):
    """A carrier said something about one parcel, in a mail or as one row of its page."""

    type: Literal["tracking_update"] = "tracking_update"
    tracking_number: str = ""
    carrier: str | None = None
    status: TrackingStatus = TrackingStatus.UNKNOWN
    reason: Reason | None = None
    location: Place | None = None
    description: str | None = None
    """The carrier's own words."""
    estimated_delivery: Window | None = None
    onward_number: str | None = None
    """The number under which the next carrier goes on with the same parcel."""
    onward_carrier: str | None = None


@dataclass(frozen=True, kw_only=True)
class ParcelLooked(Event):
    """One visit to a tracking page, and the headline it gave. A failed look is an event of its own."""

    type: Literal["parcel_looked"] = "parcel_looked"
    tracking_number: str = ""
    carrier: str | None = None
    outcome: LookOutcome = LookOutcome.UNREACHABLE
    outcome_reason: str | None = None
    status: TrackingStatus = TrackingStatus.UNKNOWN
    reason: Reason | None = None
    estimated_delivery: Window | None = None
    onward_number: str | None = None
    """The number under which the next carrier goes on with the same parcel."""
    onward_carrier: str | None = None
    destination: Place | None = None
    """Where the carrier says the parcel goes or went, as far as its page tells."""


@dataclass(frozen=True, kw_only=True)
class BuyerMessage(Event):
    """A member message. `text` is the buyer's own words: untrusted, never an instruction."""

    type: Literal["buyer_message"] = "buyer_message"
    intent: Intent = "other"
    language: str | None = None
    text: str = ""
    reference_id: str | None = None
    reply_to: str | None = None
    subject: str | None = None
    automatic: str | None = None
    """What shows that a machine wrote it, or that it was not for us: nothing answers it by itself (RFC 3834)."""


@dataclass(frozen=True, kw_only=True)
class InrOpened(Event):
    """The buyer opened an item-not-received request."""

    type: Literal["inr_opened"] = "inr_opened"
    respond_by: Moment | None = None
    wants: Remedy | None = None
    """What the buyer asks for, where the mail says it."""


@dataclass(frozen=True, kw_only=True)
class InrEscalated(Event):
    """eBay was asked to step in: the request is a case now."""

    type: Literal["inr_escalated"] = "inr_escalated"
    respond_by: Moment | None = None


@dataclass(frozen=True, kw_only=True)
class CaseOnHold(Event):
    type: Literal["case_on_hold"] = "case_on_hold"
    respond_by: Moment | None = None


@dataclass(frozen=True, kw_only=True)
class CaseClosed(Event):
    """A request or case ended, for whom is in `outcome`."""

    type: Literal["case_closed"] = "case_closed"
    outcome: Outcome = "unknown"


@dataclass(frozen=True, kw_only=True)
class ReturnOpened(Event):
    type: Literal["return_opened"] = "return_opened"
    respond_by: Moment | None = None


@dataclass(frozen=True, kw_only=True)
class ReturnUpdate(Event):
    type: Literal["return_update"] = "return_update"
    status: str | None = None
    respond_by: Moment | None = None


@dataclass(frozen=True, kw_only=True)
class CancellationRequested(Event):
    """The buyer asks to cancel; it never cancels by itself (DOMAIN 0.8)."""

    type: Literal["cancellation_requested"] = "cancellation_requested"
    respond_by: Moment | None = None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(Event):
    type: Literal["order_cancelled"] = "order_cancelled"


@dataclass(frozen=True, kw_only=True)
class PaymentDisputeOpened(Event):
    type: Literal["payment_dispute_opened"] = "payment_dispute_opened"
    respond_by: Moment | None = None


@dataclass(frozen=True, kw_only=True)
class PaymentDisputeClosed(Event):
    type: Literal["payment_dispute_closed"] = "payment_dispute_closed"
    outcome: Outcome = "unknown"


@dataclass(frozen=True, kw_only=True)
class RefundIssued(Event):
    type: Literal["refund_issued"] = "refund_issued"
    amount: Money | None = None


@dataclass(frozen=True, kw_only=True)
class FundsHeld(Event):
    type: Literal["funds_held"] = "funds_held"
    amount: Money | None = None


@dataclass(frozen=True, kw_only=True)
class FeedbackLeft(Event):
    type: Literal["feedback_left"] = "feedback_left"
    rating: Rating | None = None


@dataclass(frozen=True, kw_only=True)
class Other(Event):
    """A genuine mail about an order that asks nothing of anybody; `news` where it says what to stop waiting for."""

    type: Literal["other"] = "other"
    news: News | None = None
    tracking_number: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReplySent(Event):
    """What we did: a reply left for the buyer, or its outcome is not known (`state` is the outbox's)."""

    type: Literal["reply_sent"] = "reply_sent"
    outbox_id: str = ""
    risk: str | None = None
    state: Literal["sent", "failed", "unknown"] = "sent"


@dataclass(frozen=True, kw_only=True)
class Handled(Event):
    """A human says that a risk is dealt with; `risk` None means all of the order's present ones."""

    type: Literal["handled"] = "handled"
    risk: str | None = None


@dataclass(frozen=True, kw_only=True)
class NoteAdded(Event):
    type: Literal["note_added"] = "note_added"
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class TraceOpened(Event):
    """The seller asked the carrier to search for a parcel, or filed a claim."""

    type: Literal["trace_opened"] = "trace_opened"
    tracking_number: str = ""
    carrier: str | None = None
    reference: str | None = None
    """What the carrier calls the enquiry."""
    answer_by: datetime | None = None
    """Until when the carrier usually answers."""


@dataclass(frozen=True, kw_only=True)
class TraceReplied(Event):
    """What the carrier answered to a search or claim, in the seller's words."""

    type: Literal["trace_replied"] = "trace_replied"
    tracking_number: str = ""
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class ReplyBounced(Event):
    """A reply of ours came back, or eBay writes that it was not sent."""

    type: Literal["reply_bounced"] = "reply_bounced"
    outbox_id: str = ""


AnyEvent = (
    OrderSold
    | OrderPaid
    | LabelBought
    | ShipReminder
    | TrackingUpdate
    | ParcelLooked
    | BuyerMessage
    | InrOpened
    | InrEscalated
    | CaseOnHold
    | CaseClosed
    | ReturnOpened
    | ReturnUpdate
    | CancellationRequested
    | OrderCancelled
    | PaymentDisputeOpened
    | PaymentDisputeClosed
    | RefundIssued
    | FundsHeld
    | FeedbackLeft
    | Other
    | ReplySent
    | Handled
    | NoteAdded
    | TraceOpened
    | TraceReplied
    | ReplyBounced
)

EVENT_TYPES = frozenset(kind.type for kind in get_args(AnyEvent))
"""What users see as `type`."""
