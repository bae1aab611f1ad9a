"""The amount that an eBay mail is about."""

from __future__ import annotations

from agent.vocabulary.languages import fold
from agent.vocabulary.values import Money
from mail.labels import Labelled
from mail.phrases import SENTENCE, says
from mail.values.money import find_money


def amount_of(mail: Labelled, label: str) -> Money | None:
    """Beside its label, in the sentence that tells the event ("You refunded $12.50"), or the only one in the mail."""
    return mail.money(label) or _told(mail) or only_amount(mail)


def _told(mail: Labelled) -> Money | None:
    if mail.intent is None:
        return None
    sentences = (sentence for line in (mail.subject, *mail.body) for sentence in SENTENCE.split(line))
    told = (sentence for sentence in sentences if says(mail.intent, fold(sentence)))
    return next((money for sentence in told if (money := find_money(sentence, mail.home_currency))), None)


def only_amount(mail: Labelled) -> Money | None:
    """The amount of a mail that names one, however often."""
    found = {money for line in mail.body if (money := find_money(line, mail.home_currency))}
    return found.pop() if len(found) == 1 else None
