"""The facts that replies may tell a buyer, as plain text in the buyer's language. What nobody knows is absent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from agent.orders.order import Order, Shipment
from agent.orders.shipment import scanned_at
from agent.replies.plain import one_line
from agent.risks.risk import Risk
from agent.vocabulary.carriers import Carrier, carrier
from agent.vocabulary.data import parse_yaml
from agent.vocabulary.marketplaces import marketplaces
from agent.vocabulary.status import TrackingStatus
from agent.vocabulary.values import Moment

FACTS: Mapping[str, str] = {
    "buyer_name": "the buyer's first name",
    "item": "the item's title, shortened",
    "order": "the order number",
    "shop": "the name that the shop signs with",
    "carrier": "the carrier's name",
    "tracking_number": "the parcel's number",
    "ship_date": "the day of the first physical scan",
    "last_scan_date": "the day of the last physical scan",
    "last_scan_place": "where that was",
    "expected_date": "the day by which the carrier, or else eBay, expects delivery; never a day in the past",
    "delivered_date": "the day of delivery",
    "delivered_place": "town and postcode of the delivery, as the carrier tells them",
    "left_with": "where it was left or who signed, in words",
    "answer_by": "the day by which the seller answers a cancellation",
    "reply_by": "two days from now",
    "next_look": "three days from now: when we look at a late parcel again",
    "consumer_rights": "present where the statutory right of withdrawal may apply (EU, UK)",
}

# Where a consumer may withdraw from a distance contract within 14 days (Directive 2011/83/EU; UK: SI 2013/3134).
_WITHDRAWAL = frozenset(
    "AT BE BG HR CY CZ DE DK EE ES FI FR GB GR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905
)

_NO_LETTER_FORMS = {"en": "en_GB"}  # "24 November 2026" reads the same on either side of the Atlantic


def facts(order: Order, risk: Risk | None, now: datetime, shop: str, language: str) -> Mapping[str, str]:
    """What is known, by the names of `FACTS`. Strangers' words come on one line, without control characters."""
    parcel = parcel_of(order, risk)
    known: dict[str, str | None] = {
        "buyer_name": first_name(order.ship_to.name if order.ship_to else None),
        "item": item_title(order),
        "order": order.order_id,
        "shop": one_line(shop, 60),
        "answer_by": _answer_by(order, risk, language),
        "reply_by": day(now + timedelta(days=2), language),
        "next_look": day(now + timedelta(days=3), language),
        "consumer_rights": "yes" if _may_withdraw(order) else None,
    }
    if parcel is not None:
        known |= _parcel_facts(order, parcel, now, language)
    return {name: value for name, value in known.items() if value}


def item_title(order: Order) -> str | None:
    """The first item's title, shortened."""
    title = order.items[0].title if order.items else None
    return one_line(title, 60) or None if title else None


def parcel_of(order: Order, risk: Risk | None) -> Shipment | None:
    """The parcel that a reply is about: the risk's, or the order's only one. Of several, none is guessed."""
    number = risk.tracking_number if risk else None
    found = [parcel for parcel in order.shipments if number in (None, parcel.tracking_number)]
    return found[0] if len(found) == 1 else None


def day(moment: Moment, language: str) -> str:
    """A date in full words: "24 November 2026", "24. November 2026"."""
    plain = moment.date() if isinstance(moment, datetime) else moment
    try:
        locale = Locale.parse(_NO_LETTER_FORMS.get(language, language))
    except (UnknownLocaleError, ValueError):
        locale = Locale.parse("en_GB")
    return format_date(plain, format="long", locale=locale)


def first_name(full: str | None) -> str | None:
    """The first word of a name, where it looks like one; None is better than a greeting that insults."""
    words = one_line(full or "", 80).split()
    if len(words) < 2:
        return None
    name = words[0]
    looks_like_one = 2 <= len(name) <= 20 and all(char.isalpha() or char in "-'’" for char in name)
    if not looks_like_one or name.casefold() in _TITLES:
        return None
    return name if not (name.isupper() or name.islower()) else name.title()


_TITLES = frozenset(
    "mr mrs ms miss dr prof sir herr frau firma fa familie fam the die der das company co".split()  # noqa: SIM905
)


def _parcel_facts(order: Order, parcel: Shipment, now: datetime, language: str) -> dict[str, str | None]:
    known = carrier(parcel.carrier) if parcel.carrier else None
    told: dict[str, str | None] = {
        "carrier": known.name if known else None,
        "tracking_number": one_line(parcel.tracking_number, 40),
        "expected_date": _expected(order, parcel, now, language),
    }
    if parcel.first_scan_at is not None:
        told["ship_date"] = day(_as_printed(parcel.first_scan_at, parcel), language)
    if parcel.last_scan_at is not None:
        told["last_scan_date"] = day(_as_printed(parcel.last_scan_at, parcel), language)
        told["last_scan_place"] = _last_place(parcel, known)
    if parcel.status is TrackingStatus.DELIVERED and parcel.delivered_at is not None:
        told["delivered_date"] = day(_as_printed(parcel.delivered_at, parcel), language)
        told["delivered_place"] = _delivered_place(parcel)
        told["left_with"] = _left_with(parcel, language)
    return told


def _as_printed(at: datetime, parcel: Shipment) -> Moment:
    """A scan's time as the carrier prints it, with its own offset if any: the day that the buyer reads on its page."""
    known = carrier(parcel.carrier) if parcel.carrier else None
    zone = known.zone if known else UTC
    printed = (scan.occurred_at for scan in parcel.scans if scan.occurred_at and scanned_at(scan, parcel) == at)
    return next(printed, at.astimezone(zone))


def _expected(order: Order, parcel: Shipment, now: datetime, language: str) -> str | None:
    for window in (parcel.estimated_delivery, order.estimated_delivery):
        if window is None:
            continue
        last = window.max.date() if isinstance(window.max, datetime) else window.max
        if last >= now.astimezone(UTC).date():
            return day(last, language)
        return None  # the carrier's own forecast has passed: eBay's older one is no better
    return None


def _last_place(parcel: Shipment, known: Carrier | None) -> str | None:
    """The place of the scan that `last_scan_at` tells, not of an earlier one."""
    for scan in parcel.scans:
        if scan.status is TrackingStatus.INFO_RECEIVED or scan.occurred_at is None:
            continue
        place = scan.location
        return _town(place.city) if place else None
    return None


def _delivered_place(parcel: Shipment) -> str | None:
    """Town and postcode only: never a street, never coordinates."""
    for scan in parcel.scans:
        if scan.status is TrackingStatus.DELIVERED and scan.location is not None:
            parts = (scan.location.postcode, _town(scan.location.city))
            return one_line(" ".join(part for part in parts if part), 60) or None
    return None


def _town(name: str | None) -> str | None:
    """A place without the capitals that carriers shout: "SAINT PAUL MN" is Saint Paul MN."""
    line = one_line(name or "", 40)
    if line.isupper():
        line = " ".join(word if len(word) <= 2 else word.capitalize() for word in line.split(" "))
    return line or None


def _left_with(parcel: Shipment, language: str) -> str | None:
    if parcel.reason is None:
        return None
    words = _words().get(language) or _words()["en"]
    found = words["left_with"].get(parcel.reason.value)
    return None if found is None else str(found)


def _answer_by(order: Order, risk: Risk | None, language: str) -> str | None:
    """The printed day where eBay prints one, else the cautious computed one."""
    asked = order.cancellation
    if asked is None:
        return None
    computed = risk.deadline.conservative if risk else None
    moment: date | None = asked.respond_by or computed
    return None if moment is None else day(moment, language)


def _may_withdraw(order: Order) -> bool:
    country = order.ship_to.country if order.ship_to else None
    if not country and (site := marketplaces().get(order.site or "")):
        country = site.country
    return bool(country) and str(country).upper() in _WITHDRAWAL


@cache
def _words() -> Mapping[str, Any]:
    text = resources.files("agent.replies").joinpath("words.yaml").read_text(encoding="utf-8")
    words: Mapping[str, Any] = parse_yaml(text)
    return words
