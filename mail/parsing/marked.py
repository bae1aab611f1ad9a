"""Orders and parcels as a mail's markup describes them, beside what its text says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from agent.vocabulary.carriers import carrier
from agent.vocabulary.numbers import normalise
from agent.vocabulary.status import TrackingStatus
from agent.vocabulary.values import Address, Item, Moment, Money, Window
from mail.parsing.markup import Thing, of_kind

_STATUS = {
    "OrderProcessing": TrackingStatus.INFO_RECEIVED,
    "OrderInTransit": TrackingStatus.IN_TRANSIT,
    "OrderPickupAvailable": TrackingStatus.AVAILABLE_FOR_PICKUP,
    "OrderDelivered": TrackingStatus.DELIVERED,
    "OrderProblem": TrackingStatus.EXCEPTION,
    "OrderReturned": TrackingStatus.RETURNED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedOrder:
    """A schema.org `Order`; absent facts are None or empty."""

    number: str | None = None
    items: tuple[Item, ...] = ()
    total: Money | None = None
    buyer: str | None = None
    ship_to: Address | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedParcel:
    """A schema.org `ParcelDelivery`."""

    number: str
    carrier: str | None = None
    """The id of a known carrier."""
    order_number: str | None = None
    status: TrackingStatus | None = None
    """Often left as it was when the first mail went out: what the text says counts before it."""
    expected: Window | None = None
    ship_to: Address | None = None


def orders(things: Sequence[Thing]) -> tuple[MarkedOrder, ...]:
    """The orders that bear a number or items, in the mail's order."""
    found = (_order(thing) for thing in (*of_kind(things, "Order"), *of_kind(things, "Invoice")))
    return tuple(order for order in found if order.number or order.items)


def parcels(things: Sequence[Thing]) -> tuple[MarkedParcel, ...]:
    """The parcels that bear a number, each number once."""
    found: dict[str, MarkedParcel] = {}
    for thing in of_kind(things, "ParcelDelivery"):
        number = normalise(thing.text("trackingNumber") or "")
        if 8 <= len(number) <= 40 and any(char.isdigit() for char in number):
            found.setdefault(number, _parcel(thing, number))
    return tuple(found.values())


def _order(thing: Thing) -> MarkedOrder:
    address = next(iter(thing.things("deliveryAddress", "shippingAddress")), None)
    for delivery in thing.things("orderDelivery"):
        address = address or next(iter(delivery.things("deliveryAddress")), None)
    return MarkedOrder(
        number=thing.text("orderNumber", "confirmationNumber"),
        items=tuple(_items(thing)),
        total=_money(thing)
        or next((m for due in thing.things("totalPaymentDue", "totalPrice") if (m := _money(due))), None),
        buyer=next((name for one in thing.things("customer") if (name := one.text("alternateName", "name"))), None),
        ship_to=_address(address) if address else None,
    )


def _items(order: Thing) -> Iterator[Item]:
    """Of `acceptedOffer` an offer each; of `orderedItem` a product, or an `OrderItem` around one."""
    for offer in order.things("acceptedOffer", "orderedItem"):
        product = next(iter(offer.things("itemOffered", "orderedItem")), offer)
        title, number = (
            product.text("name") or offer.text("name"),
            product.text("productID", "sku") or offer.text("sku"),
        )
        if title is None and number is None:
            continue
        amounts = (offer, *offer.things("eligibleQuantity"))
        count = next((q for one in amounts if (q := one.text("orderQuantity", "value", "eligibleQuantity"))), "")
        yield Item(
            title=title,
            item_id=number if number and number.isdigit() and 9 <= len(number) <= 14 else None,
            quantity=int(count) if count.isdigit() and 0 < int(count) < 10_000 else 1,
            price=_money(offer) or next((m for one in offer.things("priceSpecification") if (m := _money(one))), None),
        )


def _money(thing: Thing) -> Money | None:
    """An exact amount with a currency; never a range."""
    amount, currency = thing.text("price", "value"), thing.text("priceCurrency", "currency")
    try:
        value = Decimal((amount or "").replace(" ", "").removesuffix(currency or " "))
    except InvalidOperation:
        return None
    return Money(value, currency.upper()) if currency and len(currency) == 3 and value.is_finite() else None


def _parcel(thing: Thing, number: str) -> MarkedParcel:
    names = (one.text("name") for one in thing.things("provider", "carrier"))
    named = next(
        (found for name in (*names, thing.text("carrier", "provider")) if name and (found := carrier(name))), None
    )
    order = next(iter(thing.things("partOfOrder")), None)
    status = (order.text("orderStatus") if order else None) or thing.text("deliveryStatus") or ""
    address = next(iter(thing.things("deliveryAddress")), None)
    return MarkedParcel(
        number=number,
        carrier=named.id if named else None,
        order_number=order.text("orderNumber") if order else None,
        status=_STATUS.get(status.rpartition("/")[2]),
        expected=_window(thing),
        ship_to=_address(address) if address else None,
    )


def _window(thing: Thing) -> Window | None:
    first = _moment(thing.text("expectedArrivalFrom"))
    last = _moment(thing.text("expectedArrivalUntil"))
    if first is None and last is None:
        return None
    start, end = first or last, last or first
    days = [moment.date() if isinstance(moment, datetime) else moment for moment in (start, end) if moment]
    return Window(days[0], days[-1]) if days[0] <= days[-1] else None


def _moment(text: str | None) -> Moment | None:
    """ISO 8601 only: markup that is written any other way is not believed."""
    if not text:
        return None
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        return None


def _address(thing: Thing) -> Address | None:
    country = thing.text("addressCountry")
    if country is None:
        country = next((one.text("name", "identifier") for one in thing.things("addressCountry")), None)
    found = Address(
        name=thing.text("name"),
        street=thing.text("streetAddress"),
        city=thing.text("addressLocality"),
        region=thing.text("addressRegion"),
        postcode=thing.text("postalCode"),
        country=country,
    )
    return found if found.street or found.city or found.postcode else None
