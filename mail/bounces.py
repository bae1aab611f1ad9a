"""Mails that say that one of ours did not get through: of a mail server (RFC 3464), or of eBay. Pure.

Nobody vouches for them; they are told by the Message-ID of ours that they hold, and raise no more than a flag.
"""

from __future__ import annotations

import re

from agent.vocabulary.languages import fold
from mail.parsing.message import Message

BOUNCE = "bounce"
"""What stands for a reader of such mails."""
SIGNS = re.compile(rb"delivery-status|mailer-daemon|postmaster|x-failed-recipients", re.IGNORECASE)
"""One of these stands in the header of each that is not eBay's: cheap to look for."""
_REPORT = re.compile(r"multipart/report\b.{0,200}\bdelivery-status", re.IGNORECASE | re.DOTALL)
_SERVERS = ("mailer-daemon", "postmaster")
_UNSENT = (
    "message not sent",
    "message not delivered",
    "your message was not sent",
    "your message wasn't sent",
    "your message was not delivered",
    "your message could not be sent",
    "your message could not be delivered",
)
"""How eBay's subject begins; of other sites no such mail was seen."""
_OURS = re.compile(rb"<([0-9a-f]{32}@[!-;=?-~]{1,250})>")
_MOST_BYTES, _MOST_IDS = 262_144, 50


def is_bounce(headers: Message) -> bool:
    """Whether a mail's headers show such a notice."""
    kind = (headers.header("content-type") or "")[:1_000]
    if _REPORT.search(kind) or headers.header("x-failed-recipients") is not None:
        return True
    if any(mailbox.address.partition("@")[0] in _SERVERS for mailbox in headers.senders):
        return True
    by_ebay = any("ebay" in mailbox.domain for mailbox in headers.senders)
    return by_ebay and fold(headers.subject[:200]).startswith(_UNSENT)


def returned_ids(raw: bytes) -> tuple[str, ...]:
    """Message-IDs in a notice that have the form of our replies', in their order."""
    found = dict.fromkeys(f"<{match.decode()}>" for match in _OURS.findall(raw[:_MOST_BYTES]))
    return tuple(found)[:_MOST_IDS]
