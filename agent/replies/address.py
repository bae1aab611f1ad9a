"""Whom a reply goes to: only a buyer's alias that a verified message bound to the order. Anything else is a reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

from agent.orders.evidence import ENOUGH_TO_REPLY, strong_enough
from agent.orders.order import Order, Received
from agent.replies.dialects import FALLBACK
from agent.replies.plain import one_line
from agent.replies.subject import order_subject
from agent.vocabulary.data import parse_yaml

_LOCAL_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{2,63}")
_REFERENCE = re.compile(r"\[?#?\s*[A-Za-z0-9-]{6,64}\s*#?\]?(?:_\[#\s*[A-Za-z0-9-]{6,64}\s*#\])?")
_MEMBER = re.compile(r"[\w.!~-]{1,64}")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}@[!-;=?-~]{1,250}>")
_ANSWERED = re.compile(r"^\s*(?:re|aw|sv|r|antw)\s*:", re.IGNORECASE)

# An alias is opaque; a word such as these before the @ is a machine, whatever the domain.
_MACHINES = re.compile(r"(?:ebay|no-?reply|do-?not-?reply|mailer-daemon|postmaster|bounces?|owner-.*|.*-request)", re.I)


@dataclass(frozen=True)
class ReplyTo:
    """Where a reply goes, and what eBay needs to let it through."""

    recipient: str
    """The buyer's alias at eBay."""
    reference_id: str
    """As it stood in the buyer's mail: `[#…#]`, in one part or two."""
    in_reply_to: str | None
    """Message-ID of the mail that is answered; None where it bears none that a header could hold."""
    subject: str


@dataclass(frozen=True)
class NoAddress:
    """Why nobody can be written to; a sentence for the seller."""

    reason: str


def reply_address(order: Order, evidence: str = ENOUGH_TO_REPLY, language: str = FALLBACK) -> ReplyTo | NoAddress:
    """The address that answers the buyer's latest message; `evidence` is the weakest that will do.

    `language` is the reply's: a message without a subject is given one in it.

    An order holds only messages of verified mails. eBay's reference changes with every message, so only the latest
    counts (DOMAIN: a mail without it is not expected to pass); case and order notifications are never answered.
    """
    if not order.messages:
        return NoAddress("the buyer has not written: nothing can be answered by mail, write in eBay")
    last = max(order.messages, key=lambda message: message.at)
    if not strong_enough(last.evidence, evidence):
        return NoAddress(f"the buyer's message is tied to this order by {last.evidence.replace('_', ' ')} only")
    if _somebody_else(last.buyer, order.buyer):
        return NoAddress(f"the last message is {last.buyer}'s, and the order {order.buyer}'s: answer in eBay")
    if not last.reply_to or not is_alias(last.reply_to):
        return NoAddress("the buyer's message names no eBay alias to answer to")
    if not last.reference_id or not _REFERENCE.fullmatch(last.reference_id.strip()):
        return NoAddress("the buyer's message holds no reference that eBay would accept an answer by")
    answered = last.message_id if _MESSAGE_ID.fullmatch(last.message_id or "") else None
    return ReplyTo(last.reply_to.strip(), bracketed(last.reference_id), answered, _subject(last, order, language))


def is_alias(address: str) -> bool:
    """Whether this is exactly a member's alias, `…@members.<a site of eBay>`; look-alikes and eBay's own are not."""
    local, at, domain = address.strip().rpartition("@")
    if not at or not _LOCAL_PART.fullmatch(local) or _MACHINES.fullmatch(local):
        return False
    return domain.lower() in _alias_domains()


def bracketed(reference: str) -> str:
    """A reference in the form that stands in eBay's mails, `[#…#]`."""
    plain = reference.strip()
    return plain if plain.startswith("[#") else f"[#{plain.strip('[]# ')}#]"


def with_reference(text: str, reference: str) -> str:
    """The body as it is sent: the text, and at its end the line that eBay ties it to the conversation by."""
    return f"{text.rstrip()}\n\nEmail reference id: {bracketed(reference)}\n"


def _subject(message: Received, order: Order, language: str) -> str:
    subject = one_line(message.subject or "", 200) or order_subject(order, language)
    return subject if _ANSWERED.match(subject) else f"Re: {subject}"


def _somebody_else(writer: str | None, buyer: str | None) -> bool:
    """Whether two eBay names are surely two members'; a person's name, or one cut short by stars, is no eBay name."""
    if not writer or not buyer or not _MEMBER.fullmatch(writer) or not _MEMBER.fullmatch(buyer):
        return False
    return writer.lower() != buyer.lower()


@cache
def _alias_domains() -> frozenset[str]:
    data = parse_yaml(resources.files("agent.vocabulary").joinpath("ebay.yaml").read_text(encoding="utf-8"))
    return frozenset(f"{data['member_subdomain']}.{site}" for site in data["sites"])
