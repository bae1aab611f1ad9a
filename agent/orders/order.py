"""An order as the log tells it: frozen values, made by `agent.orders.fold`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from agent.orders.refunds import Refund
from agent.vocabulary.events import Outcome, Rating, TrackingUpdate
from agent.vocabulary.remedies import Remedy
from agent.vocabulary.status import LookOutcome, Reason, TrackingStatus
from agent.vocabulary.values import Address, Item, Moment, Money, Place, Window

CaseKind = Literal["inr", "return", "payment_dispute"]
CaseState = Literal["open", "escalated", "on_hold", "closed"]


@dataclass(frozen=True, kw_only=True)
class LastLook:
    at: datetime
    outcome: LookOutcome
    outcome_reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class PageRead:
    """What a tracking page that was read said at its head."""

    tracking_number: str
    at: datetime
    status: TrackingStatus
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Leg:
    """One carrier's part of a parcel's way, under the number that this carrier gives it."""

    tracking_number: str
    carrier: str | None = None
    status: TrackingStatus = TrackingStatus.UNKNOWN
    """As this carrier alone tells it."""
    last_scan_at: datetime | None = None
    last_look: LastLook | None = None
    named_by: str = ""
    """The mail or page that named the number; empty where the order itself did."""


@dataclass(frozen=True, kw_only=True)
class Stray:
    """A number under which a carrier says that a parcel goes on, and which was not followed."""

    tracking_number: str
    why: Literal["another_order", "another_parcel", "circle", "too_many"]
    source: str
    at: datetime
    order_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Shipment:
    """One parcel of an order. Times are aware; local carrier clocks were read in the carrier's own zone.

    Handed over to another carrier it stays one parcel: `tracking_number` and `carrier` are those that the order knows
    it by, the rest is told by all its `legs` together.
    """

    tracking_number: str
    carrier: str | None = None
    status: TrackingStatus = TrackingStatus.UNKNOWN
    reason: Reason | None = None
    known_since: datetime | None = None
    """When the number was first tied to the order (label, mail)."""
    first_scan_at: datetime | None = None
    """The first physical scan; a label or pre-advice is none."""
    last_scan_at: datetime | None = None
    delivered_at: datetime | None = None
    estimated_delivery: Window | None = None
    scans: tuple[TrackingUpdate, ...] = ()
    """Newest first, of mails and pages alike."""
    last_look: LastLook | None = None
    last_good_look_at: datetime | None = None
    """The last look that was `read` or `not_found`."""
    failing_since: datetime | None = None
    """The first of the present run of failed looks, or None."""
    origins: tuple[str, ...] = ()
    """Sources of what is said here, newest first."""
    last_read: PageRead | None = None
    """The newest page that was read, of the leg that is furthest along."""
    destination: Place | None = None
    """Where the carrier's page says that it goes or went."""
    legs: tuple[Leg, ...] = ()
    """Where it was handed over: every carrier's part of the way, first to last. Empty of a parcel with one number."""
    strays: tuple[Stray, ...] = ()
    shared_with: tuple[str, ...] = ()
    """Orders of other buyers, or to other addresses, that name the same number."""
    addressed_to: Address | None = None
    """The ship-to of the label, as eBay's mail about it prints it."""
    uploaded_at: datetime | None = None
    """When a mail of eBay first named the number: from then on eBay surely knows it."""
    collect_by: datetime | None = None
    """Until when it waits to be collected, where the carrier prints a day."""
    posted_at: datetime | None = None
    """When the carrier took it in, where that is told; the first scan that mails tell of may be any later one."""

    @property
    def carriers(self) -> dict[str, str | None]:
        """Every number that the parcel travels under with its carrier, in the order of its legs."""
        return {leg.tracking_number: leg.carrier for leg in self.legs} or {self.tracking_number: self.carrier}

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(self.carriers)

    @property
    def ended(self) -> bool:
        """Delivered, or back at the sender: nothing more is expected of the carrier."""
        return self.status in (TrackingStatus.DELIVERED, TrackingStatus.RETURNED)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A request, return or dispute at eBay."""

    kind: CaseKind
    state: CaseState
    opened_at: datetime
    request_id: str | None = None
    respond_by: Moment | None = None
    escalated_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: Outcome | None = None
    step: str | None = None
    """How far a return has got: `opened`, then the statuses of its updates; None where no mail told."""
    step_at: datetime | None = None
    wants: Remedy | None = None
    """What the buyer asked for when opening it, where eBay's mail says it."""
    told_at: datetime | None = None
    """When eBay last wrote of it as open."""
    origins: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Cancellation:
    state: Literal["requested", "declined", "cancelled"]
    """`declined`: the request is over, whoever ended it, and the order goes on."""
    requested_at: datetime | None = None
    request_id: str | None = None
    respond_by: Moment | None = None
    reason: str | None = None
    cancelled_at: datetime | None = None
    origins: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Received:
    """A message of the buyer. `text` is untrusted."""

    at: datetime
    intent: str
    text: str
    language: str | None = None
    reference_id: str | None = None
    reply_to: str | None = None
    subject: str | None = None
    message_id: str | None = None
    confidence: float = 1.0
    evidence: str = "order_number"
    """How the message was tied to this order: a level of the evidence ladder."""
    source: str = ""
    automatic: str | None = None
    """What shows that a machine wrote it, or that it was not for us."""
    buyer: str | None = None
    """Who wrote it, as eBay's mail names them."""


@dataclass(frozen=True, kw_only=True)
class Contact:
    """What we sent, or may have sent, to the buyer."""

    at: datetime
    state: Literal["sent", "failed", "unknown"]
    risk: str | None = None
    outbox_id: str = ""
    bounced_at: datetime | None = None
    """When it came back, where it did."""
    bounced_by: str = ""
    """The source that says so."""


@dataclass(frozen=True, kw_only=True)
class HumanWord:
    """`handled` (risk None: every present one) or a note."""

    at: datetime
    kind: Literal["handled", "note"]
    risk: str | None = None
    text: str = ""
    by: str = "human"
    """Who said it: a policy's note bears the policy's name, `policy:…`."""


@dataclass(frozen=True, kw_only=True)
class Trace:
    """A search or claim that the seller opened with the carrier of a parcel."""

    tracking_number: str
    opened_at: datetime
    carrier: str | None = None
    reference: str | None = None
    answer_by: datetime | None = None
    """Until when the carrier usually answers."""
    answered_at: datetime | None = None
    answer: str = ""
    """In the seller's words."""
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Feedback:
    """What a buyer left, where eBay's mail says how it rates."""

    at: datetime
    rating: Rating
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class PastRequest:
    """A request, return or dispute of a buyer, of any of the buyer's orders."""

    order_id: str
    kind: CaseKind
    opened_at: datetime
    escalated: bool = False
    closed_at: datetime | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, kw_only=True)
class BuyerHistory:
    """What this shop knows of a buyer, this order included."""

    orders: int
    requests: tuple[PastRequest, ...] = ()
    """Oldest first."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """Everything known of one order. Times are aware."""

    order_id: str
    site: str | None = None
    buyer: str | None = None
    items: tuple[Item, ...] = ()
    total: Money | None = None
    ship_to: Address | None = None
    sold_at: datetime | None = None
    paid_at: datetime | None = None
    ship_by: Moment | None = None
    """As printed by eBay."""
    reminded_at: datetime | None = None
    """When eBay last wrote that the order waits to be shipped."""
    estimated_delivery: Window | None = None
    """As printed by eBay; a carrier's own forecast stands with its shipment."""
    shipments: tuple[Shipment, ...] = ()
    cancellation: Cancellation | None = None
    cases: tuple[Case, ...] = ()
    """Oldest first."""
    messages: tuple[Received, ...] = ()
    """Oldest first."""
    contacts: tuple[Contact, ...] = ()
    human: tuple[HumanWord, ...] = ()
    refunded_at: datetime | None = None
    """When the buyer had the money back; a refund of a part is none."""
    origins: tuple[tuple[str, str], ...] = ()
    """Which source each fact came from: `("total", "mail:…")`."""
    traces: tuple[Trace, ...] = ()
    """Oldest first."""
    refunds: tuple[Refund, ...] = ()
    """Oldest first, as eBay told them."""
    unpaid_since: datetime | None = None
    """The sale's day, where its mail says that it is not paid yet, and no later one says that it is."""
    held_at: datetime | None = None
    """When eBay last wrote that it holds the money of this sale back."""
    held: Money | None = None
    feedback: tuple[Feedback, ...] = ()
    """Oldest first."""
    history: BuyerHistory | None = None
    """Of other orders too, so no fold knows it: `agent.store.orders.with_history` adds it before judging."""
