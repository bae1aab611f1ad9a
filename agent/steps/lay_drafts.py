"""Drafts that wait lie in the seller's own Drafts folder too, and no others of ours do.

One that lies there no more was sent by hand, or thrown away. Which of the two it was is asked of the folder of sent
mail before anything leaves, so that nothing is said twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import Connection

from agent.steps.act import logged
from agent.steps.offer import fingerprint_of
from agent.store import Store
from agent.store.laid_drafts import LaidDraft, laid, lay, miss, take_up
from agent.store.log import append
from agent.store.outbox import OutboxRow, State, change, rows, rows_of_buyers
from mail.boxes.raw import Refused, Transient
from mail.boxes.sent_folders import LaidMail
from mail.sending.outgoing import Unbuildable, build_mail

GRACE = timedelta(minutes=15)
"""A mail program takes a draft away before, or while, it keeps what was sent: so long nothing is concluded."""
_LOOKED_FOR = timedelta(days=14)
"""How long a draft that went missing may yet turn up among sent mail: a mail program may keep it to be finished."""
_MAY_LEAVE: tuple[State, ...] = ("awaiting_approval", "queued")
BY_HAND = "sent by hand from your Drafts folder"
GONE = "its draft is gone from your Drafts folder and not among your sent mail: it may have left, or was thrown away"


class Drafts(Protocol):
    """A folder of drafts, such as `mail.boxes.drafts_folder`."""

    def missing(self, laid: Collection[LaidMail], others: Collection[str]) -> dict[str, bool]: ...

    def change(self, put: dict[str, bytes], take_back: set[str]) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Laid:
    """What one round did there."""

    put: int = 0
    taken_back: int = 0
    sent: int = 0
    """Found to have been sent by hand."""
    unknown: int = 0
    """Gone, and not among sent mail."""
    held: frozenset[int] = frozenset()
    """Rows of the outbox that must not leave now: they may have left from there, or still could."""
    why: str | None = None
    """Why the folder could not be read or written; the next round tries again."""


def lay_drafts(store: Store, folder: Drafts | None, sender: str, now: datetime) -> Laid:
    """Make the folder hold what waits. A stop in between repeats nothing: a draft is known by its Message-ID."""
    if folder is None:
        return Laid()
    with store.begin() as connection:
        before = laid(connection)
        others = _known_ids(connection, before)
    try:
        missing = folder.missing([_as_mail(one, one.row) for one in before if one.row], others) if before else {}
    except (Transient, Refused) as error:
        return Laid(why=str(error), held=_rows(before))
    with store.begin() as connection:
        ended = _conclude(connection, missing, now)
        there = laid(connection)
        waiting = {_message_id(row, sender): row for row in rows(connection, ["awaiting_approval"]) if row.recipient}
    uncertain = _rows(one for one in there if one.message_id in missing)
    done = Laid(sent=ended.count("sent"), unknown=ended.count("unknown"), held=uncertain)
    known = {one.message_id for one in there}
    gone = known - set(waiting) - set(missing)
    fresh = {
        id_: mail
        for id_, row in waiting.items()
        if id_ not in known and row.id not in uncertain and (mail := _mail(id_, row, sender, now))
    }
    if not fresh and not gone:
        return done
    try:
        folder.change(fresh, gone)
    except (Transient, Refused) as error:
        return Laid(sent=done.sent, unknown=done.unknown, why=str(error), held=_rows(there))
    with store.begin() as connection:
        take_up(connection, gone)
        lay(connection, {id_: waiting[id_].id for id_ in fresh}, now)
    return Laid(sent=done.sent, unknown=done.unknown, held=uncertain, put=len(fresh), taken_back=len(gone))


def _conclude(connection: Connection, missing: Mapping[str, bool], now: datetime) -> list[State]:
    """What became of drafts that lie there no more; the states that their rows came to."""
    ended: list[State] = []
    for one in laid(connection):
        if one.message_id not in missing:
            if one.missing_since is not None:
                miss(connection, one.message_id, None)
            continue
        since = one.missing_since or now
        if one.missing_since is None:
            miss(connection, one.message_id, now)
        if one.row is not None and missing[one.message_id]:
            take_up(connection, [one.message_id])
            if one.row.state != "sent":
                ended.append(_end(connection, one.row, "sent", BY_HAND, now))
        elif one.row is None or now - since >= _LOOKED_FOR:
            take_up(connection, [one.message_id])
        elif one.row.state in _MAY_LEAVE and now - since >= GRACE:
            ended.append(_end(connection, one.row, "unknown", GONE, now))
    return ended


def _end(connection: Connection, row: OutboxRow, state: State, reason: str, now: datetime) -> State:
    change(connection, row.id, state, now, reason)
    append(connection, [logged(row, state, now)], now)
    return state


def _known_ids(connection: Connection, drafts: Iterable[LaidDraft]) -> set[str]:
    """Message-IDs of the mails that we sent to the same people ourselves."""
    recipients = {one.row.recipient for one in drafts if one.row}
    return {row.message_id for row in rows_of_buyers(connection, recipients)} if recipients else set()


def _rows(drafts: Iterable[LaidDraft]) -> frozenset[int]:
    return frozenset(one.row.id for one in drafts if one.row)


def _as_mail(draft: LaidDraft, row: OutboxRow) -> LaidMail:
    return LaidMail(
        message_id=draft.message_id,
        recipient=row.recipient,
        subject=row.subject,
        in_reply_to=row.in_reply_to,
        at=draft.at,
    )


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
