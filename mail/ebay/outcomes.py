"""For whom a case, request or dispute ended."""

from __future__ import annotations

from agent.vocabulary.events import Outcome
from agent.vocabulary.languages import fold
from mail.labels import Labelled
from mail.phrases import states


def outcome_of(mail: Labelled) -> Outcome:
    """Who was found right counts before who closed it; silence is `unknown`."""
    texts = (fold(mail.subject), *(fold(line) for line in mail.body))
    if states("outcome.seller", *texts):
        return "seller"
    if states("outcome.buyer", *texts):
        return "buyer"
    return "withdrawn" if states("outcome.withdrawn", *texts) else "unknown"
