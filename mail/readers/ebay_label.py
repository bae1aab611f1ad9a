"""eBay: a shipping label was bought, or a tracking number was added to the order. It ties a parcel to an order."""

from __future__ import annotations

import re
from functools import cache

from agent.vocabulary import numbers
from agent.vocabulary.carriers import carriers
from agent.vocabulary.events import Event, LabelBought
from agent.vocabulary.languages import fold
from agent.vocabulary.values import Item
from mail.labels import ITEM, ORDER, Labelled
from mail.reader import Unreadable, reader

_NUMBER = re.compile(r"[A-Z0-9]{8,40}")
_LONG = re.compile(r"\b[A-Z]{0,4}\d[\dA-Z]{9,38}\b")  # a line that bears a parcel's number may name its carrier
_SPOKEN = re.compile(r"(?=(?:[A-Z]*\d){7})[A-Z0-9]{8,40}(?![\w-])")


@reader(sender="ebay", intent="label_bought", languages=("en", "de"))
def extract(mail: Labelled) -> list[Event]:
    declared = _declared(mail)
    number = _number(mail, declared)
    order, item = mail.order_number(), mail.item_number()
    if number is None and order is None:
        raise Unreadable("neither a tracking number nor an order number")
    title = mail.text("title")
    return [
        LabelBought(
            occurred_at=mail.message.date,
            order_id=order,
            item_id=item,
            buyer=mail.handle(),
            items=(Item(title=title, item_id=item),) if title and not title.isdigit() else (),
            site=mail.site,
            tracking_number=number,
            carrier=declared or (_likely(number) if number else None),
            ship_to=mail.address(),
        )
    ]


def _number(mail: Labelled, declared: str | None) -> str | None:
    """The labelled number, check digit right or wrong; else the only one in the text that fits a carrier for sure."""
    for value in mail.values("tracking_number"):
        words = value.split()
        taken = [word for word in words if any(char.isdigit() for char in word) or len(word) <= 2]
        number = numbers.normalise("".join(taken[: len(words)]))
        digits = sum(char.isdigit() for char in number)
        if _NUMBER.fullmatch(number) and digits >= 7 and not ORDER.fullmatch(value.strip()):
            return number
    if spoken := mail.spoken("tracking_number", _SPOKEN):  # "Tracking 94…" within a sentence
        return numbers.normalise(spoken)
    known = {mail.item_number(), mail.order_number()}
    sure = {
        found.number
        for line in (mail.subject, *mail.body)
        for found in numbers.find(line)
        if found.number not in known
        and found.candidates
        and found.candidates[0].confidence >= numbers.ACT
        and not (ITEM.fullmatch(found.number) and declared is None)
    }
    return sure.pop() if len(sure) == 1 else None


def _declared(mail: Labelled) -> str | None:
    """The carrier that the mail names beside "Service:" or the like, else the only one that it names at all."""
    for value in mail.values("carrier"):
        if found := _named(value):
            return found
    near = (line for line in (mail.subject, *mail.body) if len(line) <= 60 or (len(line) <= 200 and _LONG.search(line)))
    short = {found for line in near if (found := _named(line))}
    return short.pop() if len(short) == 1 else None


def _named(text: str) -> str | None:
    """The carrier whose id, name or alias stands in a text; the longest where several do."""
    names, pattern = _names()
    found = [match.group() for match in pattern.finditer(fold(text))]
    return names[max(found, key=len)] if found else None


@cache
def _names() -> tuple[dict[str, str], re.Pattern[str]]:
    names: dict[str, str] = {}
    for carrier in carriers().values():
        for name in (carrier.id, carrier.name, *carrier.aliases):
            if len(fold(name)) > 1:
                names.setdefault(fold(name), carrier.id)
    longest_first = sorted(map(re.escape, names), key=len, reverse=True)
    return names, re.compile(rf"(?<!\w)(?:{'|'.join(longest_first)})(?!\w)")


def _likely(number: str) -> str | None:
    best = next(iter(numbers.candidates(number)), None)
    return best.carrier if best and best.confidence >= numbers.ACT else None
