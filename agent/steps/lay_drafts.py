"""Drafts that wait lie in the seller's own Drafts folder too, and no others of ours do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from agent.steps.offer import fingerprint_of
from agent.store import Store
from agent.store.laid_drafts import laid, lay, take_up
from agent.store.outbox import OutboxRow, rows
from mail.boxes.raw import Refused, Transient
from mail.sending.outgoing import Unbuildable, build_mail


class Drafts(Protocol):
    """A folder of drafts, such as `mail.boxes.drafts_folder`."""

    def change(self, put: dict[str, bytes], take_back: set[str]) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Laid:
    """What one round did there."""

    put: int = 0
    taken_back: int = 0
    why: str | None = None
    """Why the folder could not be written; the next round tries again."""


def lay_drafts(store: Store, folder: Drafts | None, sender: str, now: datetime) -> Laid:
    """Make the folder hold what waits. A stop in between repeats nothing: a draft is known by its Message-ID."""
    if folder is None:
        return Laid()
    with store.begin() as connection:
        waiting = {_message_id(row, sender): row for row in rows(connection, ["awaiting_approval"]) if row.recipient}
        there = laid(connection)
    gone = set(there) - set(waiting)
    fresh = {id_: mail for id_, row in waiting.items() if id_ not in there and (mail := _mail(id_, row, sender, now))}
    if not fresh and not gone:
        return Laid()
    try:
        folder.change(fresh, gone)
    except (Transient, Refused) as error:
        return Laid(why=str(error))
    with store.begin() as connection:
        take_up(connection, gone)
        lay(connection, {id_: waiting[id_].id for id_ in fresh}, now)
    return Laid(put=len(fresh), taken_back=len(gone))


def _message_id(row: OutboxRow, sender: str) -> str:
    """One for each text of each row: a draft that was changed is another."""
    return f"<draft.{row.id}.{fingerprint_of(row)[:24]}@{sender.rpartition('@')[2]}>"


def _mail(message_id: str, row: OutboxRow, sender: str, now: datetime) -> bytes | None:
    """The draft as a mail; None where no mail can be made of it, which the digest shows when it is approved."""
    try:
        return build_mail(
            sender=sender,
            recipient=row.recipient,
            subject=row.subject,
            text=row.body,
            message_id=message_id,
            date=now,
            in_reply_to=row.in_reply_to,
            auto_submitted="auto-generated",
        )
    except Unbuildable:
        return None
