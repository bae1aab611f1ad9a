"""eBay: a buyer left feedback, and how it rates where the mail says so."""

from __future__ import annotations

from agent.vocabulary.events import Event, FeedbackLeft, Rating
from agent.vocabulary.languages import fold
from mail.ebay.matter import matter
from mail.labels import Labelled
from mail.phrases import says, states
from mail.reader import Unreadable, reader

_RATINGS: tuple[Rating, ...] = ("positive", "neutral", "negative")
_HEADLINES = 14


@reader(sender="ebay", intent="feedback_left", languages=("en", "de", "fr", "it", "es"))
def extract(mail: Labelled) -> list[Event]:
    left = matter(mail)
    if not (left["order_id"] or left["item_id"] or left["buyer"] or left["items"]):
        raise Unreadable("neither an order or item number nor who left it")
    return [FeedbackLeft(**left, rating=_rating(mail))]


def _rating(mail: Labelled) -> Rating | None:
    """The one rating that the subject names, else that the headlines do; a text that names several tells none."""
    subject = {rating for rating in _RATINGS if says(f"rating.{rating}", fold(mail.subject))}
    named = subject or {rating for rating in _RATINGS if states(f"rating.{rating}", *mail.folded[:_HEADLINES])}
    return named.pop() if len(named) == 1 else None
