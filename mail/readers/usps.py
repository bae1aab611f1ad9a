"""USPS: "USPS® Item Delivered …", "Out for Delivery", "Delivery Exception" and the like."""

from __future__ import annotations

from agent.vocabulary.events import Event
from mail.labels import Labelled
from mail.parcels.noise import why_not_ours
from mail.parcels.updates import read_parcels
from mail.reader import NotOurs, Unreadable, reader


@reader(carrier="usps", events="tracking_update", languages="en")
def extract(mail: Labelled) -> list[Event]:
    if why := why_not_ours(mail):
        raise NotOurs(why)
    updates = read_parcels(mail, "usps")
    if not updates:
        raise Unreadable("no tracking number")
    return [*updates]
