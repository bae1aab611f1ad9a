"""DHL: Express ("On Demand Delivery") and Paket in Germany ("Ihr DHL Paket kommt heute"), in English and German."""

from __future__ import annotations

import re
from dataclasses import replace

from agent.vocabulary import numbers
from agent.vocabulary.events import Event
from mail.genuine.domains import under
from mail.labels import Labelled
from mail.parcels.noise import why_not_ours
from mail.parcels.updates import read_parcels
from mail.reader import NotOurs, Unreadable, reader

_FAMILY = ("dhl-express", "dhl-paket-de", "dhl-ecommerce", "dhl-ecommerce-uk", "dhl-ecommerce-us")


@reader(carrier=("dhl", *_FAMILY, "deutsche-post"), events="tracking_update", languages=("en", "de"))
def extract(mail: Labelled) -> list[Event]:
    if why := why_not_ours(mail):
        raise NotOurs(why)
    updates = read_parcels(mail, "dhl")
    if not updates:
        raise Unreadable("no tracking number")
    return [replace(update, carrier=_service(mail, update.tracking_number)) for update in updates]


def _service(mail: Labelled, number: str) -> str:
    """Which of DHL's services carries the parcel: by the sender, the mail's own words, the number's shape."""
    domain = mail.message.senders[0].domain if mail.message.senders else ""
    if under(domain, "dhl.de"):
        return "dhl-paket-de"
    text = " ".join((mail.subject, *(sender.name for sender in mail.message.senders), *mail.body[:25]))
    if re.search(r"\bdhl\s+(?:express|on demand)\b", text, re.IGNORECASE):
        return "dhl-express"
    if re.search(r"\bdhl\s+paket\b", text, re.IGNORECASE):
        return "dhl-paket-de"
    likely = [c for c in numbers.candidates(number) if c.carrier in _FAMILY and c.checksum != "fail"]
    return likely[0].carrier if likely else "dhl"
