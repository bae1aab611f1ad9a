"""Small values that events and orders are made of.

`Moment` is what mails and pages say about time, no more and no less:

* an aware `datetime`: the source named an offset;
* a naive `datetime`: a carrier's local clock, offset unknown, never given an invented one;
* a `date`: a printed day without a clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal

Moment = datetime | date


def instant(moment: Moment, zone: tzinfo = UTC) -> datetime:
    """The aware time of a moment; `zone` is assumed for a local clock, and midnight in it for a bare date."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time.min, tzinfo=zone)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def end_of(moment: Moment, zone: tzinfo = UTC) -> datetime:
    """The last aware second that a moment covers: a bare date lasts until its midnight in `zone`."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time(23, 59, 59), tzinfo=zone)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount with its ISO 4217 currency."""

    value: Decimal
    currency: str

    def __str__(self) -> str:
        return f"{self.currency} {self.value:,.2f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A line of an order, as far as the mail names it."""

    title: str | None = None
    item_id: str | None = None
    quantity: int = 1
    price: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where the buyer wants the parcel. `country` is ISO 3166 alpha-2 where it was understood, else as printed."""

    name: str | None = None
    street: str | None = None
    city: str | None = None
    region: str | None = None
    postcode: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a scan happened, as far as the carrier says."""

    city: str | None = None
    postcode: str | None = None
    country: str | None = None

    def __str__(self) -> str:
        return ", ".join(part for part in (self.city, self.postcode, self.country) if part)


@dataclass(frozen=True, slots=True)
class Window:
    """A span of printed dates or times; `min` and `max` may be equal."""

    min: Moment
    max: Moment
