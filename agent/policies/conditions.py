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
from agent.policies.hours import Hours, Season
from agent.policies.situation import Matter
from agent.replies.languages import buyers_language
from agent.risks.clauses import asks_for_signature, needs_signature
from agent.risks.timers import DEFAULT
from agent.vocabulary.marketplaces import marketplaces
from agent.vocabulary.status import TrackingStatus
from agent.vocabulary.values import Money

Answer = bool | None
F = TypeVar("F", bound=Callable[..., bool | None])

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

FRESH = DEFAULT.fresh_look
"""Silence of a carrier counts only where the page was really read this recently (invariant 1)."""

_ENDED = {TrackingStatus.DELIVERED, TrackingStatus.RETURNED}


@dataclass(frozen=True)
class Condition:
    name: str
    ask: Callable[[Matter, Any], Answer]
    argument: Any
    """The annotation of the argument."""
    example: str
    """As it stands in YAML."""

    @property
    def summary(self) -> str:
        return (self.ask.__doc__ or "").strip().splitlines()[0]


CONDITIONS: dict[str, Condition] = {}


def condition(example: str) -> Callable[[F], F]:
    """Register a condition under the function's name."""

    def register(function: F) -> F:
        name = function.__name__
        if name in CONDITIONS:
            raise ValueError(f"two conditions are called {name}")
        *_, argument = (hint for key, hint in get_type_hints(function, include_extras=True).items() if key != "return")
        CONDITIONS[name] = Condition(name, function, argument, f"{name}: {example}")
        return function

    return register


@condition("[inr_opened, delivered_not_received]")
def risk(matter: Matter, wanted: a.Risks) -> Answer:
    """The matter is one of these risks."""
    return matter.risk is not None and matter.risk.id in wanted


@condition("[P1, P2]")
def severity(matter: Matter, wanted: a.Severities) -> Answer:
    """The risk has one of these severities, P1 (most urgent) to P4."""
    return matter.risk is not None and matter.risk.severity in wanted


@condition("[in_transit, out_for_delivery]")
def status(matter: Matter, wanted: a.Statuses) -> Answer:
    """A parcel of the matter has one of these tracking statuses."""
    return _some([_is(parcel, wanted) for parcel in matter.parcels])


@condition("[customs_held, address_problem]")
def reason(matter: Matter, wanted: a.Reasons) -> Answer:
    """A parcel of the matter has one of these tracking reasons."""
    return any(parcel.reason in wanted for parcel in matter.parcels)


@condition("72h")
def no_scan_for(matter: Matter, span: timedelta) -> Answer:
    """A parcel on its way has shown no scan for this long, and its page was read in the last 12 hours."""
    return _some([_silent(parcel, span, matter) for parcel in matter.parcels if parcel.status not in _ENDED])


@condition("24h")
def since(matter: Matter, span: timedelta) -> Answer:
    """The risk has stood for at least this long."""
    return None if matter.risk is None else matter.passed(matter.risk.since + span)


@condition('">= 100 EUR"')
def value(matter: Matter, wanted: a.Amount) -> Answer:
    """The order's total compares so: `100` (at least), `"< 20"`, `">= 100 EUR"`."""
    total: Money | None = matter.order.total
    if total is None or (wanted.currency is not None and wanted.currency != total.currency):
        return None
    return wanted.holds(total.value)


@condition("EBAY_DE")
def site(matter: Matter, wanted: a.Sites) -> Answer:
    """The order was placed on one of these eBay sites, such as EBAY_US."""
    return None if matter.order.site is None else matter.order.site in wanted


@condition("[CA, MX]")
def country(matter: Matter, wanted: a.Countries) -> Answer:
    """The order ships to one of these countries, as ISO codes such as DE."""
    ship_to = matter.order.ship_to
    return None if ship_to is None or not ship_to.country else ship_to.country.upper() in wanted


@condition("[usps, ups]")
def carrier(matter: Matter, wanted: a.Carriers) -> Answer:
    """A parcel of the matter travels with one of these carriers."""
    return any(parcel.carrier in wanted for parcel in matter.parcels)


@condition("de")
def language(matter: Matter, wanted: a.Languages) -> Answer:
    """The buyer writes, or most probably reads, one of these languages, such as `de`."""
    return buyers_language(matter.order) in wanted


@condition("[where_is_it, not_received]")
def intent(matter: Matter, wanted: a.Intents) -> Answer:
    """The buyer's last message is about one of these."""
    return bool(matter.order.messages) and matter.order.messages[-1].intent in wanted


@condition('"yes"')
def protection(matter: Matter, wanted: a.Protections) -> Answer:
    """The proof of delivery would (`yes`), would not (`no`) or might (`unclear`) win a case."""
    return None if matter.situation.protection is None else matter.situation.protection in wanted


@condition('">= 3"')
def buyer_orders(matter: Matter, wanted: a.Count) -> Answer:
    """How many orders the buyer has placed with this shop: `2` (at least), `"< 2"`."""
    count = matter.situation.buyer_orders
    return None if count is None else wanted.holds(Decimal(count))


@condition('"= 0"')
def buyer_requests(matter: Matter, wanted: a.Count) -> Answer:
    """How many requests and cases the buyer has opened with this shop: `2` (at least), `"= 0"`."""
    count = matter.situation.buyer_requests
    return None if count is None else wanted.holds(Decimal(count))


@condition("5d")
def contacted_within(matter: Matter, span: timedelta) -> Answer:
    """We wrote, or may have written, to the buyer about this order in this time."""
    return any(c.state != "failed" and not matter.passed(c.at + span) for c in matter.order.contacts)


@condition("thread")
def evidence(matter: Matter, wanted: a.Evidence) -> Answer:
    """What we know was tied to the order by this kind of evidence or a stronger one."""
    return None if matter.evidence is None else strong_enough(matter.evidence, wanted)


@condition("live")
def mode(matter: Matter, wanted: a.Modes) -> Answer:
    """orderwatch runs in one of these modes."""
    return matter.situation.mode in wanted


@condition("24h")
def deadline_within(matter: Matter, span: timedelta) -> Answer:
    """The risk must be acted on within this time, or the time has passed."""
    act_by = matter.risk.deadline.act_by if matter.risk else None
    return None if act_by is None else matter.passed(act_by - span)


@condition("2")
def parcels(matter: Matter, wanted: a.Count) -> Answer:
    """How many parcels the order travels in: `2` (at least), `"= 1"`."""
    return wanted.holds(Decimal(len(matter.order.shipments)))


@condition("2d")
def delivered_for(matter: Matter, span: timedelta) -> Answer:
    """A parcel of the matter was delivered at least this long ago."""
    return _some([_delivered_for(parcel, span, matter) for parcel in matter.parcels])


@condition("14d")
def sold_for(matter: Matter, span: timedelta) -> Answer:
    """The order was placed at least this long ago."""
    sold_at = matter.order.sold_at
    return None if sold_at is None else matter.passed(sold_at + span)


@condition("[inr, return]")
def request_open(matter: Matter, wanted: a.CaseKinds) -> Answer:
    """The order has an open request or case of one of these kinds."""
    return any(case.kind in wanted and case.state != "closed" for case in matter.order.cases)


@condition('[lamp, "287700020001"]')
def item(matter: Matter, wanted: a.Texts) -> Answer:
    """One of these texts stands in the title of an item of the order, or is its number."""
    items = matter.order.items
    if any(one.item_id in wanted or any(text in (one.title or "").casefold() for text in wanted) for one in items):
        return True
    return False if items and all(one.title for one in items) else None


@condition("yes")
def abroad(matter: Matter, wanted: bool) -> Answer:
    """The order ships to another country than that of its eBay site: `yes`, or `no`."""
    site, ship_to = marketplaces().get(matter.order.site or ""), matter.order.ship_to
    if site is None or ship_to is None or not ship_to.country:
        return None
    return (ship_to.country.upper() != site.country) is wanted


@condition("yes")
def signature(matter: Matter, wanted: bool) -> Answer:
    """eBay asks for a signature at this value, and a parcel's number names a service with one: `yes`, or `no`."""
    needed = needs_signature(matter.order)
    if needed is None:
        return None
    return (needed and any(asks_for_signature(parcel) for parcel in matter.parcels)) is wanted


@condition("3")
def buyer_messages(matter: Matter, wanted: a.Count) -> Answer:
    """How many messages the buyer has written about this order: `3` (at least)."""
    return wanted.holds(Decimal(len(matter.order.messages)))


@condition('"15 Nov - 10 Jan"')
def season(matter: Matter, wanted: Season) -> Answer:
    """Today is one of these days of the year, the last one included."""
    matter.passed_day()
    return wanted.holds(matter.now, matter.situation.zone)


@condition("[sat, sun]")
def weekday(matter: Matter, wanted: a.Weekdays) -> Answer:
    """Today is one of these days of the week, in the digest's time zone."""
    matter.passed_day()
    return WEEK[matter.now.astimezone(matter.situation.zone).weekday()] in wanted


@condition('"22:00-07:00"')
def hours(matter: Matter, wanted: Hours) -> Answer:
    """It is between these times of day, in the digest's time zone."""
    matter.passed(wanted.change_after(matter.now, matter.situation.zone))
    return wanted.holds(matter.now, matter.situation.zone)


def _delivered_for(parcel: Shipment, span: timedelta, matter: Matter) -> Answer:
    if parcel.status is not TrackingStatus.DELIVERED:
        return None if parcel.status is TrackingStatus.UNKNOWN else False
    return None if parcel.delivered_at is None else matter.passed(parcel.delivered_at + span)


def _is(parcel: Shipment, wanted: frozenset[str]) -> Answer:
    if parcel.status in wanted:
        return True
    return None if parcel.status is TrackingStatus.UNKNOWN else False


def _silent(parcel: Shipment, span: timedelta, matter: Matter) -> Answer:
    last = parcel.last_scan_at or parcel.known_since
    looked = parcel.last_good_look_at
    if last is None:
        return None
    if not matter.passed(last + span):
        return False
    return True if looked is not None and not matter.passed(looked + FRESH) else None


def _some(answers: list[Answer]) -> Answer:
    """Yes if one is; otherwise unknown if one is."""
    if True in answers:
        return True
    return None if None in answers else False
