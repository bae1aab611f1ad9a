"""Whom to ask about a number: its declared carrier, else those that its shape allows, one after the other."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from agent.looking.whereabouts import iso
from agent.orders.order import Order
from agent.risks.timers import DEFAULT
from agent.vocabulary.carriers import carrier as find_carrier
from agent.vocabulary.marketplaces import marketplaces
from agent.vocabulary.numbers import Context, asked_in_order
from agent.vocabulary.status import LookOutcome
from agent.vocabulary.values import instant
from scrapers.look import Look
from scrapers.page import OTHER_NUMBER

_PLAINLY = 2
"""How often a declared carrier says that it knows no such number before another one is asked."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A carrier that was asked about the number before, and how it went."""

    carrier: str
    outcome: LookOutcome
    reason: str | None = None


def whom(
    number: str,
    context: Context,
    asked: Sequence[Asked] = (),
    *,
    every: bool = False,
    by_key: Collection[str] = (),
) -> str | None:
    """Whom to ask next; None where nobody can be asked. `asked` is oldest first.

    Who knows the number is asked again. A declared carrier is asked until it plainly does not; then the others are,
    once each. `every`: also carriers whose page is otherwise opened by hand; `by_key`: those that an API answers for.
    """

    def may_ask(carrier: str) -> bool:
        known = find_carrier(carrier)
        return known is not None and (known.looked or carrier in by_key or (every and known.page is not None))

    answered = next((one.carrier for one in reversed(asked) if one.outcome is LookOutcome.READ), None)
    if answered is not None and may_ask(answered):
        return answered
    able = asked_in_order(number, context, may_ask=may_ask)
    if not able or (context.declared and able[0] != asked_in_order(number, context)[0]):
        return None  # the declared one's page is opened by hand
    declared = able[0] if context.declared else None
    for one in able:
        if _denials(one, asked, guessed=declared is None) < (_PLAINLY if one == declared else 1):
            return one
    return able[0]


def context_of(order: Order, declared: str | None, usual: Sequence[str] = ()) -> Context:
    """What an order tells of its parcels' numbers; `usual` are the carriers that knew such numbers before."""
    site = marketplaces().get(order.site or "")
    return Context(
        declared=declared,
        country=site.country if site else None,
        destination=iso(order.ship_to.country if order.ship_to else None),
        ordered_on=order.sold_at.date() if order.sold_at else None,
        usual=tuple(usual),
    )


def shape(number: str) -> str:
    """What the numbers of one carrier share: letters as they are, a 9 for each digit."""
    return re.sub(r"[0-9]", "9", number)


def is_anothers(seen: Look, order: Order) -> bool:
    """Whether a page tells of a parcel whose way had ended before this order was sold: numbers come again."""
    scans = seen.tracked.scans if seen.tracked else ()
    times = [instant(scan.occurred_at) for scan in scans if scan.occurred_at]
    return bool(times) and order.sold_at is not None and max(times) < order.sold_at - DEFAULT.before_sale


def _denials(carrier: str, asked: Sequence[Asked], *, guessed: bool) -> float:
    """How often a carrier did not know the number, or had another's; where it was only guessed, half for a failure."""
    count = 0.0
    for one in asked:
        if one.carrier == carrier:
            plainly = one.outcome is LookOutcome.NOT_FOUND or one.reason == OTHER_NUMBER
            count += 1 if plainly else 0.5 if guessed else 0
    return count
