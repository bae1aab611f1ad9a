"""Whether a mail answers a digest, and what is done of it: pure, from what the mail's header and text say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from agent.approvals.codes import Code, Offer, codes_in, proven
from agent.approvals.saying import NotTaken, Word, read_words
from agent.approvals.words import Verb


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A mail that names a digest."""

    sender: str
    """The From address."""
    name: str
    """The name beside it."""
    genuine: bool
    """Whether the trusted receiver found that it really comes from that address's domain."""
    why: str
    """What was found, in words."""
    automatic: str | None
    """What shows that a machine wrote it, or None."""
    subject: str
    thread: str
    """In-Reply-To first, then References."""
    text: str | None
    """Its plain text; None where there is none."""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """One word that holds: the draft that was shown, and what to do."""

    offer: Offer
    verb: Verb
    text: str = ""


def take(
    answer: Answer, offers: Mapping[str, Sequence[Offer]], key: bytes, approver: str, now: datetime
) -> tuple[Taken, ...]:
    """What an answer decides; `offers` by the digests' references. Raises NotTaken: all of it holds, or nothing."""
    if answer.sender.lower() != approver.lower():
        raise NotTaken("it is not from the address that the digest goes to")
    if not answer.genuine:
        raise NotTaken(f"that it is really yours could not be verified: {answer.why}")
    if answer.automatic:
        raise NotTaken(f"a machine wrote it ({answer.automatic})")
    if not (answer.text or "").strip():
        raise NotTaken("it has no plain text: I read nothing else")
    text = answer.text or ""
    code, allowed = _proof(answer, text, offers, key)
    shown = {offer.number: offer for offer in offers[code.reference]}
    return tuple(_taken(word, shown, allowed, now) for word in read_words(text, shown, answer.name, answer.sender))


def _proof(
    answer: Answer, text: str, offers: Mapping[str, Sequence[Offer]], key: bytes
) -> tuple[Code, frozenset[tuple[int, Verb]]]:
    """The code that the answer rests on: the subject's, else that of the thread, else one that its text holds.

    A button's code counts in a subject alone: a quoted digest holds those of all its buttons.
    """
    for place, text_of in (("subject", answer.subject), ("thread", answer.thread), ("text", text)):
        codes = codes_in(text_of)
        if place == "subject" and len(codes) > 1:
            raise NotTaken("its subject holds two codes")
        for code in codes:
            allowed = proven(key, code, offers.get(code.reference, ()))
            if place == "subject" and not allowed:
                raise NotTaken("the code in its subject does not fit what I showed")
            if allowed and (place == "subject" or len(allowed) > 1):
                return code, allowed
    raise NotTaken("it holds no code that fits what I showed: answer the digest itself, or use its buttons")


def _taken(word: Word, shown: Mapping[int, Offer], allowed: frozenset[tuple[int, Verb]], now: datetime) -> Taken:
    offer = shown.get(word.number)
    if offer is None:
        raise NotTaken(f"that digest showed no draft {word.number}")
    if (word.number, word.verb) not in allowed:
        raise NotTaken(f"its button was for something else than draft {word.number} and this word")
    if offer.answered_at is not None:
        raise NotTaken(f"draft {word.number} of that digest was answered before")
    if now >= offer.ends_at:
        raise NotTaken("that digest is too old: answer the last one")
    return Taken(offer=offer, verb=word.verb, text=word.text)
