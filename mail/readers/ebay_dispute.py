"""eBay: a buyer disputes the payment with the bank or card, and how that ended."""

from __future__ import annotations

from agent.vocabulary.events import Event, PaymentDisputeClosed, PaymentDisputeOpened
from mail.ebay.deadlines import deadline_of
from mail.ebay.matter import matter_of
from mail.ebay.outcomes import outcome_of
from mail.labels import Labelled
from mail.reader import reader


@reader(
    sender="ebay", intent=("payment_dispute_opened", "payment_dispute_closed"), languages=("en", "de", "fr", "it", "es")
)
def extract(mail: Labelled) -> list[Event]:
    if mail.intent == "payment_dispute_closed":
        return [PaymentDisputeClosed(**matter_of(mail), outcome=outcome_of(mail))]
    return [PaymentDisputeOpened(**matter_of(mail), respond_by=deadline_of(mail, "respond_by"))]
