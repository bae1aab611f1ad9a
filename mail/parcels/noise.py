"""Mails of carriers that are about no parcel: letters announced, surveys, bills, passwords, advertising."""

from __future__ import annotations

from agent.vocabulary.languages import fold
from agent.vocabulary.status import TrackingStatus
from mail.labels import Labelled
from mail.parcels.status import told, what_is_said
from mail.phrases import says

_OPENING = 6  # lines in which a digest says that it is one


def why_not_ours(mail: Labelled) -> str | None:
    """Why a carrier's mail is of no concern, or None where it may be about a parcel."""
    subject = fold(mail.subject)
    if says("digest", subject, *mail.folded[:_OPENING]):
        return "an announcement of letters"
    if told(mail, mail.subject) is not None:
        return None
    if says("carrier.noise", subject):
        return "a survey, an account's or an advertiser's mail"
    if says("carrier.business", subject) and what_is_said(mail).status is TrackingStatus.UNKNOWN:
        return "a bill or a claim"
    return None
