"""The comment to paste into the case: dates, carrier, number and place, no blame, at most 1,000 characters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

from babel.dates import format_date

from agent.orders.order import Order, Shipment
from agent.risks.parcels import is_superfluous
from agent.risks.protection import Protection
from agent.risks.sentences import carrier_name
from agent.vocabulary.data import parse_yaml
from agent.vocabulary.marketplaces import marketplace
from agent.vocabulary.status import Reason, TrackingStatus
from agent.vocabulary.visible import visible

LONGEST = 1_000
"""Characters; eBay's form takes no more."""
_FALLBACK = "en"
_PARCELS = 3
"""Told one by one; of more only their number would fit."""


@cache
def _sentences() -> Mapping[str, Mapping[str, str]]:
    text = resources.files(__package__).joinpath("comment.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, str]] = parse_yaml(text)
    return found


def comment(order: Order, protection: Protection, language: str | None = None) -> str:
    """Whole sentences in the site's language, or the one asked for; what does not fit any more is left out."""
    own = language or marketplace(order.site).language
    say = _sentences().get(own) or _sentences()[_FALLBACK]
    spoken = own if own in _sentences() else _FALLBACK
    text = ""
    for sentence in dict.fromkeys(_told(order, protection, say, spoken)):
        if len(text) + len(sentence) + 1 <= LONGEST:
            text = f"{text} {sentence}" if text else sentence
    return text


def _told(order: Order, protection: Protection, say: Mapping[str, str], language: str) -> Iterator[str]:
    where = marketplace(order.site)
    locale = f"{language}_{where.country}" if language == where.language else language

    def day(at: datetime) -> str:
        return format_date(at.astimezone(where.zone), "long", locale=locale)

    def sentence(name: str, **facts: Any) -> str:
        # Facts are put in by name once, so that a stranger's braces stay what they are.
        return say[name].format_map({key: visible(str(value), 200) for key, value in facts.items()} | _raw(facts))

    if order.sold_at:
        yield sentence("sold", order=order.order_id, sold=day(order.sold_at))
    parcels = [parcel for parcel in order.shipments if not is_superfluous(parcel, order)][:_PARCELS]
    for parcel in parcels:
        yield from _of_parcel(parcel, protection, say, sentence, day)
    heard = [parcel.uploaded_at for parcel in parcels if parcel.uploaded_at]
    if heard and len(heard) == len(parcels) and protection.clauses.get("tracking_in_time") == "yes":
        yield sentence("uploaded", uploaded=day(max(heard)))
    case = order.cases[-1] if order.cases else None
    if case is not None and case.kind == "inr":
        yield sentence("opened", opened=day(case.opened_at))
    for trace in order.traces:
        owner = next((carrier_name(p) for p in order.shipments if trace.tracking_number in p.numbers), None)
        if owner is None:
            continue
        reference = sentence("under", reference=trace.reference) if trace.reference else ""
        yield sentence("asked", carrier=owner, asked=day(trace.opened_at), reference=reference)
        if trace.answered_at:
            said = sentence("words", words=trace.answer) if trace.answer else ""
            yield sentence("answered", carrier=owner, answered=day(trace.answered_at), words=said)
    if case is not None and case.closed_at:
        yield sentence("closed", closed=day(case.closed_at))
    if order.refunded_at:
        yield sentence("refunded", refunded=day(order.refunded_at))


def _raw(facts: Mapping[str, Any]) -> dict[str, str]:
    """Parts that were made of our own words begin with a blank, which a line would lose."""
    return {key: value for key, value in facts.items() if isinstance(value, str) and (not value or value[0] == " ")}


def _of_parcel(
    parcel: Shipment, protection: Protection, say: Mapping[str, str], sentence: Any, day: Any
) -> Iterator[str]:
    owner = carrier_name(parcel)
    if parcel.first_scan_at is None and not parcel.ended:
        yield sentence("label", carrier=owner, number=parcel.tracking_number)
        return
    numbers = ", ".join(parcel.numbers)
    if parcel.posted_at is not None:
        yield sentence("shipped", carrier=owner, posted=day(parcel.posted_at), number=numbers)
    elif parcel.first_scan_at is not None:  # of mails alone: it may be any later one
        yield sentence("sent", carrier=owner, number=numbers)
    if parcel.status is TrackingStatus.DELIVERED and parcel.delivered_at:
        scan = next((one for one in parcel.scans if one.status is TrackingStatus.DELIVERED), None)
        place = sentence("in", place=scan.location) if scan and str(scan.location or "") else ""
        yield sentence("delivered", carrier=owner, delivered=day(parcel.delivered_at), place=place)
        if place and protection.clauses.get("place") == "yes":
            yield sentence("matches")
        if Reason.SIGNED in {parcel.reason, *(one.reason for one in parcel.scans)}:
            yield sentence("signed")
    elif parcel.last_scan_at:
        newest = next((one for one in parcel.scans if str(one.location or "")), None)
        place = sentence("in", place=newest.location) if newest else ""
        name = "returned" if parcel.status is TrackingStatus.RETURNED else "moving"
        yield sentence(name, carrier=owner, scan=day(parcel.last_scan_at), place=place)
