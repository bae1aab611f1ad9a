"""Saved or fetched bytes → what they say of parcels. Pure: START HERE to follow a page through `scrapers`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from agent.vocabulary import carriers as data
from agent.vocabulary import numbers
from agent.vocabulary.status import LookOutcome
from scrapers.carriers import Inconclusive, NotFound, Refused, Unreadable, load, parsed
from scrapers.generic import sections
from scrapers.generic.pages import read_any
from scrapers.look import PageReading, Tracked
from scrapers.reading import answers, document
from scrapers.reading.document import Document
from scrapers.reading.identity import echoes, normalised, same_number

OTHER_NUMBER = "the answer names another number"


def read_page(
    body: bytes,
    *,
    carrier: str | None = None,
    number: str | None = None,
    generic: bool = False,
    media_type: str | None = None,
) -> PageReading:
    """What an answer says. With `number`, only of that parcel; `generic` leaves the carriers' own readers out."""
    if len(body) > document.MOST_BYTES:
        return _failed(LookOutcome.LAYOUT_CHANGED, "the answer is too big to be a tracking page")
    answer = document.read(body, media_type)
    if answer.kind == "empty":
        return _failed(LookOutcome.LAYOUT_CHANGED, "the answer is empty")
    asked = normalised(number) if number else None
    whole = answer
    answer = sections.only(whole, asked) if asked else whole
    named = data.carrier(carrier) if carrier else None
    own = named.id if named else carrier
    likely = own or _guess(answer, asked)
    why = "no list of dates and words was found"
    for reader in [] if generic else _readers(likely):
        try:
            parcels = parsed(reader, load()[reader], answer, asked)
        except NotFound as said:
            return _failed(LookOutcome.NOT_FOUND, str(said))
        except Refused as stop:
            return _failed(LookOutcome.BLOCKED, str(stop))
        except Inconclusive as untold:
            return _failed(LookOutcome.LAYOUT_CHANGED, str(untold))
        except Unreadable as missing:
            why = str(missing)
            continue
        reading = _bound(answer, parcels, asked)
        if reading is not None:
            return reading
        return _failed(LookOutcome.LAYOUT_CHANGED, OTHER_NUMBER)
    try:
        parcels = read_any(answer, asked, likely)
    except Unreadable as missing:
        why = str(missing) if own not in load() or generic else why
    else:
        reading = _bound(answer, parcels, asked)
        return reading or _failed(LookOutcome.LAYOUT_CHANGED, OTHER_NUMBER)
    refused = answers.refusal(answer)
    unknown = answers.not_found(answer, likely)
    if refused:
        return _failed(LookOutcome.BLOCKED, refused)
    if unknown:
        return _failed(LookOutcome.NOT_FOUND, unknown)
    weak = answers.captcha(answer)
    if weak:
        return _failed(LookOutcome.BLOCKED, weak)
    if answers.wants_postcode(answer):
        return _failed(LookOutcome.LAYOUT_CHANGED, "needs a postcode")
    return _failed(LookOutcome.LAYOUT_CHANGED, why if answer is whole else OTHER_NUMBER)


def _failed(outcome: LookOutcome, reason: str) -> PageReading:
    return PageReading(outcome=outcome, outcome_reason=reason)


def _bound(answer: Document, parcels: tuple[Tracked, ...], asked: str | None) -> PageReading | None:
    """The parcels, the asked one first; None where the answer speaks of another parcel."""
    if not parcels:
        return None
    parcels = tuple(p if p.carrier else replace(p, carrier=_by_number(p.tracking_number)) for p in parcels)
    if asked is None:
        return PageReading(outcome=LookOutcome.READ, parcels=parcels)
    mine = [p for p in parcels if p.tracking_number and same_number(p.tracking_number, asked)]
    if not mine and len(parcels) == 1 and parcels[0].tracking_number is None and echoes(_everything(answer), asked):
        mine = [replace(parcels[0], tracking_number=asked)]
        return PageReading(outcome=LookOutcome.READ, parcels=tuple(mine))
    if not mine:
        return None
    others = [p for p in parcels if p not in mine]
    return PageReading(outcome=LookOutcome.READ, parcels=(*mine, *others))


def _everything(answer: Document) -> str:
    return answer.visible if answer.soup is None else answer.visible + "\n" + answer.text


def _readers(likely: str | None) -> list[str]:
    """Ids of the carriers' readers to try, the carrier's own first, then those of its family."""
    if likely is None:
        return []
    known = data.carrier(likely)
    family = {known.id, known.parent} if known else {likely}
    related = [
        name
        for name in load()
        if name == likely
        or name in family
        or (known is not None and (own := data.carriers().get(name)) is not None and own.parent == known.id)
    ]
    return sorted(related, key=lambda name: name != likely)


def _guess(answer: Document, asked: str | None) -> str | None:
    """The carrier whose hosts and name the page itself shows most, or None."""
    shape = _shape(answer)
    if shape is not None:
        return shape
    source, seen = answer.text.lower(), answer.visible.lower()
    score: dict[str, int] = {}
    for carrier in _pool().values():
        hosts = sum(source.count(f"//{host.lower()}") for host in carrier.page_hosts)
        names = seen.count(carrier.name.lower()) if len(carrier.name) > 2 else 0
        if hosts or names:
            score[carrier.id] = 3 * min(hosts, 10) + min(names, 5)
    if not score:
        return _by_number(asked)
    ranked = sorted(score.items(), key=lambda pair: -pair[1])
    if len(ranked) > 1 and ranked[0][1] == ranked[1][1]:
        return _by_number(asked)
    return ranked[0][0]


def _by_number(asked: str | None) -> str | None:
    """The carrier that the asked number's shape and check digit speak for."""
    best = next(iter(numbers.candidates(asked)), None) if asked else None
    return best.carrier if best is not None and best.confidence >= 0.8 else None


def _pool() -> Mapping[str, data.Carrier]:
    return data.carriers()


def _shape(answer: Document) -> str | None:
    """Answers that only one carrier gives."""
    for value in (answer.data, *answer.embedded):
        if isinstance(value, dict):
            if isinstance(value.get("sendungen"), list):
                return "dhl-paket-de"
            if isinstance(value.get("colli"), dict):
                return "postnl"
            if isinstance(value.get("TrackResponse"), dict) and "TrackInfo" in value["TrackResponse"]:
                return "usps"
    return None
