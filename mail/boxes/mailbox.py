"""A mailbox as configured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """How often and how long a lost connection is opened anew before the mailbox counts as unreachable."""

    attempts: int = 5
    seconds: float = 120.0
    first_pause: float = 1.0
    """Doubled each time, with jitter, up to 30 seconds. 0 in tests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxSpec:
    """A mailbox as configured."""

    name: str
    url: str
    """`imaps://user@host[:port]/FOLDER` (the user may hold an `@`), `imap://…`, `maildir:PATH`, `mbox:PATH`."""
    password: str | None = field(default=None, repr=False)
    access_token: Callable[[], str] | None = field(default=None, repr=False)
    """For OAuth 2: asked at each login, gives a token that is fresh."""
    since: date | None = None
    """What came before this day is left out."""
    timeout: float = 60.0
    """Seconds that a server may be silent."""
    retry: Retry = Retry()
