"""How the digest calls things: a seller reads names, never ids."""

from __future__ import annotations

from agent.vocabulary import carriers
from agent.vocabulary.status import LookOutcome, Reason, TrackingStatus

RISKS = {
    "inr_opened": "Buyer says it has not arrived",
    "inr_due_soon": "Not-arrived request still unanswered",
    "inr_escalated": "eBay was asked to step in",
    "inr_closed_delivered": "Not-arrived request closed: parcel delivered",
    "case_lost_appealable": "Case lost, appeal possible",
    "case_won": "Case decided for you",
    "not_received_message": "Buyer writes that nothing came",
    "handling_time_risk": "Ship-by time is near",
    "late_ship": "Ship-by time has passed",
    "tracking_not_uploaded": "Tracking number not on eBay",
    "invalid_tracking": "Tracking number looks wrong",
    "contradictory_tracking": "Two sources tell different things",
    "no_first_scan": "Carrier has not scanned the parcel",
    "stalled_in_transit": "Parcel has stopped moving",
    "past_estimated_delivery": "Later than eBay promised",
    "delivered_not_received": "Delivered, but the buyer has nothing",
    "delivered_elsewhere": "Delivered to another place",
    "delivered_alternate": "Left with a neighbour or in another place",
    "address_mismatch": "Label address differs from the order",
    "address_change_request": "Buyer asks for another address",
    "address_undeliverable": "Carrier cannot use the address",
    "partial_delivery": "Only part of the order arrived",
    "signature_required_missing": "Signature needed for protection",
    "delivery_attempted": "Delivery attempted, nobody there",
    "pickup_expiring": "Parcel waits at a pickup point",
    "customs_hold": "Held by customs",
    "customs_refused_unpaid": "Customs charge not paid",
    "refused_by_buyer": "Buyer refused the parcel",
    "return_to_sender": "Parcel is coming back to you",
    "lost_declared": "Carrier says it is lost",
    "damaged_in_transit": "Damaged on the way",
    "carrier_claim_window": "Claim the carrier's compensation",
    "carrier_disruption": "Carrier reports delays",
    "cancel_before_ship": "Cancellation asked, not shipped yet",
    "cancel_after_ship": "Cancellation asked, already shipped",
    "cancel_race": "Cancellation asked while a label exists",
    "shipped_after_cancel": "Cancelled order is on its way",
    "cancel_expired": "Cancellation was left unanswered",
    "seller_cancel_defect_risk": "Cancelling would count as a defect",
    "unpaid_item": "Not paid yet",
    "payment_hold": "Payment is on hold",
    "return_opened": "Buyer opened a return",
    "return_delivered_refund_due": "Return arrived, refund is due",
    "return_not_shipped": "Return not sent yet",
    "payment_dispute": "Payment dispute",
    "dispute_lost_appealable": "Dispute lost, appeal possible",
    "double_resolution": "Two claims for the same order",
    "negative_feedback": "Feedback below positive",
    "feedback_extortion": "Feedback used as a threat",
    "off_ebay_offer": "Buyer wants to deal outside eBay",
    "abusive_buyer_pattern": "Buyer claims often",
    "metrics_warning": "Seller metrics near a limit",
    "programme_order": "Order in a shipping programme",
    "ese_low_visibility": "Standard envelope, few scans",
    "phishing_suspect": "Mails that only pretend to be genuine",
    "unmatched_event": "No order found for it",
    "parser_gap": "A genuine eBay mail of an unknown kind",
    "tracking_unavailable": "Tracking page not read",
    "rule_drift": "eBay's date differs from the rule",
    "reply_bounced": "Your reply came back",
    "number_corrected": "The buyer has an old number",
}
"""By the ids of the catalogue of risks."""

SEVERITIES = {"P1": "Urgent", "P2": "Important", "P3": "Watch", "P4": "For information"}

STATUSES = {
    TrackingStatus.INFO_RECEIVED: "label made",
    TrackingStatus.IN_TRANSIT: "in transit",
    TrackingStatus.OUT_FOR_DELIVERY: "out for delivery",
    TrackingStatus.DELIVERY_ATTEMPTED: "delivery attempted",
    TrackingStatus.AVAILABLE_FOR_PICKUP: "waiting to be collected",
    TrackingStatus.DELIVERED: "delivered",
    TrackingStatus.EXCEPTION: "a problem on the way",
    TrackingStatus.RETURNING: "coming back to you",
    TrackingStatus.RETURNED: "returned to you",
    TrackingStatus.UNKNOWN: "state not known",
}

REASONS = {
    Reason.CUSTOMS: "at customs",
    Reason.CUSTOMS_HELD: "held by customs",
    Reason.CUSTOMS_FEE_DUE: "customs charge to pay",
    Reason.CUSTOMS_DOCUMENTS: "customs wants papers",
    Reason.HELD: "held by the carrier",
    Reason.DELAYED: "delayed",
    Reason.WEATHER: "delayed by weather",
    Reason.SECURITY: "security check",
    Reason.ADDRESS_PROBLEM: "problem with the address",
    Reason.NO_ONE_HOME: "nobody at home",
    Reason.BUSINESS_CLOSED: "business closed",
    Reason.REFUSED: "refused",
    Reason.UNCLAIMED: "not collected",
    Reason.DAMAGED: "damaged",
    Reason.LOST: "lost",
    Reason.CANCELLED: "shipment cancelled",
    Reason.LEFT_WITH_NEIGHBOUR: "left with a neighbour",
    Reason.SAFE_PLACE: "left in a safe place",
    Reason.MAILBOX: "in the mailbox",
    Reason.LOCKER: "in a locker",
    Reason.SIGNED: "signed for",
    Reason.PHOTO: "photo taken",
    Reason.HANDED_OVER: "handed over in person",
}
"""Reasons that add something to a status; the others go without saying."""

OUTCOMES = {
    LookOutcome.READ: "read",
    LookOutcome.NOT_FOUND: "the carrier does not know the number",
    LookOutcome.BLOCKED: "the carrier refused us",
    LookOutcome.LAYOUT_CHANGED: "the page could not be understood",
    LookOutcome.UNREACHABLE: "the page did not answer",
}

STATES = {
    "would have been": "would have been sent",
    "awaiting_approval": "waits for you",
    "queued": "goes out next",
    "sending": "is being sent",
    "sent": "sent",
    "failed": "not sent",
    "unknown": "perhaps sent",
    "rejected": "rejected",
    "expired": "expired",
}
"""States of a reply."""

UNREAD = {
    "no_reader": "no reader knows this kind of mail",
    "unreadable": "its content could not be taken apart",
    "too_big": "too big to read",
}


def risk_name(risk: str) -> str:
    """What a seller calls a risk; an id that nobody named is spelled out."""
    return RISKS.get(risk) or risk.replace("_", " ").strip().capitalize()


def carrier_name(carrier: str | None) -> str:
    """The carrier's own name; what was given where nobody knows it, and "Carrier unknown" of None."""
    if not carrier:
        return "Carrier unknown"
    known = carriers.carrier(carrier)
    return known.name if known else carrier


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 mail`, `1,200 mails`; `many` where an s is not enough."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def lowered(name: str) -> str:
    """A name within a sentence; `eBay` stays as it is."""
    return name[:1].lower() + name[1:]
