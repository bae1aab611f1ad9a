"""eBay's shipping programmes as data: which one an order goes by, and what that changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from agent.orders.order import Order
from agent.verification.match import countries
from agent.verification.postcodes import postcodes
from agent.verification.words import plain_words
from agent.vocabulary.data import data_files
from agent.vocabulary.values import Address

_REFERENCE = re.compile(
    r"(?:\b(?:ref|reference|referenz|riferimento|referencia)\b[ .:#nr]{0,6}|#)\s?[a-z]{0,4}-?\d[\da-z-]{4,}", re.I
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """One programme of eBay's; `source`, `seen_on` and `confidence` tell how well its rules are known."""

    id: str
    name: str
    source: str
    seen_on: str
    confidence: str
    words: tuple[str, ...] = ()
    hubs: tuple[Address, ...] = ()
    numbers: tuple[re.Pattern[str], ...] = ()
    carriers: tuple[str, ...] = ()
    signature_exempt: bool = False
    """No signature is asked for, whatever the order's value."""
    ends_at_hub: bool = False
    """The seller's part ends at the hub: what happens behind it is eBay's risk."""
    low_visibility: bool = False
    """Its tracking is made of few machine reads; pieces that no machine takes have none."""


@cache
def programmes() -> tuple[Programme, ...]:
    """Every programme, in the order of the data file."""
    data = next(data for name, data in data_files(__package__) if name == "programmes")
    return tuple(_programme(one) for one in data)


def ends_at_hub(order: Order) -> bool:
    """Whether the seller's part ends at a programme's hub."""
    programme = programme_of(order)
    return programme is not None and programme.ends_at_hub


def programme_of(order: Order) -> Programme | None:
    """The programme that an order goes by: by its address or its parcels' labels, numbers, carriers; else None."""
    addresses = [order.ship_to, *(parcel.addressed_to for parcel in order.shipments)]
    numbers = [number for parcel in order.shipments for number in parcel.numbers]
    carriers = {carrier.casefold() for parcel in order.shipments for carrier in parcel.carriers.values() if carrier}
    return next(
        (
            one
            for one in programmes()
            if any(_is_hub(address, one) for address in addresses if address)
            or any(shape.fullmatch(number) for shape in one.numbers for number in numbers)
            or not carriers.isdisjoint(one.carriers)
        ),
        None,
    )


def _is_hub(address: Address, programme: Programme) -> bool:
    lines = [line for line in (address.name, address.street) if line]
    spoken = " ".join(f" {' '.join(plain_words(line))} " for line in lines)
    if any(f" {name} " in spoken for name in programme.words):
        return True
    return any(_REFERENCE.search(line[:200]) for line in lines) and any(
        countries(address.country, hub.country) is not False
        and postcodes(address.postcode, hub.postcode) in ("same", "district")
        for hub in programme.hubs
    )


def _programme(data: Mapping[str, Any]) -> Programme:
    plain = dict(data)
    return Programme(
        **{**plain, "words": tuple(plain.get("words", ())), "carriers": tuple(plain.get("carriers", ()))}
        | {"hubs": tuple(_hubs(plain.get("hubs", ()))), "numbers": tuple(map(re.compile, plain.get("numbers", ())))}
    )


def _hubs(data: Iterable[Mapping[str, str]]) -> Iterator[Address]:
    for hub in data:
        yield Address(country=hub["country"], postcode=hub["postcode"])
