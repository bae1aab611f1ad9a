"""Bytes to `Message`: the only file that knows MIME."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from agent.vocabulary.status import Unread
from mail.parsing import mime
from mail.parsing.addresses import read_addresses
from mail.parsing.html_text import TooDeep, fold_line, plain_blocks, plain_lines, plain_links, read_blocks

_QUOTED_FROM = re.compile(rb"^>+From ", re.MULTILINE)
_OF_IDENTITY = ("message-id", "date", "from", "subject")
_MESSAGE_ID = re.compile(r"<[^<>]{1,900}>")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One address of a header. `address` is lower case with its domain in ASCII (IDNA) form; empty if there is none."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Link:
    href: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Message:
    """A mail, decoded as far as it can be. Everything in it is a stranger's word."""

    content_id: str
    """Identity by content: sha256 over Message-ID, Date, From, Subject and body, whatever route the mail took."""
    message_id: str | None = None
    date: datetime | None = None
    """Date header, aware; None where it is missing or unreadable."""
    senders: tuple[Mailbox, ...] = ()
    """All addresses of all From headers: anything but exactly one is suspicious."""
    reply_to: tuple[Mailbox, ...] = ()
    recipients: tuple[Mailbox, ...] = ()
    subject: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    """Every header in order, topmost first, names lower case, values decoded and unfolded."""
    written: tuple[tuple[str, str], ...] = ()
    """The same headers not decoded: where a value is syntax, an encoded word must not become any."""
    html: str | None = None
    plain: str | None = None
    lines: tuple[str, ...] = ()
    """The visible text, a line per block, hidden preheaders and scripts left out; of HTML where there is one."""
    blocks: tuple[int, ...] = ()
    """The paragraph or table cell of each line, by number."""
    links: tuple[Link, ...] = ()
    size: int = 0
    problem: Unread | None = None
    """`UNREADABLE` or `TOO_BIG`: what is here may be only part of the mail."""

    def header(self, name: str) -> str | None:
        """The topmost header of that name."""
        return next((value for key, value in self.headers if key == name.lower()), None)

    def all_headers(self, name: str) -> tuple[str, ...]:
        return tuple(value for key, value in self.headers if key == name.lower())


def parse(raw: bytes) -> Message:
    """A whole mail. Never raises: what breaks a limit or cannot be read has a `problem`, and what could be had."""
    return _parse(raw, whole=True)


def parse_headers(raw_headers: bytes) -> Message:
    """A mail of which only the header was fetched. Never raises."""
    return _parse(raw_headers, whole=False)


def content_identity(raw: bytes) -> str:
    """The `content_id` of a mail, without all else."""
    fields, body, _ = mime.split(mime.normalised(raw[: mime.MAX_SIZE]), only=_OF_IDENTITY)
    return _content_id(fields, body)


def _parse(raw: bytes, *, whole: bool) -> Message:
    too_big = len(raw) > mime.MAX_SIZE
    fields, body, cut = mime.split(mime.normalised(raw[: mime.MAX_SIZE]))
    headers = tuple((field.name, mime.decode_words(field.value)) for field in fields)
    message = Message(
        content_id=_content_id(fields, body),
        message_id=_message_id(fields),
        date=_date(fields),
        senders=_mailboxes(fields, "from"),
        reply_to=_mailboxes(fields, "reply-to"),
        recipients=_mailboxes(fields, "to", "cc"),
        subject=fold_line(next((value for name, value in headers if name == "subject"), "")),
        headers=headers,
        written=tuple((field.name, field.value) for field in fields),
        size=len(raw),
        problem=Unread.TOO_BIG if too_big else Unread.UNREADABLE if cut or not fields else None,
    )
    return _with_text(message, fields, body) if whole and not too_big else message


def _with_text(message: Message, fields: list[mime.Field], body: bytes) -> Message:
    """The message with its text; on an excess with the parts that came before."""
    texts: dict[str, list[str]] = {"html": [], "plain": []}
    problem = message.problem
    try:
        for part in mime.text_parts(fields, body):
            texts[part.subtype].append(part.text)
    except mime.Excess:
        problem = Unread.UNREADABLE
    html = "\n".join(texts["html"]) or None
    plain = "\n".join(texts["plain"]) or None
    lines: tuple[str, ...] = ()
    blocks: tuple[int, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    try:
        if html:
            lines, links, blocks = read_blocks(html)
    except TooDeep:
        problem = Unread.UNREADABLE
    if not lines and plain:
        lines, links, blocks = plain_lines(plain), links + plain_links(plain), plain_blocks(plain)
    return replace(
        message,
        html=html,
        plain=plain,
        lines=lines,
        blocks=blocks,
        links=tuple(Link(href, text) for href, text in links),
        problem=problem,
    )


def _content_id(fields: list[mime.Field], body: bytes) -> str:
    """Line ends, folding, an mbox's quoting of "From " and the headers of the route do not count."""
    digest = hashlib.sha256()
    for name in _OF_IDENTITY:
        for value in _values(fields, name):
            digest.update(f"{name}:{' '.join(value.split())}\n".encode())
    unquoted = _QUOTED_FROM.sub(lambda found: found[0].lstrip(b">"), body) if b">From " in body else body
    digest.update(b"\n" + unquoted.strip(b"\n"))
    return digest.hexdigest()


def _values(fields: Iterable[mime.Field], *names: str) -> list[str]:
    return [field.value for field in fields if field.name in names]


def _message_id(fields: list[mime.Field]) -> str | None:
    value = next(iter(_values(fields, "message-id")), "")
    found = _MESSAGE_ID.search(value)
    return found[0] if found else value.strip()[:998] or None


def _date(fields: list[mime.Field]) -> datetime | None:
    try:
        date = parsedate_to_datetime(next(iter(_values(fields, "date")), "")[:200])
        return (date if date.tzinfo else date.replace(tzinfo=UTC)) if date.astimezone(UTC) else None
    except (TypeError, ValueError, OverflowError, IndexError):
        return None


def _mailboxes(fields: list[mime.Field], *names: str) -> tuple[Mailbox, ...]:
    pairs = (pair for value in _values(fields, *names) for pair in read_addresses(value))
    return tuple(Mailbox(fold_line(name), address) for name, address in pairs)
