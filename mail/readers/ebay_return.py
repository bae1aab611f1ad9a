"""eBay: a buyer asks to return something, and each step of the return after that."""

from __future__ import annotations

from collections.abc import Iterator

from agent.vocabulary.events import Event, ReturnOpened, ReturnUpdate
from agent.vocabulary.languages import fold
from mail.ebay.deadlines import deadline_of
from mail.ebay.matter import matter_of
from mail.intents import RETURN_STEPS, settled
from mail.labels import Labelled
from mail.phrases import first
from mail.reader import reader

_STATUS = {"delivered": "delivered_to_seller", "label": "label_provided"}
"""What users see, where the step's name alone would mislead."""
_HEADLINES = 14
_SENTENCE = 4  # words; shorter lines may be the steps of a progress bar


@reader(sender="ebay", intent=("return_opened", "return_update"), languages=("en", "de", "fr", "it", "es"))
def extract(mail: Labelled) -> list[Event]:
    respond_by = deadline_of(mail, "respond_by")
    if mail.intent == "return_opened":
        return [ReturnOpened(**matter_of(mail), respond_by=respond_by)]
    return [ReturnUpdate(**matter_of(mail), respond_by=respond_by, status=_status(mail))]


def _status(mail: Labelled) -> str | None:
    """The step that the subject names, else the first that a sentence tells, else the only one that is named at all."""
    if step := _step(fold(mail.subject), "", "@subject"):
        return step
    lines = [settled(line) for line in mail.folded[:_HEADLINES]]
    told = next((step for line in lines if len(line.split()) >= _SENTENCE and (step := _step(line, ""))), None)
    named = {step for line in lines if (step := _step(line, "", "@subject"))}
    return told or (named.pop() if len(named) == 1 else None)


def _step(folded: str, *kinds: str) -> str | None:
    found = min(_steps(folded, kinds), default=None)
    return found and _STATUS.get(found[2], found[2])


def _steps(folded: str, kinds: tuple[str, ...]) -> Iterator[tuple[int, int, str]]:
    """The steps in a text, earliest and longest first."""
    for step in RETURN_STEPS:
        for kind in kinds:
            if shown := first(f"step.{step}{kind}", folded):
                yield shown.start, -shown.end, step
