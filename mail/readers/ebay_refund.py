"""eBay: the buyer got money back."""

from __future__ import annotations

from agent.vocabulary.events import Event, RefundIssued
from mail.ebay.amounts import amount_of
from mail.ebay.matter import matter_of
from mail.labels import Labelled
from mail.reader import reader


@reader(sender="ebay", intent="refund_issued", languages=("en", "de", "fr", "it", "es"))
def extract(mail: Labelled) -> list[Event]:
    return [RefundIssued(**matter_of(mail), amount=amount_of(mail, "refund"))]
