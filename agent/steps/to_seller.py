"""Mails to the seller that wait in the store: each is sent at least once, a repeat bearing the same Message-ID."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from agent.store import Store
from mail.sending.transport import SendRefused, SendUncertain, Transport


class Waiting(Protocol):
    @property
    def message_id(self) -> str: ...
    @property
    def mail(self) -> bytes: ...


class Book(Protocol):
    """Where it is kept what left."""

    def mark_sent(self, connection: Connection, message_id: str, now: datetime) -> None: ...
    def mark_failed(self, connection: Connection, message_id: str, error: str, now: datetime) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Left:
    sent: int = 0
    failed: int = 0
    why: str | None = None
    """Why the last one did not leave."""


def send_waiting(
    store: Store, book: Book, waiting: Iterable[Waiting], transport: Transport, sender: str, to: str, now: datetime
) -> Left:
    """Send each; what fails, or may have left, is tried again in a later round."""
    sent, failed, why = 0, 0, None
    for one in waiting:
        try:
            transport.send(one.mail, sender, to)
        except (SendRefused, SendUncertain) as error:
            with store.begin() as connection:
                book.mark_failed(connection, one.message_id, str(error), now)
            failed, why = failed + 1, str(error)
            continue
        with store.begin() as connection:
            book.mark_sent(connection, one.message_id, now)
        sent += 1
    return Left(sent=sent, failed=failed, why=why)
