"""The carrier that goes on with a parcel, and its number, as answers and pages name them."""

from __future__ import annotations

import re

from agent.vocabulary import carriers, numbers
from scrapers.look import Onward
from scrapers.reading.identity import normalised, same_number

LAST_MILE = (
    "lastMileTrackingNumber|lastMileTrackingNo|lastMileNumber|lastMileNo|finalMileTrackingNumber|carrierTrackingNumber"
    "|deliveryTrackingNumber|localTrackingNumber|partnerTrackingNumber"
)
LAST_CARRIER = "lastMileCarrier|lastMileCarrierName|lastMileProvider|finalMileCarrier|deliveryCarrier|localCarrier"
"""What fields of answers are called, whoever gives them."""
_NUMBER = re.compile(r"^(?=.*\d)[A-Z0-9]{6,40}$")
_LABEL = re.compile(
    r"(?:last|final)[ -]mile(?: tracking| carrier)?(?: no| number| nr)?\.?\s*[:#]\s*([A-Z0-9]{8,40})(?![\w-])"
    r"|(?:local|destination|delivery|partner|next|last[ -]mile|final) carrier\s*(?::\s*[^\W\d][\w &.'-]{1,30}?)?[\s,(]*"
    r"(?:tracking )?(?:number|no\.?|nr\.?)\s*[:#]?\s*((?=[A-Z]*\d)[A-Z0-9]{8,40})(?![\w-])",
    re.IGNORECASE,
)


def onward(told: str | None, named: str | None, *own: str | None) -> Onward | None:
    """The next leg under a told number; none where it is one of the parcel's own, or no number."""
    number = normalised(told or "")
    if not _NUMBER.match(number) or any(same_number(number, name) for name in own if name):
        return None
    return Onward(tracking_number=number, carrier=next_carrier(named, number))


def printed_onward(text: str, *own: str | None) -> Onward | None:
    """The next leg whose number a page prints beside its label."""
    beginning = text[:20_000]
    spoken = beginning.lower()
    match = _LABEL.search(beginning) if "mile" in spoken or "carrier" in spoken else None
    return onward(match[1] or match[2], None, *own) if match else None


def next_carrier(name: str | None, number: str) -> str | None:
    """The id of a carrier that an answer names, else the one that the number surely belongs to."""
    known = carriers.carrier(name) if name else None
    if known is None and name:
        spoken = f" {re.sub(r'[^a-z0-9]+', ' ', name.lower())} "
        named = [c for c in carriers.carriers().values() if any(f" {word} " in spoken for word in c.brand_words)]
        known = named[0] if len(named) == 1 else None
    if known is not None:
        return known.id
    best = next(iter(numbers.candidates(number)), None)
    return best.carrier if best is not None and best.confidence >= 0.8 else None
