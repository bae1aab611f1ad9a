"""The conditions that policies are written with: one function each.

A condition is asked about one `Matter` and answers yes (True), no (False) or "nobody knows" (None). What nobody knows
matches neither the condition nor its `not`. The type of the second parameter says what may stand after the name.
`any`, `all` and `not` hold other conditions and live in `agent.policies.evaluation`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, TypeVar, get_type_hints

from agent.orders.evidence import strong_enough
from agent.orders.order import Shipment
from agent.policies import arguments as a
from agent.policies.situation import Matter
from agent.replies.languages import buyers_language
from agent.risks.timers import DEFAULT
from agent.vocabulary.status import TrackingStatus
from agent.vocabulary.values import Money

Answer = bool | None
F = TypeVar("F", bound=Callable[..., bool | None])

FRESH = DEFAULT.fresh_look
"""Silence of a carrier counts only where the page was really read this recently (invariant 1)."""

_ENDED = {TrackingStatus.DELIVERED, TrackingStatus.RETURNED}


@dataclass(frozen=True)
class Condition:
    name: str
    ask: Callable[[Matter, Any], Answer]
    argument: Any
    """The annotation of the argument."""

    @property
    def summary(self) -> str:
        return (self.ask.__doc__ or "").strip().splitlines()[0]


CONDITIONS: dict[str, Condition] = {}


def condition(function: F) -> F:
    """Register a condition under the function's name."""
    name = function.__name__
    if name in CONDITIONS:
        raise ValueError(f"two conditions are called {name}")
    *_, argument = (hint for key, hint in get_type_hints(function, include_extras=True).items() if key != "return")
    CONDITIONS[name] = Condition(name, function, argument)
    return function


@condition
def risk(matter: Matter, wanted: a.Risks) -> Answer:
    """The matter is one of these risks."""
    return matter.risk is not None and matter.risk.id in wanted


@condition
def severity(matter: Matter, wanted: a.Severities) -> Answer:
    """The risk has one of these severities, P1 (most urgent) to P4."""
    return matter.risk is not None and matter.risk.severity in wanted


@condition
def status(matter: Matter, wanted: a.Statuses) -> Answer:
    """A parcel of the matter has one of these tracking statuses."""
    return _some([_is(parcel, wanted) for parcel in matter.parcels])


@condition
def reason(matter: Matter, wanted: a.Reasons) -> Answer:
    """A parcel of the matter has one of these tracking reasons."""
    return any(parcel.reason in wanted for parcel in matter.parcels)


@condition
def no_scan_for(matter: Matter, span: timedelta) -> Answer:
    """A parcel on its way has shown no scan for this long, and its page was read in the last 12 hours."""
    return _some([_silent(parcel, span, matter) for parcel in matter.parcels if parcel.status not in _ENDED])


@condition
def since(matter: Matter, span: timedelta) -> Answer:
    """The risk has stood for at least this long."""
    return None if matter.risk is None else matter.now - matter.risk.since >= span


@condition
def value(matter: Matter, wanted: a.Amount) -> Answer:
    """The order's total compares so: `100` (at least), `"< 20"`, `">= 100 EUR"`."""
    total: Money | None = matter.order.total
    if total is None or (wanted.currency is not None and wanted.currency != total.currency):
        return None
    return wanted.holds(total.value)


@condition
def site(matter: Matter, wanted: a.Sites) -> Answer:
    """The order was placed on one of these eBay sites, such as EBAY_US."""
    return None if matter.order.site is None else matter.order.site in wanted


@condition
def country(matter: Matter, wanted: a.Countries) -> Answer:
    """The order ships to one of these countries, as ISO codes such as DE."""
    ship_to = matter.order.ship_to
    return None if ship_to is None or not ship_to.country else ship_to.country.upper() in wanted


@condition
def carrier(matter: Matter, wanted: a.Carriers) -> Answer:
    """A parcel of the matter travels with one of these carriers."""
    return any(parcel.carrier in wanted for parcel in matter.parcels)


@condition
def language(matter: Matter, wanted: a.Languages) -> Answer:
    """The buyer writes, or most probably reads, one of these languages, such as `de`."""
    return buyers_language(matter.order) in wanted


@condition
def intent(matter: Matter, wanted: a.Intents) -> Answer:
    """The buyer's last message is about one of these."""
    return bool(matter.order.messages) and matter.order.messages[-1].intent in wanted


@condition
def protection(matter: Matter, wanted: a.Protections) -> Answer:
    """The proof of delivery would (`yes`), would not (`no`) or might (`unclear`) win a case."""
    return None if matter.situation.protection is None else matter.situation.protection in wanted


@condition
def buyer_orders(matter: Matter, wanted: a.Count) -> Answer:
    """How many orders the buyer has placed with this shop: `2` (at least), `"< 2"`."""
    count = matter.situation.buyer_orders
    return None if count is None else wanted.holds(Decimal(count))


@condition
def buyer_requests(matter: Matter, wanted: a.Count) -> Answer:
    """How many requests and cases the buyer has opened with this shop: `2` (at least), `"= 0"`."""
    count = matter.situation.buyer_requests
    return None if count is None else wanted.holds(Decimal(count))


@condition
def contacted_within(matter: Matter, span: timedelta) -> Answer:
    """We wrote, or may have written, to the buyer about this order in this time."""
    return any(c.state != "failed" and matter.now - c.at <= span for c in matter.order.contacts)


@condition
def evidence(matter: Matter, wanted: a.Evidence) -> Answer:
    """What we know was tied to the order by this kind of evidence or a stronger one."""
    return None if matter.evidence is None else strong_enough(matter.evidence, wanted)


@condition
def mode(matter: Matter, wanted: a.Modes) -> Answer:
    """orderwatch runs in one of these modes."""
    return matter.situation.mode in wanted


@condition
def deadline_within(matter: Matter, span: timedelta) -> Answer:
    """The risk must be acted on within this time, or the time has passed."""
    act_by = matter.risk.deadline.act_by if matter.risk else None
    return None if act_by is None else act_by - matter.now <= span


def _is(parcel: Shipment, wanted: frozenset[str]) -> Answer:
    if parcel.status in wanted:
        return True
    return None if parcel.status is TrackingStatus.UNKNOWN else False


def _silent(parcel: Shipment, span: timedelta, matter: Matter) -> Answer:
    last = parcel.last_scan_at or parcel.known_since
    looked = parcel.last_good_look_at
    if last is None:
        return None
    if matter.now - last < span:
        return False
    return True if looked is not None and matter.now - looked <= FRESH else None


def _some(answers: list[Answer]) -> Answer:
    """Yes if one is; otherwise unknown if one is."""
    if True in answers:
        return True
    return None if None in answers else False
