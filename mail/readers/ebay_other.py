"""eBay: news of an order on which nobody has to act: known as such, so that nobody has to look."""

from __future__ import annotations

from agent.vocabulary.events import Event, Other
from mail.labels import Labelled
from mail.matter import matter_of
from mail.reader import NotOurs, Unreadable, reader


@reader(
    sender="ebay",
    intent=("order_news", "cancellation_declined", "label_voided", "funds_released"),
    events="other",
    languages=("en", "de", "fr", "it", "es"),
)
def extract(mail: Labelled) -> list[Event]:
    if mail.moment("respond_by"):
        raise Unreadable("news of an order, but it prints a date to respond by")
    try:
        return [Other(**matter_of(mail))]
    except Unreadable as why:
        if mail.intent == "funds_released":
            raise NotOurs("money set free, of no order in particular") from why
        raise
