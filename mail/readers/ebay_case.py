"""eBay: an item-not-received request is opened, escalated to a case, put on hold, closed."""

from __future__ import annotations

from agent.vocabulary.events import CaseClosed, CaseOnHold, Event, InrEscalated, InrOpened
from agent.vocabulary.remedies import told_remedy
from mail.ebay.deadlines import deadline_of
from mail.ebay.matter import matter_of
from mail.ebay.outcomes import outcome_of
from mail.labels import Labelled
from mail.reader import reader


@reader(
    sender="ebay",
    intent=("inr_opened", "inr_escalated", "case_on_hold", "case_closed"),
    languages=("en", "de", "fr", "it", "es"),
)
def extract(mail: Labelled) -> list[Event]:
    if mail.intent == "case_closed":
        return [CaseClosed(**matter_of(mail), outcome=outcome_of(mail))]
    if mail.intent == "case_on_hold":  # the day that its text names is eBay's own
        return [CaseOnHold(**matter_of(mail), respond_by=mail.moment("respond_by"))]
    respond_by = deadline_of(mail, "respond_by")
    if mail.intent == "inr_escalated":
        return [InrEscalated(**matter_of(mail), respond_by=respond_by)]
    return [InrOpened(**matter_of(mail), respond_by=respond_by, wants=told_remedy(mail.body))]
