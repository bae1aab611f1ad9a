"""Codes that prove an answer to have seen what was shown: `ow-REFERENCE-PROOF`.

The proof is an HMAC-SHA256, cut to 130 bits, over the digest's reference and of each draft its number, its row in the
outbox, a hash of recipient, subject and text, and when the offer ends. A button's proof binds one draft and one word.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

from agent.approvals.words import VERBS, Verb

LASTS = timedelta(days=7)
_REFERENCE, _PROOF = 8, 26
_CODE = re.compile(rf"(?<![a-z0-9])ow-([a-z2-7]{{{_REFERENCE}}})-([a-z2-7]{{{_PROOF}}})(?![a-z0-9])", re.IGNORECASE)
_MOST = 50


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A draft as a digest showed it for an answer."""

    reference: str
    """Of the digest."""
    number: int
    outbox_id: int
    fingerprint: str
    ends_at: datetime
    answered_at: datetime | None = None


@dataclass(frozen=True)
class Code:
    reference: str
    proof: str


def fingerprint(recipient: str, subject: str, body: str, in_reply_to: str | None) -> str:
    """A hash of all that leaves with a draft, and to whom."""
    return hashlib.sha256(json.dumps([recipient, subject, body, in_reply_to]).encode()).hexdigest()


def reference_of(random: bytes) -> str:
    """A digest's reference, of five random bytes."""
    return base64.b32encode(random[:5]).decode().lower()


def digest_code(key: bytes, offers: Sequence[Offer]) -> str:
    """The code by which any draft of a digest may be answered."""
    return _written(key, offers[0].reference, ["digest", [_bound(offer) for offer in offers]])


def button_code(key: bytes, offer: Offer, verb: Verb) -> str:
    """The code by which one draft may be answered with one word."""
    return _written(key, offer.reference, ["button", verb, _bound(offer)])


def codes_in(text: str) -> tuple[Code, ...]:
    """Codes that a text holds, in order, each once."""
    found = (Code(match[1].lower(), match[2].lower()) for match in islice(_CODE.finditer(text), _MOST))
    return tuple(dict.fromkeys(found))


def proven(key: bytes, code: Code, offers: Sequence[Offer]) -> frozenset[tuple[int, Verb]]:
    """The numbers and words that a code is good for; empty where it is nothing."""
    given = f"ow-{code.reference}-{code.proof}"
    if not offers or any(offer.reference != code.reference for offer in offers):
        return frozenset()
    if _same(digest_code(key, offers), given):
        return frozenset(_pairs(offers))
    return frozenset(
        (offer.number, verb)
        for offer in offers
        for verb in VERBS
        if _same(button_code(key, offer, verb), given)
    )  # fmt: skip


def _pairs(offers: Iterable[Offer]) -> Iterable[tuple[int, Verb]]:
    return ((offer.number, verb) for offer in offers for verb in VERBS)


def _bound(offer: Offer) -> list[object]:
    return [offer.number, offer.outbox_id, offer.fingerprint, offer.ends_at.astimezone(UTC).isoformat()]


def _written(key: bytes, reference: str, said: list[object]) -> str:
    mac = hmac.new(key, json.dumps([reference, said]).encode(), hashlib.sha256).digest()
    return f"ow-{reference}-{base64.b32encode(mac).decode().lower()[:_PROOF]}"


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
