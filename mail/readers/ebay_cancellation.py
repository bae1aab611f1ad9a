"""eBay: a buyer asks to cancel, or an order is cancelled."""

from __future__ import annotations

from agent.vocabulary.events import CancellationRequested, Event, OrderCancelled
from mail.ebay.deadlines import deadline_of
from mail.ebay.matter import matter_of
from mail.labels import Labelled
from mail.reader import reader


@reader(
    sender="ebay",
    intent=("cancellation_requested", "order_cancelled"),
    languages=("en", "de", "fr", "it", "es"),
)
def extract(mail: Labelled) -> list[Event]:
    if mail.intent == "order_cancelled":
        return [OrderCancelled(**matter_of(mail))]
    respond_by, reason = deadline_of(mail, "respond_by"), mail.text("reason")
    return [CancellationRequested(**matter_of(mail), respond_by=respond_by, reason=reason)]
