"""A ready text to a parcel's carrier: with every fact that is known, in the carrier's language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency

from agent.enquiries.offices import Office, office_of
from agent.enquiries.service import service_of
from agent.enquiries.span import day_after
from agent.enquiries.texts import Kind, wordings
from agent.enquiries.window import ClaimWindow, claim_window, due_on
from agent.orders.order import Order, Shipment
from agent.vocabulary.carriers import carrier
from agent.vocabulary.marketplaces import marketplace
from agent.vocabulary.status import Reason, TrackingStatus
from agent.vocabulary.values import Moment, Money
from agent.vocabulary.visible import visible

FALLBACK = "en"
_MONTH_FIRST = (None, "US", "CA")
_DOCUMENTS: dict[Kind, tuple[str, ...]] = {
    "search": ("the drop-off or collection receipt", "the invoice that shows the value of the goods"),
    "loss": ("the drop-off or collection receipt", "the invoice that shows the value", "the receipt for the postage"),
    "damage": ("photographs of the goods and of the packing, inside and outside", "the invoice that shows the value"),
    "proof": ("the drop-off or collection receipt", "the recipient's message that it has not arrived"),
}
"""What to attach, for the seller to read."""


@dataclass(frozen=True, kw_only=True)
class Enquiry:
    """`subject` and `text` are in `language`; the rest is for the seller."""

    carrier: str
    """Its name."""
    kind: Kind
    language: str
    channel: str
    url: str | None
    subject: str
    text: str
    documents: tuple[str, ...]
    window: ClaimWindow | None = None
    note: str = ""
    source: str = ""
    """How well `channel` and `url` are known."""


def enquiry_for(order: Order, parcel: Shipment, now: datetime, shop: str) -> Enquiry | None:
    """What `shop` asks the carrier about a parcel at `now`; None where nobody knows who carries it, or it is back."""
    owner = carrier(parcel.carrier) if parcel.carrier else None
    if owner is None or parcel.status is TrackingStatus.RETURNED:
        return None
    office = office_of(owner.id)
    kind, language = _kind(parcel), _language(order, office.languages if office else owner.languages)
    wording, locale = wordings()[language], _locale(language, owner.country)
    words = wording.kinds[kind]
    facts = "\n".join(f"{wording.labels[name]}: {value}" for name, value in _facts(order, parcel, owner.zone, locale))
    parts = (wording.greeting, words.opening, f"{wording.facts}\n{facts}", "\n".join(words.ask))
    signed = f"{wording.closing}\n{visible(shop, 60)}"
    return Enquiry(
        carrier=owner.name,
        kind=kind,
        language=language,
        channel=office.channel if office else "customer service; the address is not known here",
        url=office.url if office else None,
        subject=words.subject.replace("{number}", parcel.tracking_number),
        text="\n\n".join((*parts, signed)),
        documents=_DOCUMENTS[kind],
        window=claim_window(order, parcel, now),
        note=office.note if office else "",
        source=f"{office.source} ({office.confidence} confidence)" if office else "",
    )


def answer_expected(office: Office | None, opened: date) -> date | None:
    """Until when the carrier usually answers an enquiry of that day, or None."""
    return day_after(opened, office.answer, None) if office is not None and office.answer is not None else None


def _kind(parcel: Shipment) -> Kind:
    if parcel.reason is Reason.DAMAGED:
        return "damage"
    if parcel.reason is Reason.LOST:
        return "loss"
    return "proof" if parcel.status is TrackingStatus.DELIVERED else "search"


def _language(order: Order, spoken: tuple[str, ...]) -> str:
    """The seller's site's where the carrier speaks it, else the carrier's first that we write, else English."""
    own = marketplace(order.site).language if order.site else FALLBACK
    return next((one for one in (own, *spoken) if one in spoken and one in wordings()), FALLBACK)


def _locale(language: str, country: str | None) -> str:
    """English dates as the carrier's country writes them: `7 November 2026` but in North America."""
    return "en_GB" if language == "en" and country not in _MONTH_FIRST else language


def _facts(order: Order, parcel: Shipment, zone: tzinfo, locale: str) -> Iterator[tuple[str, str]]:
    yield "number", ", ".join(parcel.numbers)
    if service := service_of(parcel):
        yield "service", service
    if parcel.posted_at:
        yield "posted", _day(parcel.posted_at.astimezone(zone), locale)
    if parcel.status is TrackingStatus.DELIVERED and parcel.delivered_at:
        yield "delivered", _joined(_moment(parcel.delivered_at, zone, locale), _delivery_place(parcel))
    else:
        if due := due_on(order, parcel):
            yield "due", _day(due, locale)
        if parcel.last_scan_at:
            newest = next((scan for scan in parcel.scans if scan.occurred_at), None)
            where, what = (newest.location, newest.description) if newest else (None, None)
            yield "scan", _joined(_moment(parcel.last_scan_at, zone, locale), str(where or ""), what or "")
    if order.ship_to:
        to = order.ship_to
        yield (
            "recipient",
            _joined(to.name, to.street, " ".join(filter(None, (to.postcode, to.city))), to.region, to.country),
        )
    if titles := [f"{item.quantity} × {item.title}" for item in order.items if item.title]:
        yield "contents", visible("; ".join(titles))
    if value := _value(order):
        yield "value", format_currency(value.value, value.currency, locale=locale)
    yield "order", order.order_id


def _value(order: Order) -> Money | None:
    """Of the goods where each has its price, else of the order."""
    prices = [(item.price, item.quantity) for item in order.items]
    known = [(price, count) for price, count in prices if price is not None]
    if known and len(known) == len(prices) and len({price.currency for price, _ in known}) == 1:
        return Money(sum((price.value * count for price, count in known), Decimal(0)), known[0][0].currency)
    return order.total


def _delivery_place(parcel: Shipment) -> str:
    scan = next((one for one in parcel.scans if one.status is TrackingStatus.DELIVERED), None)
    return str(scan.location or "") if scan else ""


def _day(moment: Moment, locale: str) -> str:
    return format_date(moment, "long", locale=locale)


def _moment(at: datetime, zone: tzinfo, locale: str) -> str:
    local = at.astimezone(zone)
    return f"{_day(local, locale)}, {format_datetime(local, 'HH:mm', tzinfo=zone, locale=locale)}"


def _joined(*parts: str | None) -> str:
    return ", ".join(visible(part) for part in parts if part)
