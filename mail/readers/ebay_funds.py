"""eBay: the money of a sale is held back."""

from __future__ import annotations

from agent.vocabulary.events import Event, FundsHeld
from mail.ebay.amounts import amount_of
from mail.ebay.matter import matter
from mail.labels import Labelled
from mail.reader import Unreadable, reader


@reader(sender="ebay", intent="funds_held", languages=("en", "de", "fr", "it", "es"))
def extract(mail: Labelled) -> list[Event]:
    held, amount = matter(mail), amount_of(mail, "held")
    if amount is None and held["order_id"] is None and held["item_id"] is None:
        raise Unreadable("neither an order or item number nor an amount")
    return [FundsHeld(**held, amount=amount)]
