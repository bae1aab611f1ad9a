"""eBay: a buyer left feedback."""

from __future__ import annotations

from agent.vocabulary.events import Event, FeedbackLeft
from mail.ebay.matter import matter
from mail.labels import Labelled
from mail.reader import Unreadable, reader


@reader(sender="ebay", intent="feedback_left", languages=("en", "de", "fr", "it", "es"))
def extract(mail: Labelled) -> list[Event]:
    left = matter(mail)
    if not (left["order_id"] or left["item_id"] or left["buyer"] or left["items"]):
        raise Unreadable("neither an order or item number nor who left it")
    return [FeedbackLeft(**left)]
