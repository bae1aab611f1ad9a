"""What a mailbox hands over: mails as bytes, in batches, with the cursor that may be stored once they are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Transient(Exception):
    """The mailbox cannot be reached now; trying again later may help."""


class Refused(Exception):
    """The mailbox said no (password, permissions): a human has to act."""


@dataclass(frozen=True, kw_only=True)
class RawMail:
    """A mail that could be ours, whole."""

    mailbox: str
    id: str
    """The mailbox's own id: `<uidvalidity>:<uid>`, a Maildir's unique name, an mbox's hash."""
    raw: bytes
    received_at: datetime | None = None
    """When the mailbox got it (INTERNALDATE, file time); aware."""
    too_big: bool = False
    """Only the headers were fetched."""


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Some mails, oldest first. Store `mails`, `others` and `cursor` in one transaction."""

    mails: tuple[RawMail, ...] = ()
    others: tuple[str, ...] = ()
    """Ids of mails that are none of ours: nothing else of them is kept."""
    cursor: str | None = None
    """Opaque; hand it back to `batches` next time."""
    note: str | None = None
    """What a human should know, such as a mailbox that was re-numbered."""


Known = Callable[[Sequence[str]], Collection[str]]
"""Which of some ids a mailbox showed before."""


class Source(Protocol):
    """A mailbox. Contract tests: tests/mail/test_sources.py."""

    name: str

    def batches(self, cursor: str | None, known: Known) -> Iterator[Batch]:
        """What came since `cursor`; ids that are `known` are left out. Raises Transient or Refused."""
        ...

    def wait(self, seconds: float) -> bool:
        """Block until something may have come (True) or `seconds` passed; a hint, never relied on."""
        ...

    def close(self) -> None: ...
