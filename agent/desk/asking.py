"""What the carriers will be asked, as `orderwatch check` says it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from agent.desk.watched import HINDRANCES, hosts, how, sample_visit
from agent.vocabulary.carriers import Carrier
from scrapers.carriers import CarrierPage, Inconclusive


def what_is_asked(carriers: Iterable[Carrier], pages: Mapping[str, CarrierPage]) -> Iterator[tuple[str, str, bool]]:
    """Name, sentence and whether all is well: how each carrier is asked, and where; last those opened by hand."""
    ordered = sorted((one for one in carriers if one.page), key=lambda one: (not one.looked, one.name.casefold()))
    for one in ordered:
        if one.looked:
            try:
                visit = sample_visit(one, pages.get(one.id))
            except Inconclusive as why:
                yield one.name, str(why), False
                continue
            asked = f"{how(visit)} of {', '.join(one.page_hosts or hosts(visit))}"
        else:
            asked = "never asked, the digest has the link"
        yield one.name, "; ".join((asked, *_needs(one))), True


def _needs(one: Carrier) -> list[str]:
    """What stands in the way; where no word is short enough for it, its why. A key is never needed."""
    told = {**HINDRANCES, "key": "a key of yours would open its official API"}
    return list(dict.fromkeys(each.why if each.what == "unknown" else told[each.what] for each in one.obstacles))
