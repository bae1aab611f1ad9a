"""What the carriers will be asked, as `orderwatch check` says it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from agent.desk.watched import HINDRANCES, hosts, how, sample_visit
from agent.vocabulary.carriers import Carrier
from scrapers.carriers import CarrierPage


def what_is_asked(carriers: Iterable[Carrier], pages: Mapping[str, CarrierPage]) -> Iterator[tuple[str, str]]:
    """Name and sentence of each carrier that is looked at: how, and which hosts; then those opened by hand."""
    ordered = sorted(carriers, key=lambda one: one.name.casefold())
    for one in ordered:
        if one.looked and one.page:
            visit = sample_visit(one, pages.get(one.id))
            yield one.name, "; ".join(filter(None, (f"{how(visit)} of {', '.join(hosts(visit))}", *_needs(one))))
    by_hand = [one for one in ordered if one.page and not one.looked]
    if by_hand:
        named = (f"{one.name} ({' and '.join(_needs(one))})" if one.obstacles else one.name for one in by_hand)
        yield "opened by hand", "the digest links to " + ", ".join(named)


def _needs(one: Carrier) -> list[str]:
    return list(dict.fromkeys(HINDRANCES[obstacle.what] for obstacle in one.obstacles))
