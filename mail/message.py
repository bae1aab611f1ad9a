"""Bytes to `Message`: the only file that knows MIME."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from agent.vocabulary.status import Unread


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
    html: str | None = None
    plain: str | None = None
    lines: tuple[str, ...] = ()
    """The visible text, a line per block, hidden preheaders and scripts left out; of HTML where there is one."""
    links: tuple[Link, ...] = ()
    size: int = 0
    problem: Unread | None = None
    """`UNREADABLE` or `TOO_BIG`: what is here may be only part of the mail."""

    def header(self, name: str) -> str | None:
        """The topmost header of that name."""
        return next((value for key, value in self.headers if key == name.lower()), None)

    def all_headers(self, name: str) -> tuple[str, ...]:
        return tuple(value for key, value in self.headers if key == name.lower())
