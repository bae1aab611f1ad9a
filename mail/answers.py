"""Mails that answer our digest: told by its reference, which answers carry in their subject or thread."""

from __future__ import annotations

import re

from mail.parsing.message import Message

ANSWER = "digest_answer"
"""What stands for a reader of such mails."""
REFERENCE = re.compile(r"(?<![A-Za-z0-9])ow-[a-z2-7]{8}(?![A-Za-z0-9])")
_MOST = 20_000


def names_a_digest(headers: Message) -> bool:
    """Whether a mail's subject or thread holds a digest's reference."""
    return any(REFERENCE.search(text[:_MOST]) for text in (headers.subject, thread(headers)))


def thread(headers: Message) -> str:
    """What a mail says to be an answer to, the nearest first."""
    named = " ".join(headers.all_headers("references")).split()
    return " ".join((*headers.all_headers("in-reply-to"), *reversed(named)))


def is_own_digest(headers: Message) -> bool:
    """Whether a mail is no answer but a digest itself, that came into the mailbox it goes to."""
    return (headers.header("auto-submitted") or "").startswith("auto-generated") and not thread(headers)
