"""The sample shop's month, as `shop/story.yaml` tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from agent.vocabulary.data import parse_yaml
from agent.vocabulary.marketplaces import Marketplace, marketplaces
from agent.vocabulary.values import Address, Item, Money, Window


@dataclass(frozen=True, kw_only=True)
class Shop:
    name: str
    ebay_username: str
    owner: str
    address: str
    site: str
    timezone: ZoneInfo
    receiver: str
    """The authserv-id of the mail host that the shop believes."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a carrier's page: a place, a postcode and a country, or a code, as the carrier prints them."""

    at: datetime
    words: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Page:
    """What a carrier's page has to say of one parcel; `rows` oldest first."""

    rows: tuple[Row, ...] = ()
    delivered: bool = False
    """The carrier's own flag, where it has one, once all rows happened."""
    not_found: bool = False
    refused: bool = False
    """The carrier shows a challenge instead of an answer."""

    def until(self, now: datetime) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.at <= now)


@dataclass(frozen=True, kw_only=True)
class Parcel:
    carrier: str
    service: str
    number: str
    wrong_check_digit: bool = False
    page: Page | None = None
    """None: the story never needs a look at it."""


@dataclass(frozen=True, kw_only=True)
class ShopMail:
    """One mail of the story; `details` are what its kind of mail needs."""

    kind: str
    at: datetime
    """When it was sent, in the sender's zone."""
    arrives: datetime
    order_id: str | None = None
    layout: str = ""
    delivered_twice: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Buyer:
    handle: str
    address: Address


@dataclass(frozen=True, kw_only=True)
class ShopOrder:
    order_id: str
    site: Marketplace
    buyer: Buyer
    items: tuple[Item, ...]
    shipping: Money
    sold: datetime
    ship_by: date
    estimated_delivery: Window
    parcel: Parcel | None
    mails: tuple[ShopMail, ...]

    @property
    def total(self) -> Money:
        """Items and shipping."""
        prices = (item.price.value * item.quantity for item in self.items if item.price)
        return Money(sum(prices, self.shipping.value), self.shipping.currency)


@dataclass(frozen=True, kw_only=True)
class Story:
    clock: datetime
    passes: tuple[datetime, ...]
    """When the demo runs, the last one at `clock`."""
    shop: Shop
    orders: tuple[ShopOrder, ...]
    mails: tuple[ShopMail, ...]
    """All mails, orders' and others', by arrival."""

    def order(self, order_id: str) -> ShopOrder:
        return next(order for order in self.orders if order.order_id == order_id)


@cache
def load_story() -> Story:
    """The shop that travels with the package."""
    text = resources.files("agent.demo").joinpath("shop", "story.yaml").read_text(encoding="utf-8")
    return story_of(parse_yaml(text))


def story_of(data: Mapping[str, Any]) -> Story:
    """A story of its YAML mapping; raises KeyError, TypeError or ValueError where it is not one."""
    orders = tuple(_order(order) for order in data["orders"])
    others = tuple(_mail(mail) for mail in data["other_mails"])
    mails = (*(mail for order in orders for mail in order.mails), *others)
    shop = {**data["shop"], "timezone": ZoneInfo(data["shop"]["timezone"])}
    return Story(
        clock=_time(data["clock"]),
        passes=tuple(_time(moment) for moment in data["passes"]),
        shop=Shop(**shop),
        orders=orders,
        mails=tuple(sorted(mails, key=lambda mail: (mail.arrives, mail.kind))),
    )


def _order(data: Mapping[str, Any]) -> ShopOrder:
    site = marketplaces()[data["site"]]

    def money(value: float) -> Money:
        return Money(Decimal(f"{value:.2f}"), site.currency)

    buyer = dict(data["buyer"])
    first, last = data["estimated_delivery"]
    return ShopOrder(
        order_id=data["id"],
        site=site,
        buyer=Buyer(handle=buyer.pop("handle"), address=Address(**buyer)),
        items=tuple(Item(**{**item, "price": money(item["price"])}) for item in data["items"]),
        shipping=money(data["shipping"]),
        sold=_time(data["sold"]),
        ship_by=data["ship_by"],
        estimated_delivery=Window(first, last),
        parcel=_parcel(data["parcel"]) if "parcel" in data else None,
        mails=tuple(_mail(mail, data["id"]) for mail in data["mails"]),
    )


def _parcel(data: Mapping[str, Any]) -> Parcel:
    page = _page(data["page"]) if "page" in data else None
    return Parcel(**{**data, "page": page})


def _page(data: Mapping[str, Any]) -> Page:
    rows = (Row(at=_time(at), words=words, details=tuple(rest)) for at, words, *rest in data.get("rows", ()))
    return Page(**{**data, "rows": tuple(rows)})


def _mail(data: Mapping[str, Any], order_id: str | None = None) -> ShopMail:
    rest = dict(data)
    at = _time(rest.pop("at"))
    return ShopMail(
        kind=rest.pop("kind"),
        at=at,
        arrives=_time(rest.pop("arrives")) if "arrives" in rest else at,
        order_id=rest.pop("order", order_id),
        layout=rest.pop("layout", ""),
        delivered_twice=rest.pop("delivered_twice", False),
        details=rest,
    )


def _time(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text} has no offset: the story needs one on every time")
    return moment
