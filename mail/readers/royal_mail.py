"""Royal Mail: "Your Royal Mail parcel from … is on its way", "has been delivered" and the like."""

from __future__ import annotations

from agent.vocabulary.events import Event
from mail.labels import Labelled
from mail.parcels import read_parcel
from mail.reader import Unreadable, reader


@reader(carrier="royal-mail")
def extract(mail: Labelled) -> list[Event]:
    update = read_parcel(mail, "royal-mail")
    if update is None:
        raise Unreadable("no tracking number")
    return [update]
