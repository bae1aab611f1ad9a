"""eBay: a shipping label was bought, or a tracking number was added to the order. It ties a parcel to an order."""

from __future__ import annotations

import re
from functools import cache

from agent.vocabulary import numbers
from agent.vocabulary.carriers import carriers
from agent.vocabulary.events import Event, LabelBought
from agent.vocabulary.languages import fold
from mail.ebay.matter import matter
from mail.ebay.records import records
from mail.labels import ITEM, ORDER, Labelled
from mail.reader import Unreadable, reader

_NUMBER = re.compile(r"[A-Z0-9]{8,40}")
_LONG = re.compile(r"\b[A-Z]{0,4}\d[\dA-Z]{9,38}\b")  # a line that bears a parcel's number may name its carrier
_SPOKEN = re.compile(r"(?=(?:[A-Z]*\d){7})[A-Z0-9]{8,40}(?![\w-])")


@reader(sender="ebay", intent="label_bought", languages=("en", "de", "fr", "it", "es"))
def extract(mail: Labelled) -> list[Event]:
    labelled = _labelled(mail)
    if len(labelled) < 2:
        return [_bought(mail, next(iter(labelled.values()), None))]
    whole = mail.order_number() if len(mail.order_numbers()) == 1 else None
    parts = zip(records(mail, list(labelled)), labelled.values(), strict=False)
    return [_bought(part, number, whole) for part, number in parts]


def _bought(mail: Labelled, number: str | None, order: str | None = None) -> LabelBought:
    declared = _declared(mail)
    number = number or _found(mail, declared)
    about = matter(mail, order)
    if number is None and about["order_id"] is None:
        raise Unreadable("neither a tracking number nor an order number")
    likely = _likely(number) if number else None
    carrier = likely if likely and likely.startswith(f"{declared}-") else declared or likely  # "DHL" is several
    return LabelBought(**about, tracking_number=number, carrier=carrier, ship_to=mail.address())


def _labelled(mail: Labelled) -> dict[str, str]:
    """The numbers beside their labels, check digit right or wrong: as printed → as carriers write them."""
    found: dict[str, str] = {}
    for value in mail.values("tracking_number"):
        taken = [word for word in value.split() if any(char.isdigit() for char in word) or len(word) <= 2]
        number = numbers.normalise("".join(taken))
        digits = sum(char.isdigit() for char in number)
        fits = _NUMBER.fullmatch(number) and digits >= 7 and not ORDER.fullmatch(value.strip())
        if fits and number not in found.values():
            found[value] = number
    return found


def _found(mail: Labelled, declared: str | None) -> str | None:
    """The number behind its label's words; else the only one in the text that fits a carrier for sure."""
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
