"""schema.org markup: JSON-LD and microdata say the same, broken markup says nothing."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from agent.vocabulary.events import OrderSold, TrackingUpdate
from agent.vocabulary.status import TrackingStatus
from agent.vocabulary.values import Item, Money, Window
from mail.parsing.marked import orders, parcels
from mail.parsing.markup import things_of
from mail.reader import read

ORDER = {
    "@context": "http://schema.org",
    "@type": "Order",
    "orderNumber": "08-12121-34343",
    "priceCurrency": "GBP",
    "price": "21.50",
    "customer": {"@type": "Person", "name": "greta_latch"},
    "acceptedOffer": [
        {
            "@type": "Offer",
            "itemOffered": {"@type": "Product", "name": "Brass bell", "productID": "256712345678"},
            "price": "19.00",
            "priceCurrency": "GBP",
            "eligibleQuantity": {"@type": "QuantitativeValue", "value": 2},
        }
    ],
}
PARCEL = {
    "@context": "http://schema.org",
    "@type": "ParcelDelivery",
    "trackingNumber": "9400 1112 0620 6406 2607 87",
    "carrier": {"@type": "Organization", "name": "USPS"},
    "expectedArrivalFrom": "2026-11-18T00:00:00-05:00",
    "expectedArrivalUntil": "2026-11-20",
    "deliveryAddress": {"@type": "PostalAddress", "streetAddress": "1 Mill Ln", "postalCode": "43004"},
    "partOfOrder": {
        "@type": "Order",
        "orderNumber": "08-12121-34343",
        "orderStatus": "http://schema.org/OrderInTransit",
    },
}
MICRODATA = """
<div itemscope itemtype="http://schema.org/Order">
  <span itemprop="orderNumber">08-12121-34343</span> <meta itemprop="price" content="21.50"/>
  <meta itemprop="priceCurrency" content="GBP"/>
  <div itemprop="customer" itemscope itemtype="http://schema.org/Person"><b itemprop="name">greta_latch</b></div>
  <div itemprop="acceptedOffer" itemscope itemtype="http://schema.org/Offer">
    <div itemprop="itemOffered" itemscope itemtype="http://schema.org/Product">
      <i itemprop="name">Brass bell</i><meta itemprop="productID" content="256712345678"/></div>
    <span itemprop="price">19.00</span><meta itemprop="priceCurrency" content="GBP"/>
    <div itemprop="eligibleQuantity" itemscope itemtype="http://schema.org/QuantitativeValue">
      <meta itemprop="value" content="2"/></div>
  </div>
</div>"""


def script(value: object) -> str:
    return f'<html><body><script type="application/ld+json">{json.dumps(value)}</script><p>Hi</p></body></html>'


@pytest.mark.parametrize("html", [script(ORDER), script([{"@graph": [ORDER]}]), MICRODATA])
def test_an_order_is_the_same_in_every_form(html: str) -> None:
    """Number, items, amounts and buyer, whichever way they are marked."""
    (order,) = orders(things_of(html))

    assert (order.number, order.buyer) == ("08-12121-34343", "greta_latch")
    assert order.total == Money(Decimal("21.50"), "GBP")
    bell = Item(title="Brass bell", item_id="256712345678", quantity=2, price=Money(Decimal("19.00"), "GBP"))
    assert order.items == (bell,)


def test_a_parcel_names_carrier_forecast_and_order() -> None:
    """A parcel's number is normalised; its forecast is a span of days."""
    (parcel,) = parcels(things_of(script(PARCEL)))

    assert (parcel.number, parcel.carrier) == ("9400111206206406260787", "usps")
    assert (parcel.order_number, parcel.status) == ("08-12121-34343", TrackingStatus.IN_TRANSIT)
    assert parcel.expected == Window(date(2026, 11, 18), date(2026, 11, 20))
    assert parcel.ship_to is not None
    assert parcel.ship_to.postcode == "43004"


@pytest.mark.parametrize(
    "html",
    [
        "<p>no markup</p>",
        '<script type="application/ld+json">{"@type": "Order", </script>',
        '<script type="application/ld+json">' + "[" * 100_000 + "</script>",
        script({"@type": 7, "orderNumber": {"a": "b"}}),
        script({"@type": "Order", "orderNumber": None, "price": "about 5", "priceCurrency": "GBP"}),
        script({"@type": "ParcelDelivery", "trackingNumber": "soon"}),
        "<div itemscope itemprop='x' itemtype='http://schema.org/Order'>" * 3_000,
    ],
)
def test_broken_markup_says_nothing(html: str) -> None:
    """What is no markup, or not whole, is no order and no parcel."""
    things = things_of(html)

    assert (orders(things), parcels(things)) == ((), ())


def mail(sender: str, subject: str, html: str) -> bytes:
    head = (f"From: {sender}", f"Subject: {subject}", "Date: Wed, 18 Nov 2026 09:00:00 +0000")
    return "\r\n".join((*head, "Content-Type: text/html; charset=utf-8", "", html)).encode()


def test_markup_counts_before_the_text() -> None:
    """A sale whose text names no number has it from its markup, and two agreeing sources make it surer."""
    silent = mail("eBay <ebay@ebay.co.uk>", "You made the sale for Brass bell", script(ORDER))
    (event,) = read(silent).events

    assert (event.order_id, event.buyer, event.items[0].quantity) == ("08-12121-34343", "greta_latch", 2)
    assert isinstance(event, OrderSold)
    assert event.total == Money(Decimal("21.50"), "GBP")
    assert event.confidence > 0.9


def test_a_members_mail_is_not_marked_up_by_ebay() -> None:
    """What stands in a message of a member may be anybody's: its markup names no order."""
    html = f'<div id="UserInputtedText">Where is it?</div>{script(ORDER)}'
    (event,) = read(mail("eBay - greta <a1b2c3d4e5f6a7b8c9d0@members.ebay.com>", "greta sent a message", html)).events

    assert event.order_id is None


def test_a_marked_parcel_is_read_where_the_text_has_no_number() -> None:
    """Number and forecast of the markup, the state of the words."""
    html = script(PARCEL).replace("<p>Hi</p>", "<p>Your package is out for delivery.</p>")
    (event,) = read(mail("USPS <auto-reply@usps.com>", "Good news", html)).events

    assert isinstance(event, TrackingUpdate)
    assert (event.tracking_number, event.status) == ("9400111206206406260787", TrackingStatus.OUT_FOR_DELIVERY)
    assert event.estimated_delivery is not None
