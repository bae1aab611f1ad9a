"""USPS: "USPS® Item Delivered …", "Out for Delivery", "Delivery Exception" and the like."""

from __future__ import annotations

from agent.vocabulary.events import Event
from agent.vocabulary.languages import fold
from mail.intents import says
from mail.labels import Labelled
from mail.parcels import read_parcel
from mail.reader import NotOurs, Unreadable, reader


@reader(carrier="usps", events="tracking_update", languages="en")
def extract(mail: Labelled) -> list[Event]:
    if says("digest", fold(mail.subject), *mail.folded[:6]):
        raise NotOurs("a digest of the mailbox owner's own post")
    update = read_parcel(mail, "usps")
    if update is None:
        raise Unreadable("no tracking number")
    return [update]
