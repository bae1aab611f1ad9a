"""The facts that replies may tell a buyer, as plain text in the buyer's language. What nobody knows is absent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from babel.numbers import format_decimal

from agent.orders.order import Order, Shipment
from agent.replies.days import day
from agent.replies.dialects import base
from agent.replies.names import first_name
from agent.replies.parcel_facts import parcel_facts, place
from agent.replies.plain import one_line
from agent.replies.several_parcels import facts_of_several
from agent.risks.risk import Risk
from agent.vocabulary.marketplaces import marketplace, marketplaces
from agent.vocabulary.values import Money

FACTS: Mapping[str, str] = {
    "buyer_name": "the buyer's first name",
    "item": "the item's title, shortened",
    "order": "the order number",
    "shop": "the name that the shop signs with",
    "carrier": "the carrier's name",
    "tracking_number": "the parcel's number",
    "status": "where the parcel is, in our own words",
    "on_its_way": "as `status`, only while the parcel moves or waits to be collected",
    "to_collect": "present where the parcel waits to be collected",
    "collect_by": "the last day for that, where the carrier prints it; never a day in the past",
    "label_date": "the day on which the number was made; absent once the carrier has scanned the parcel",
    "ship_date": "the day on which the carrier took it in, where a scan or a page's history tells that",
    "last_scan_date": "the day of the last physical scan",
    "last_scan_place": "where that was",
    "expected_date": "the day by which the carrier, or else eBay, expects delivery; never a day in the past",
    "delivered_date": "the day of delivery",
    "delivered_place": "town and postcode of the delivery, as the carrier tells them",
    "left_with": "where it was left or who signed, in words",
    "signature_needed": "present where the parcel is handed over against a signature, and is not there yet",
    "customs_need": "what customs waits for, in words",
    "returning": "that the parcel comes back or has come back, in words",
    "return_reason": "why it comes back, in words",
    "trace_date": "the day on which the carrier was asked to search for the parcel",
    "trace_answer_by": "the day by which the carrier normally answers; never a day in the past",
    "refund_amount": "what was refunded last, with its currency",
    "refund_date": "when that was",
    "refund_whole": "present where that was the whole price, postage included",
    "replacement_number": "the number of the parcel that was sent instead of another",
    "replacement_carrier": "who carries it",
    "replacement_ship_date": "the day on which it took that in, as for `ship_date`",
    "replaced_number": "the number of the parcel that it was sent for",
    "old_number": "a number that the order bore at first, and that the carrier never scanned",
    "corrected_number": "the number that took its place",
    "corrected_carrier": "who carries that",
    "parcel_count": "of how many parcels the order is made up, where all but one are delivered",
    "delivered_count": "how many of them are delivered",
    "missing_number": "the number of the missing one",
    "missing_carrier": "who carries it",
    "missing_last_scan_date": "the day of its last physical scan",
    "ship_to_place": "postcode and town of the order's address",
    "answer_by": "the day by which the seller answers a cancellation",
    "return_answer_by": "the day by which the seller answers a return request",
    "reply_by": "two days from now",
    "next_look": "three days from now: when we look at a late parcel again",
    "act_by": "five days from now: by when we ask the buyer to help the carrier",
    "consumer_rights": "present where the statutory right of withdrawal may apply (EU, UK)",
}

# Where a consumer may withdraw from a distance contract within 14 days (Directive 2011/83/EU; UK: SI 2013/3134).
_WITHDRAWAL = frozenset(
    "AT BE BG HR CY CZ DE DK EE ES FI FR GB GR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905
)


def facts(order: Order, risk: Risk | None, now: datetime, shop: str, language: str) -> Mapping[str, str]:
    """What is known, by the names of `FACTS`. Strangers' words come on one line, without control characters."""
    parcel = parcel_of(order, risk)
    known: dict[str, str | None] = {
        "buyer_name": first_name(order.ship_to.name if order.ship_to else None),
        "item": item_title(order),
        "order": order.order_id,
        "shop": one_line(shop, 60),
        "ship_to_place": _ship_to_place(order, language),
        "answer_by": _answer_by(order, risk, language),
        "return_answer_by": _return_answer_by(order, risk, language),
        "reply_by": day(now + timedelta(days=2), language),
        "next_look": day(now + timedelta(days=3), language),
        "act_by": day(now + timedelta(days=5), language),
        "consumer_rights": "yes" if may_withdraw(order) else None,
        **_refund(order, language),
        **facts_of_several(order, language),
    }
    if parcel is not None:
        known |= parcel_facts(order, parcel, now, language)
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


def amount(money: Money, language: str) -> str:
    """An amount with its ISO code where the language puts it: "USD 1,084.00", "1.084,00 EUR"."""
    number = format_decimal(money.value, format="#,##0.00", locale=base(language))
    return f"{money.currency} {number}" if base(language) == "en" else f"{number} {money.currency}"


def _refund(order: Order, language: str) -> dict[str, str | None]:
    """The last refund whose amount eBay told; whole only where it covers all that the buyer paid."""
    refund = next((one for one in reversed(order.refunds) if one.amount is not None), None)
    if refund is None or refund.amount is None:
        return {}
    paid = order.total
    whole = paid is not None and paid.currency == refund.amount.currency and abs(refund.amount.value) >= paid.value
    return {
        "refund_amount": amount(Money(abs(refund.amount.value), refund.amount.currency), language),
        "refund_date": day(refund.at.astimezone(marketplace(order.site).zone), language),
        "refund_whole": "yes" if whole else None,
    }


def _ship_to_place(order: Order, language: str) -> str | None:
    """Postcode and town, never the street: enough to recognise an address by."""
    if order.ship_to is None or not order.ship_to.city:
        return None
    return place(order.ship_to.city, order.ship_to.postcode, language)


def _answer_by(order: Order, risk: Risk | None, language: str) -> str | None:
    """The printed day where eBay prints one, else the cautious computed one."""
    asked = order.cancellation
    if asked is None and (risk is None or not risk.id.startswith("cancel_")):  # a wish in a message is one too
        return None
    computed = risk.deadline.conservative if risk else None
    moment: date | None = (asked.respond_by if asked else None) or computed
    return None if moment is None else day(moment, language)


def _return_answer_by(order: Order, risk: Risk | None, language: str) -> str | None:
    """As for a cancellation, of the latest return that is open."""
    asked = next((case for case in reversed(order.cases) if case.kind == "return" and case.state != "closed"), None)
    if asked is None:
        return None
    computed = risk.deadline.conservative if risk and risk.id == "return_opened" else None
    moment: date | None = asked.respond_by or computed
    return None if moment is None else day(moment, language)


def may_withdraw(order: Order) -> bool:
    country = order.ship_to.country if order.ship_to else None
    if not country and (site := marketplaces().get(order.site or "")):
        country = site.country
    return bool(country) and str(country).upper() in _WITHDRAWAL
