"""Which of a carrier's services a parcel goes by, as far as its number tells."""

from __future__ import annotations

import re

from agent.orders.order import Shipment
from agent.vocabulary.carriers import carrier
from agent.vocabulary.numbers import normalise


def service_of(parcel: Shipment) -> str | None:
    """The service that the number names in the carrier's own coding, or None."""
    owner = carrier(parcel.carrier) if parcel.carrier else None
    number = normalise(parcel.tracking_number)
    for shape in owner.numbers if owner else ():
        if shape.services and (match := re.fullmatch(shape.pattern, number)):
            return shape.services.get(match.groupdict().get("service") or "")
    return None
