"""schema.org markup: JSON-LD and microdata say the same, broken markup says nothing."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from agent.vocabulary.status import TrackingStatus
from agent.vocabulary.values import Item, Money, Window
from mail.marked import orders, parcels
from mail.markup import things_of

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
