"""eBay: mails that are no concern of an order, so that nobody has to look at them."""

from __future__ import annotations

from agent.vocabulary.events import Event
from mail.intents import NOISE
from mail.labels import Labelled
from mail.reader import NotOurs, reader

_WHY = {
    "own_message": "the seller's own message, come back as a copy",
    "payout": "a payout",
    "saved_search": "a saved search",
    "sign_in": "a sign-in or security notice",
    "listing": "about a listing",
    "offer": "about an offer",
    "purchase": "about something the seller bought",
    "marketing": "marketing or account news",
}


@reader(sender="ebay", intent=NOISE, languages=("en", "de", "fr", "it", "es"))
def extract(mail: Labelled) -> list[Event]:
    raise NotOurs(_WHY.get(mail.intent or "", "of no concern"))
