"""What a buyer's own words ask for, and in which language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from agent.vocabulary.events import Intent
from agent.vocabulary.languages import fold
from mail.phrases import states
from mail.wish_model import model

_SURE = 0.4
"""What is less likely asks for nothing that a seller's rules act upon."""
_TOGETHER = 0.5
"""Two wishes that ask for the same answer count where together they are likelier than all others."""
_PLAIN = 0.7
_SURE_OF_LANGUAGE = 0.4
_URGENT_FIRST: tuple[Intent, ...] = ("cancel", "change_address", "damaged", "return", "not_received", "where_is_it")
_MISSES = ("not_received", "where_is_it")
"""Both say that the buyer waits for it, so that a doubt between the two is none about what to answer."""
_HARMLESS = frozenset({"thanks", "question", "other"})


@dataclass(frozen=True, slots=True)
class Wish:
    """What a message asks for, and how likely it is that."""

    intent: Intent
    probability: float

    @property
    def confidence(self) -> float:
        """How sure an event with this wish may be: wholly where the wish is plain, as likely as it is elsewhere."""
        return 1.0 if self.probability >= _PLAIN else self.probability


def wish_of(text: str) -> Wish:
    """What a buyer's message asks for; where nothing stands out, a question if it asks any, else something other.

    A seller's own phrases (`buyer.cancel` and so on, in `phrases/`) count before what the model makes of the words.
    """
    folded = fold(text[:4000])
    if own := next((wish for wish in _URGENT_FIRST if states(f"buyer.{wish}", folded)), None):
        return Wish(own, 1.0)
    likely = model("intent").probabilities(text)
    best = max(likely, key=likely.__getitem__)
    misses = sum(likely[wish] for wish in _MISSES)
    sure = misses if best in _MISSES else likely[best]
    if likely[best] < _SURE and sure < _TOGETHER and best not in _HARMLESS:
        best = "question" if "?" in text[:4000] else "other"
        sure = likely[best]
    return Wish(cast(Intent, best), round(sure, 2))


def buyer_intent(text: str) -> Intent:
    """What a buyer's message asks for."""
    return wish_of(text).intent


def language_of(text: str) -> str | None:
    """The language of a buyer's text if it is one of the five that are read, or None."""
    likely = model("language").probabilities(text)
    best = max(likely, key=likely.__getitem__)
    return best if best != "none" and likely[best] >= _SURE_OF_LANGUAGE else None
