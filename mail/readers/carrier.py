"""Any carrier whose mails need no reader of their own, and any mail that a carrier's own reader cannot read."""

from __future__ import annotations

from agent.vocabulary.events import Event
from mail.labels import Labelled
from mail.parcels.noise import why_not_ours
from mail.parcels.updates import read_parcels
from mail.reader import ANY, NotOurs, Unreadable, reader


@reader(
    carrier=ANY, events="tracking_update", languages=("en", "de", "fr", "it", "es", "nl", "pl", "sv", "da", "ja", "zh")
)
def extract(mail: Labelled) -> list[Event]:
    if why := why_not_ours(mail):
        raise NotOurs(why)
    updates = read_parcels(mail, mail.sender)
    if not updates:
        raise Unreadable("no tracking number")
    return [*updates]
