"""The day by which a seller must do something, as an eBay mail prints it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from agent.vocabulary.languages import fold
from agent.vocabulary.values import Moment
from mail.labels import Labelled
from mail.phrases import patterns, says
from mail.values.dates import find_moment

_UNTIL = re.compile(r"\s*(?:[a-zà-ÿ]{2,10}\.?,\s+)?(?:[a-zà-ÿ]{3,10}\.?\s+)?\d", re.IGNORECASE)  # "Mon, Nov 30"
_AHEAD = 60  # characters behind "by" in which the date must begin
_MOST = 8  # such words in a line


def deadline_of(mail: Labelled, label: str) -> Moment | None:
    """A labelled date, else the only day that the text says to do something "by", "until", "bis"."""
    if found := mail.moment(label):
        return found
    days = {day for line in mail.body for day in _spoken(mail, line)}
    return days.pop() if len(days) == 1 else None


def _without_proofs(clause: str) -> str:
    """A clause less the "proof of delivery" that it asks for: that is no day of a delivery."""
    for _, pattern in patterns("noun.proof"):
        clause = pattern.sub(" ", clause)
    return clause


def _spoken(mail: Labelled, line: str) -> Iterator[Moment]:
    folded = fold(line)
    if not says("label.deadline", folded):
        return
    for _, pattern in patterns("label.deadline"):
        for word in islice(pattern.finditer(folded), _MOST):
            clause = _without_proofs(re.split(r"[.!?;,] ", folded[: word.end()])[-1])
            behind = folded[word.end() : word.end() + _AHEAD]
            if _UNTIL.match(behind) is None or says("label.not_deadline", clause):
                continue
            if found := find_moment(behind, mail.message.date, month_first=mail.month_first):
                yield found
