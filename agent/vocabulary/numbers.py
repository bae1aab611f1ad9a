"""Tracking numbers: from a number to the carriers it may be of; in running text, see `numbers_in_text`.

Shapes and check digits are data, in `agent/vocabulary/carriers/`. Collisions are normal (twelve digits may be FedEx,
DHL, an item number), so every carrier whose format fits is kept, best first. `ACT` and more means "act on it".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from agent.vocabulary.candidates import Candidate, Checksum, fits, normalise
from agent.vocabulary.carriers import carrier, carriers
from agent.vocabulary.checksums import impb_bodies, passes
from agent.vocabulary.number_context import ACT, NOTHING_KNOWN, Context, weighed
from agent.vocabulary.numbers_in_text import Found, find

__all__ = [
    "ACT",
    "Candidate",
    "Checksum",
    "Context",
    "Found",
    "asked_in_order",
    "candidates",
    "destination_zip",
    "find",
    "normalise",
    "zip_agrees",
]

_MOST_ASKED = 3
_WORTH_ASKING = 0.1
_OWN_COUNTRIES = 2  # PostNord is two countries' post; whoever has more is everybody's
_SHARED = 0.5  # beside a carrier that is sure, another one worth asking: two carry the same number
_EBAY_ORDER = re.compile(r"\d{2}-\d{5}-\d{5}")
_US_ZIP = re.compile(r"(\d{5})(?:[ -]?\d{4})?")


def candidates(number: str, declared: str | None = None, *, context: Context = NOTHING_KNOWN) -> tuple[Candidate, ...]:
    """The carriers whose formats fit, best first, supposing that it is a tracking number at all.

    A failing check digit leaves a candidate of low confidence, marked `fail`. eBay's own order numbers fit nothing.
    `declared` is short for the context's.
    """
    if _EBAY_ORDER.fullmatch(number.strip()):
        return ()
    return weighed(fits(normalise(number)), _with(context, declared))


def asked_in_order(
    number: str, context: Context = NOTHING_KNOWN, *, may_ask: Callable[[str], bool] = lambda _: True
) -> tuple[str, ...]:
    """The carriers worth asking about a number, best first, three at most; `may_ask` leaves out who cannot be.

    One that is sure is asked alone, unless two carry the same number. A declared carrier whose numbers are of another
    shape is asked all the same, first; of an S10 number the destination's post is asked after the issuing one.
    """
    ranked = candidates(number, context=context)
    sure = bool(ranked) and ranked[0].confidence >= ACT
    worth = [one.carrier for one in ranked if one.confidence >= (_SHARED if sure else _WORTH_ASKING)]
    declared = carrier(context.declared) if context.declared else None
    if declared is not None and not any(_is_child(one, declared.id) for one in worth):
        worth.insert(0, declared.id)
    if ranked and ranked[0].format.startswith("s10") and ranked[0].checksum == "ok":
        worth += _posts_of(context.destination)
    return tuple(dict.fromkeys(one for one in worth if may_ask(one)))[:_MOST_ASKED]


def _is_child(one: str, parent: str) -> bool:
    """Whether a carrier is a service of another: the number tells which of them is meant."""
    owner = carrier(one)
    return owner is not None and owner.parent == parent


def destination_zip(number: str) -> str | None:
    """The ZIP or ZIP+4 (`78745`, `10023-3424`) that a USPS number with routing code is addressed to, or None."""
    normalised = normalise(number)
    if not normalised.startswith("420"):
        return None
    for body in impb_bodies(normalised):
        if passes("gs1", body):
            digits = normalised[3 : len(normalised) - len(body)]
            return digits if len(digits) == 5 else f"{digits[:5]}-{digits[5:]}"
    return None


def zip_agrees(number: str, postcode: str | None) -> bool | None:
    """Whether a number is addressed to this ZIP's five digits; None where one of them tells no ZIP (S10, abroad)."""
    addressed, wanted = destination_zip(number), _US_ZIP.fullmatch((postcode or "").strip())
    return None if addressed is None or wanted is None else addressed[:5] == wanted[1]


def _with(context: Context, declared: str | None) -> Context:
    return context if declared is None else replace(context, declared=declared)


def _posts_of(country: str | None) -> list[str]:
    """The posts that give out S10 numbers in a country, the likeliest first."""
    found = {
        one.id: max(shape.confidence for shape in one.numbers if country in shape.countries)
        for one in carriers().values()
        if any(country in shape.countries and len(shape.countries) <= _OWN_COUNTRIES for shape in one.numbers)
    }
    return sorted(found, key=lambda post: -found[post])
