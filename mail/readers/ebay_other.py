"""eBay: news of an order on which nobody has to act: known as such, so that nobody has to look."""

from __future__ import annotations

from typing import cast, get_args

from agent.vocabulary import numbers
from agent.vocabulary.events import Event, News, Other
from mail.ebay.matter import matter_of
from mail.labels import Labelled
from mail.reader import NotOurs, Unreadable, reader

_DIGITS = 7  # the fewest of a tracking number


@reader(
    sender="ebay",
    intent=("order_news", "cancellation_declined", "label_voided", "funds_released"),
    events="other",
    languages=("en", "de", "fr", "it", "es"),
)
def extract(mail: Labelled) -> list[Event]:
    if mail.moment("respond_by"):
        raise Unreadable("news of an order, but it prints a date to respond by")
    news = cast(News, mail.intent) if mail.intent in get_args(News) else None
    number = _voided(mail) if news == "label_voided" else None
    try:
        return [Other(**matter_of(mail), news=news, tracking_number=number)]
    except Unreadable as why:
        if mail.intent == "funds_released":
            raise NotOurs("money set free, of no order in particular") from why
        raise


def _voided(mail: Labelled) -> str | None:
    """The number of the label that was given back, where the mail names just one."""
    said = {numbers.normalise(value) for value in mail.values("tracking_number")}
    found = {number for number in said if sum(char.isdigit() for char in number) >= _DIGITS}
    return found.pop() if len(found) == 1 else None
