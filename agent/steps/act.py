"""Send what is queued, at most once each: the row says `sending` on disk before a byte leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from agent.store import Store
from agent.store.log import Entry, append
from agent.store.outbox import OutboxRow, State, change, recover, rows
from agent.vocabulary.events import ReplySent
from mail.sending.outgoing import Unbuildable, build_mail
from mail.sending.transport import SendRefused, SendUncertain, Transport


@dataclass(frozen=True, kw_only=True)
class Acted:
    sent: int = 0
    failed: int = 0
    unknown: int = 0

    @property
    def ended(self) -> int:
        """Replies whose sending came to an end, whichever."""
        return self.sent + self.failed + self.unknown


def recover_sending(store: Store, now: datetime) -> int:
    """At start: what was being sent when we stopped may have left. It is `unknown`, and goes to the seller."""
    with store.begin() as connection:
        cut_off = recover(connection, now)
        append(connection, [logged(row, "unknown", now) for row in cut_off], now)
    return len(cut_off)


def act(
    store: Store, transport: Transport | None, sender: str, now: datetime, held: frozenset[int] = frozenset()
) -> Acted:
    """Send every queued reply whose hour has come but those `held`, by row; without a transport they stay queued."""
    if transport is None:
        return Acted()
    with store.begin() as connection:
        waiting = [row for row in rows(connection, ["queued"]) if row.id not in held]
        queued = [row for row in waiting if row.not_before is None or row.not_before <= now]
    ended: list[State] = []
    for row in queued:
        with store.begin() as connection:
            change(connection, row.id, "sending", now)
        state, reason = attempt(transport, row, sender, now)
        with store.begin() as connection:
            change(connection, row.id, state, now, reason)
            append(connection, [logged(row, state, now)], now)
        ended.append(state)
    return Acted(sent=ended.count("sent"), failed=ended.count("failed"), unknown=ended.count("unknown"))


def attempt(transport: Transport, row: OutboxRow, sender: str, now: datetime) -> tuple[State, str | None]:
    """Send one reply; what came of it, and why where it did not leave."""
    try:
        mail = build_mail(
            sender=sender,
            recipient=row.recipient,
            subject=row.subject,
            text=row.body,
            message_id=row.message_id,
            date=now,
            in_reply_to=row.in_reply_to,
            references=(row.in_reply_to,) if row.in_reply_to else (),
            auto_submitted="auto-replied",
        )
        transport.send(mail, sender, row.recipient)
    except (SendRefused, Unbuildable) as error:
        return "failed", str(error)
    except SendUncertain as error:
        return "unknown", str(error)
    return "sent", None


def logged(row: OutboxRow, state: State, now: datetime) -> Entry:
    """What became of a reply, for the log; what was `unknown` and turned out otherwise is another entry."""
    event = ReplySent(
        occurred_at=now,
        seen_at=now,
        source=f"outbox:{row.id}",
        order_id=row.order_id,
        outbox_id=str(row.id),
        risk=row.risk,
        state="unknown" if state == "unknown" else "failed" if state == "failed" else "sent",
    )
    known = " found" if row.state == "unknown" else ""
    return Entry(id=f"reply {row.key}{known}", event=event)
