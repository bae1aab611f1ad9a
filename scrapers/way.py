"""How a carrier is asked for a number: whose file asks, at which addresses, and the hosts that may be reached. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from agent.vocabulary import carriers as data
from agent.vocabulary import numbers
from scrapers.carriers import Call, CarrierPage, Visit, how_to_visit, load

_POSTCODE = re.compile(r"^[A-Z0-9][A-Z0-9 -]{1,10}$")


def way(
    carrier: data.Carrier,
    number: str,
    postcode: str | None,
    known: Mapping[str, data.Carrier] | None = None,
    *,
    watched_only: bool = True,
) -> tuple[Visit, frozenset[str]] | None:
    """The visit and its hosts; None where the seller opens the page. Raises Inconclusive where the file cannot ask."""
    code = (postcode or "").strip().upper()
    code = code if _POSTCODE.match(code) else ""
    owner, own = _reader(carrier, number, known)
    if watched_only and not owner.looked:
        return None
    if own is not None:
        visit = how_to_visit(owner.id, own, number, code or None)
    elif carrier.page is not None:  # nobody wrote a reader: any page can be tried
        url = carrier.page.replace("{number}", number).replace("{postcode}", quote(code.replace(" ", "")))
        visit = Visit(url=url)
    else:
        return None
    return visit, frozenset({*carrier.page_hosts, *owner.page_hosts, *hosts_of(visit)})


def calls_of(visit: Visit) -> list[Call]:
    """What is asked without a browser, in turn."""
    return [*([visit.data] if visit.data else []), Call(url=visit.url)]


def hosts_of(visit: Visit) -> set[str]:
    """The hosts of these addresses."""
    return {urlsplit(call.url).hostname or "" for call in calls_of(visit)}


def _reader(
    carrier: data.Carrier, number: str, known: Mapping[str, data.Carrier] | None
) -> tuple[data.Carrier, CarrierPage | None]:
    """Whose file asks: "DHL" may be any of its services, and the number tells which."""
    pages = load()
    if carrier.id in pages:
        return carrier, pages[carrier.id]
    for candidate in numbers.candidates(number, carrier.id):
        named = data.carrier(candidate.carrier, known)
        if candidate.confidence < 0.8 or named is None or named.id not in pages:
            continue
        if data.related(named.id, carrier.id, known):
            return named, pages[named.id]
    return carrier, None
