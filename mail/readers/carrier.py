"""Any carrier whose mails need no reader of their own, and any mail that a carrier's own reader cannot read."""

from __future__ import annotations

from agent.vocabulary.events import Event
from agent.vocabulary.languages import fold
from mail.intents import says
from mail.labels import Labelled
from mail.parcels import read_parcel
from mail.reader import ANY, NotOurs, Unreadable, reader


@reader(carrier=ANY, events="tracking_update", languages=("en", "de"))
def extract(mail: Labelled) -> list[Event]:
    if says("digest", fold(mail.subject), *mail.folded[:6]):
        raise NotOurs("an announcement of letters")
    update = read_parcel(mail, mail.sender)
    if update is None:
        raise Unreadable("no tracking number")
    return [update]
