"""Which mails could be eBay's or a carrier's, from their headers alone: of any other, nothing is kept."""

from __future__ import annotations

import re
from functools import lru_cache

from agent.vocabulary import numbers
from mail.answers import REFERENCE, names_a_digest
from mail.bounces import SIGNS, is_bounce
from mail.genuine.senders import contains_brand, look_alike, named_in, owners
from mail.parsing.message import Message, parse_headers

_ORDER_NUMBER = re.compile(r"(?<![\w-])\d{2}-\d{5}-\d{5}(?![\w-])")
_ITEM_OR_REQUEST = re.compile(
    r"(?:#|\b(?:item|request|case|return|artikelnr\.?|artikelnummer|fall|objet|oggetto)\s*)\d{9,14}\b", re.I
)
_EBAY_HEADER = "x-ebay-"
_SURE = 0.6
"""From this confidence on a number in a subject is a parcel's, and not a telephone number."""

# A search for "\n" is fast, one that ignores case is not.
_JUDGED = re.compile(
    rb"\n([fF][rR][oO][mM]|[rR][eE][pP][lL][yY]-[tT][oO]|[sS][uU][bB][jJ][eE][cC][tT])[ \t]*:(.*(?:\n[ \t].*)*)"
)
_BLANK_LINE = re.compile(rb"\n[ \t\x0b\x0c][ \t\x0b\x0c\r]*\n")
"""A line of blanks only: a header may end at it, or go on."""
_LONGEST_FIELD = 2_000
_REFERENCE = re.compile(REFERENCE.pattern.encode())
_MOST_FIELDS = 10
_PLAIN = re.compile(rb"[ -~\r\n\t]*")
_DIGIT = re.compile(r"[0-9]")  # every order, case and parcel number has one


def is_interesting(header: bytes) -> bool:
    """What `could_be_ours` says of a header, at a fraction of the cost: each field that it judges is judged alone.

    That is the same where each stands once. Where none is ours and anything is unusual, the whole header is parsed.
    """
    found = [(name.lower(), value) for name, value in _JUDGED.findall(b"\n" + header)]
    short = [(name, value) for name, value in found[:_MOST_FIELDS] if len(value) <= _LONGEST_FIELD]
    if any(_judged_alone(name, value) for name, value in short if name != b"subject"):
        return True
    if any(_subject_could_be_ours(value) for name, value in short if name == b"subject"):
        return True
    if _REFERENCE.search(header) and names_a_digest(parse_headers(header)):
        return True
    if SIGNS.search(header) and is_bounce(parse_headers(header)):
        return True
    usual = len(short) == len(dict(found)) == len(found) and header.count(b"\r") == header.count(b"\r\n")
    if usual and _EBAY_HEADER.encode() not in header.lower() and not _BLANK_LINE.search(header):
        return False
    return could_be_ours(parse_headers(header))


@lru_cache(maxsize=1024)
def _judged_alone(name: bytes, value: bytes) -> bool:
    return could_be_ours(parse_headers(name + b":" + value))


def _subject_could_be_ours(value: bytes) -> bool:
    if b"=?" in value or not _PLAIN.fullmatch(value):
        return could_be_ours(parse_headers(b"subject:" + value))
    subject = " ".join(value.decode("ascii").split())
    return _is_about_a_parcel(subject) if _DIGIT.search(subject) else named_in(subject) is not None


def could_be_ours(headers: Message) -> bool:
    """Whether the body is worth fetching. Generous: a mail that is wrongly left out is lost.

    Yes for the senders' own domains and what looks like them, for a brand in a display name, address or subject, and
    for an order's, a case's or a parcel's number in the subject. Yes for an answer to a digest of ours, and for what
    says that a mail came back.
    """
    if names_a_digest(headers) or is_bounce(headers):
        return True
    if any(name.startswith(_EBAY_HEADER) for name, _ in headers.headers):
        return True
    mailboxes = (*headers.senders, *headers.reply_to)
    if any(_could_be_theirs(mailbox.domain) for mailbox in mailboxes):
        return True
    named = " ".join((*(mailbox.name for mailbox in headers.senders), *_unread_senders(headers)))
    return named_in(named) is not None or _is_about_a_parcel(headers.subject)


def _could_be_theirs(domain: str) -> bool:
    if not domain:
        return False
    return (
        bool(owners(domain)) or look_alike(domain) is not None or contains_brand(domain) is not None or _below(domain)
    )


def _below(domain: str) -> bool:
    """Whether the domain lies below one that sends: a new subdomain of eBay or a carrier."""
    labels = domain.split(".")
    return any(owners(".".join(labels[start:])) for start in range(1, len(labels) - 1))


def _unread_senders(headers: Message) -> tuple[str, ...]:
    """From headers as they stand, where no address could be read from them."""
    if headers.senders and all(mailbox.address for mailbox in headers.senders):
        return ()
    return headers.all_headers("from")


def _is_about_a_parcel(subject: str) -> bool:
    if named_in(subject) is not None or _ORDER_NUMBER.search(subject) or _ITEM_OR_REQUEST.search(subject):
        return True
    found = numbers.find(subject[:1_000])
    return any(number.candidates and number.candidates[0].confidence >= _SURE for number in found)
