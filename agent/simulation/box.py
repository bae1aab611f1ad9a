"""An outbox in memory, whose rows change as those of `agent.store.outbox` do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, replace
from datetime import datetime

from agent.store.outbox import NEVER_LEFT, WAITING, NewRow, OutboxRow, State


class Box:
    """Rows by key, in the order in which they were made."""

    def __init__(self) -> None:
        self.rows: dict[str, OutboxRow] = {}
        self._of_order: dict[str, list[str]] = defaultdict(list)
        self._of_buyer: dict[str, set[str]] = defaultdict(set)
        self._touched: list[tuple[datetime, str]] = []

    def put(self, row: NewRow, now: datetime) -> None:
        """Add a row unless its key is there; one that came to nothing is taken over."""
        known = self.rows.get(row.key)
        if known is None:
            self._of_order[row.order_id].append(row.key)
            self._keep(OutboxRow(**asdict(row), id=len(self.rows) + 1, created_at=now, updated_at=now))
        elif known.state in NEVER_LEFT and row.state != known.state:
            self._keep(replace(known, **asdict(row), updated_at=now))

    def renew(self, row: NewRow, now: datetime) -> None:
        """Write a text anew that has waited too long."""
        known = self.rows.get(row.key)
        if known is None or known.state not in WAITING or known.stale_at is None or known.stale_at > now:
            return
        self._keep(
            replace(
                known,
                subject=row.subject,
                body=row.body,
                recipient=row.recipient,
                in_reply_to=row.in_reply_to,
                updated_at=now,
            )
        )

    def change(self, row: OutboxRow, state: State, now: datetime, reason: str | None = None) -> None:
        self._keep(replace(row, state=state, updated_at=now, reason=reason))

    def waiting(self, order_id: str) -> list[OutboxRow]:
        """The texts to an order that wait."""
        return [row for key in self._of_order[order_id] if (row := self.rows[key]).state in WAITING]

    def queued(self) -> list[OutboxRow]:
        return [row for row in self.rows.values() if row.state == "queued"]

    def past(self, order_ids: Iterable[str], buyers: Collection[str], since: datetime) -> list[OutboxRow]:
        """What the guard must know of: the rows to these orders and buyers, and every row that changed since then."""
        keys = {key for order_id in order_ids for key in self._of_order[order_id]}
        keys |= {key for buyer in buyers for key in self._of_buyer.get(buyer, ())}
        keys.update(self._since(since))
        return [self.rows[key] for key in keys]

    def _since(self, since: datetime) -> Iterator[str]:
        for at, key in reversed(self._touched):
            if at < since:
                return
            yield key

    def _keep(self, row: OutboxRow) -> None:
        self.rows[row.key] = row
        self._touched.append((row.updated_at, row.key))
        for whom in (row.buyer, row.recipient):
            if whom is not None:
                self._of_buyer[whom].add(row.key)
