"""What is known around a tracking number, and how it lifts and lowers the carriers that its shape allows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, lru_cache

from agent.vocabulary.candidates import Candidate, Fit
from agent.vocabulary.carriers import Carrier, carrier, carriers, related
from agent.vocabulary.number_labels import Called, called, is_unspaced

ACT = 0.8
"""The confidence from which a number may be acted on without anybody having named its carrier."""

_DECLARED, _SENDER, _BESIDE, _USUAL, _AT_HOME = 0.25, 0.4, 0.4, 0.6, 0.8
"""The share of the doubt that is left when somebody named the carrier, and so on."""
_WRONG_DIGIT = 0.6
"""What is left of it at least where the check digit is wrong."""
_OTHER_NAMED, _NOT_HERE, _NOT_FROM_HERE, _TOO_OLD, _CALLED_OTHERWISE = 0.2, 0.2, 0.5, 0.1, 0.1
"""What is left of the odds of a carrier when another one that fits was named, and so on."""
_STANDS_OUT = 0.1
_HEARD = 0.5
"""So sure, a carrier that was named goes before all others."""
_BOUGHT_BEFORE = timedelta(days=14)
"""Labels are sometimes made before the sale, never weeks before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """All that is known besides the number; what is not known is None."""

    declared: str | None = None
    """The carrier that the seller, eBay or a label says it is, by id, alias or name."""
    sender: str | None = None
    """The carrier whose mail or page named the number."""
    label: str | None = None
    """The words right before the number where it is printed."""
    country: str | None = None
    """Where the parcel comes from, ISO."""
    destination: str | None = None
    """Where it goes, ISO."""
    ordered_on: date | None = None
    usual: tuple[str, ...] = ()
    """Carriers that earlier numbers of this shop turned out to be of."""


NOTHING_KNOWN = Context()

_NO_MORE = re.compile(r"\W{0,3}(?:(?:number|nummer|numer|num[eé]ro|no|nr|n|#)\W{0,3})?", re.IGNORECASE)
_SHORTEST_NAME = 3
_LONGEST_NAME = 40


@lru_cache(maxsize=4096)
def weighed(found: tuple[Fit, ...], known: Context) -> tuple[Candidate, ...]:
    """The candidates of a number, best first, in the light of what is known."""
    if not found:
        return ()
    told = _told(known)
    fitting = any(_right(fit.candidate) and _doubt(fit.candidate, told) < 1 for fit in found)
    ranked = []
    for fit in found:
        one = _placed(fit, known)
        doubt = _doubt(one, told)
        if doubt < 1:
            one = _lifted(one, doubt)
        elif fitting:
            one = _lowered(one, _OTHER_NAMED)
        if any(same_family(usual, one.carrier) for usual in known.usual):
            one = _lifted(one, _USUAL)
        heard = doubt < 1 and _right(one) and one.confidence >= _HEARD
        ranked.append((not heard, -one.confidence, one.carrier not in told, one.checksum != "ok", one))
    ordered = tuple(one for *_, one in sorted(ranked, key=lambda row: row[:4]))
    checked = any(is_strong(fit.candidate) for fit in found)
    return _labelled(ordered, known.label, checked=checked) if known.label else ordered


def is_strong(one: Candidate) -> bool:
    """Whether shape and check digit alone make a number surely this carrier's, whatever it is called."""
    return one.checksum == "ok" and one.confidence >= ACT


@lru_cache(maxsize=256)
def calls_it_a_parcel(label: str) -> bool:
    """Whether the words right before a number call it a tracking number: "PIN" does beside a carrier's name."""
    said = called(label)
    return said is Called.PARCEL or (said is Called.NAMELESS and named_in(label) is not None)


@lru_cache(maxsize=256)
def named_last(label: str) -> str | None:
    """The carrier whose name stands right before a number: "FedEx 98…", "DPD no. 01…"."""
    owner, pattern = _names()
    spoken = label.lower()
    last = next((match for match in pattern.finditer(spoken) if _NO_MORE.fullmatch(spoken, match.end())), None)
    return None if last is None else owner[last[0]]


def same_family(declared: str, carrier_id: str) -> bool:
    """Whether a named carrier is this one, its parent, its grandparent, or its child."""
    one = carrier(carrier_id)
    return related(declared, carrier_id) or (
        one is not None and one.parent is not None and related(declared, one.parent)
    )


def _told(known: Context) -> Mapping[str, float]:
    """The carriers that somebody named, by id, and the doubt that this leaves."""
    beside = named_in(known.label) if known.label else None
    named = ((known.sender, _SENDER), (beside, _BESIDE), (known.declared, _DECLARED))
    return {_id(name): doubt for name, doubt in named if name is not None}


def _id(name: str) -> str:
    one = carrier(name)
    return name if one is None else one.id


def _doubt(one: Candidate, told: Mapping[str, float]) -> float:
    return min((doubt for name, doubt in told.items() if same_family(name, one.carrier)), default=1)


def _right(one: Candidate) -> bool:
    return one.checksum != "fail"


def _placed(fit: Fit, known: Context) -> Candidate:
    """With the countries that the parcel travels between, and the day it was sold."""
    one, ends = fit.candidate, {known.country, known.destination} - {None}
    if fit.within and not ends.isdisjoint(fit.within):
        one = _lifted(one, _AT_HOME)
    elif fit.within and known.country is not None:
        one = _lowered(one, _NOT_HERE if known.destination is not None else _NOT_FROM_HERE)
    if fit.made_on and known.ordered_on and fit.made_on < known.ordered_on - _BOUGHT_BEFORE:
        one = _lowered(one, _TOO_OLD)
    return one


def _labelled(ranked: tuple[Candidate, ...], label: str, *, checked: bool) -> tuple[Candidate, ...]:
    """Where it is called a tracking number and one carrier stands out, it is that one's.

    `checked`: its check digit tells more than the name of another thing, which may have its number from the parcel's.
    """
    said = called(label)
    if said is Called.NEVER or (said is Called.OTHER and not checked):
        return tuple(_lowered(one, _CALLED_OTHERWISE) for one in ranked)
    first, *others = ranked
    if not calls_it_a_parcel(label) or not _right(first):
        return ranked
    if any(other.confidence > first.confidence - _STANDS_OUT and not _sisters(first, other) for other in others):
        return ranked
    return (_lifted(first, _DECLARED), *others)


def _sisters(left: Candidate, right: Candidate) -> bool:
    return _house(left.carrier) == _house(right.carrier)


def _house(carrier_id: str) -> str:
    one = carrier(carrier_id)
    return carrier_id if one is None or one.parent is None else one.parent


def _lifted(one: Candidate, doubt_kept: float) -> Candidate:
    kept = doubt_kept if _right(one) else max(doubt_kept, _WRONG_DIGIT)
    return replace(one, confidence=round(1 - (1 - one.confidence) * kept, 3))


def _lowered(one: Candidate, kept: float) -> Candidate:
    odds = one.confidence / (1 - one.confidence) * kept
    return replace(one, confidence=round(odds / (1 + odds), 3))


@cache
def _names() -> tuple[dict[str, str], re.Pattern[str]]:
    speaking = [one for one in carriers().values() if not _of_every_post(one)]
    owner = {name.lower(): one.id for one in speaking for name in (one.id, one.name, *one.aliases)}
    spoken = sorted((name for name in owner if len(name) >= _SHORTEST_NAME), key=len, reverse=True)
    spaced = "|".join(re.escape(name) for name in spoken if not is_unspaced(name))
    unspaced = "|".join(re.escape(name) for name in owner if is_unspaced(name)) or r"(?!)"
    return owner, re.compile(rf"(?<!\w)(?:{spaced})(?!\w)|{unspaced}")


def _of_every_post(one: Carrier) -> bool:
    """Whether its name is of a service that all posts have ("EMS"): their numbers tell which post's."""
    return bool(one.numbers) and all(shape.checksum == "s10" and not shape.countries for shape in one.numbers)


@lru_cache(maxsize=256)
def named_in(label: str) -> str | None:
    """The only carrier that the words right before a number name."""
    owner, pattern = _names()
    found = {owner[match[0]] for match in pattern.finditer(label.lower())}
    return found.pop() if len(found) == 1 else None


def named_at(text: str, start: int) -> str | None:
    """The carrier whose name begins there."""
    owner, pattern = _names()
    match = pattern.match(text[start : start + _LONGEST_NAME].lower())
    return None if match is None else owner[match[0]]
