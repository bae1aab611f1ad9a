"""What an official source's answer says, its HTTP status included; pure.

Only a code of its own makes a number unknown, never HTTP 404 alone; a refusal is one of the key, never of the page.
"""

from __future__ import annotations

from dataclasses import replace

from agent.vocabulary.carriers import related
from agent.vocabulary.status import LookOutcome
from scrapers.carriers import Inconclusive, NotFound, Refused, Unreadable
from scrapers.look import PageReading, Tracked
from scrapers.official import Asked, Official
from scrapers.reading.document import Document
from scrapers.reading.identity import echoes, same_number

_O = LookOutcome


def verdict(source: Official, asked: Asked, status: int, document: Document) -> PageReading:
    """The reading of an answer that was asked for."""
    if status in (401, 403):
        return _failed(_O.BLOCKED, refused(source, f"HTTP {status}"))
    if status == 429:
        return _failed(_O.BLOCKED, f"{source.name}'s API says that it was asked too often (HTTP 429)")
    if status >= 500:
        return _failed(_O.UNREACHABLE, f"{source.name}'s API is out of order (HTTP {status})")
    try:
        parcels = source.parse(document, asked)
    except NotFound as said:
        return _failed(_O.NOT_FOUND, f"{source.name}'s API: {said}")
    except Refused as stop:
        return _failed(_O.BLOCKED, refused(source, str(stop)))
    except (Inconclusive, Unreadable) as why:
        http = f"HTTP {status}: " if status >= 400 else ""
        return _failed(_O.LAYOUT_CHANGED, f"{source.name}'s API: {http}{why}")
    mine = _asked_for(parcels, asked, document)
    if mine is None:
        return _failed(_O.LAYOUT_CHANGED, f"{source.name}'s API does not tell of this one parcel")
    reason = f"told by {source.name}'s {'official API' if source.carriers else 'API, not by the carrier'}"
    return PageReading(outcome=_O.READ, outcome_reason=reason, parcels=(mine,))


def refused(source: Official, why: str) -> str:
    """In words that say what to do."""
    return f"the key for {source.name} was refused ({why}): look at looking.keys.{source.id} in the configuration"


def _asked_for(parcels: tuple[Tracked, ...], asked: Asked, document: Document) -> Tracked | None:
    """The one parcel that the number stands for; None where there is none, or where there are several."""
    mine = [one for one in parcels if one.tracking_number and same_number(one.tracking_number, asked.number)]
    if not mine and len(parcels) == 1 and parcels[0].tracking_number is None and echoes(document.text, asked.number):
        mine = list(parcels)
    if len(mine) > 1:
        mine = [one for one in mine if one.carrier and related(one.carrier, asked.carrier)]
    if len(mine) != 1 and len({(one.status, one.scans) for one in mine}) != 1:
        return None
    return replace(mine[0], tracking_number=asked.number)


def _failed(outcome: LookOutcome, reason: str) -> PageReading:
    return PageReading(outcome=outcome, outcome_reason=reason[:400])
