"""A shop's log lived through once more, with policies as if they were armed. READ THIS FIRST.

Nothing is judged by other rules than the daemon's: the log grows, in a store in memory, as it grew then, and whenever
there is news or something is due the daemon's own steps decide and act. What would have left is kept instead, and
counts as a contact from then on. Values in, values out: the same log and the same policies give the same replay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select

from agent.codec import decisions_from_json, order_from_json
from agent.policies.decision import Decision
from agent.simulation.deeds import Deed, Outcome, Replay, claimed_at
from agent.simulation.history import History, Known
from agent.steps.act import act
from agent.steps.decide import decide
from agent.steps.rules import Rules
from agent.store import Store, open_store
from agent.store.bulk import read_by, write
from agent.store.log import append
from agent.store.orders import current_remarks
from agent.store.outbox import OutboxRow, rows
from agent.store.tables import mails, orders, outbox
from agent.vocabulary.events import ReplySent
from agent.vocabulary.status import Mode

PAUSE, LONG_PAUSE = timedelta(hours=1), timedelta(hours=6)
"""The least time between two judgements: when a text was written is told no closer. The long one is for large shops."""
_LARGE = 20_000
"""Entries of the log from which on a shop is large."""
_NOBODY = "seller@orderwatch.invalid"


class _NoWayOut:
    """Takes every mail and lets none leave."""

    def send(self, mail: bytes, sender: str, recipient: str) -> None:
        """It would have left here."""

    def check(self) -> None:
        """Nothing can be wrong with it."""

    def close(self) -> None:
        """Nothing is held open."""


@dataclass
class _Wanted:
    """A decision that was made, from the first time on."""

    decision: Decision
    at: datetime
    refused: list[str] = field(default_factory=list)
    stands: bool = True
    """Whether nothing refused it when it was last made."""


def replay(
    past: History,
    rules: Rules,
    *,
    since: datetime,
    until: datetime,
    pause: timedelta | None = None,
    rounds: Sequence[datetime] | None = None,
) -> Replay:
    """What these rules would have done from `since` to `until`; before, the log only grew.

    `rounds`: judge at these times, rather than whenever there is news or something is due.
    """
    armed = frozenset(policy.name for policy in rules.policies)
    live = replace(rules, mode=Mode.LIVE, sender=rules.sender or _NOBODY, armed=armed)
    known = [one for one in past.entries if one.at <= until]
    pause = pause or (PAUSE if len(known) < _LARGE else LONG_PAUSE)
    store = open_store("sqlite://")
    try:
        life = _Life(store, live, known)
        for at in rounds if rounds is not None else life.moments(since, until, pause):
            life.round(at)
        return life.told(since, until, past)
    finally:
        store.close()


class _Life:
    """The shop in memory, from one moment to the next."""

    def __init__(self, store: Store, rules: Rules, known: Sequence[Known]) -> None:
        self.store = store
        self.rules = rules
        self.news = [one for one in known if not isinstance(one.entry.event, ReplySent)]
        self.replies = [one for one in known if isinstance(one.entry.event, ReplySent)]
        self.read = self.answered = 0
        self.wanted: dict[str, _Wanted] = {}
        self.remarks: dict[str, None] = {}
        with store.begin() as connection:
            _keep_message_ids(connection, known)

    def moments(self, since: datetime, until: datetime, pause: timedelta) -> Iterator[datetime]:
        """Whenever something is new or due, `pause` apart; each is lived through before the next is asked for."""
        at = since
        while at <= until:
            yield at
            following = self._next(at)
            if following is None:
                return
            at = max(following, at + pause)

    def _next(self, at: datetime) -> datetime | None:
        with self.store.begin() as connection:  # what is due still could not be judged: it waits for news
            due = select(func.min(orders.c.next_due_at)).where(orders.c.next_due_at > at)
            quiet = select(func.min(outbox.c.not_before)).where(outbox.c.state == "queued")
            found = [when for query in (due, quiet) if (when := connection.scalar(query)) is not None]
        found += [self.news[self.read].at] if self.read < len(self.news) else []
        found += [self.replies[self.answered].at] if self.answered < len(self.replies) else []
        return min(found, default=None)

    def round(self, at: datetime) -> None:
        """One round of the daemon: what is new is logged, what is due is judged, what may leave leaves."""
        start = self.read
        while self.read < len(self.news) and self.news[self.read].at <= at:
            self.read += 1
        with self.store.begin() as connection:
            append(connection, [one.entry for one in self.news[start : self.read]], at)
        self._decide(at)
        if act(self.store, _NoWayOut(), self.rules.sender, at).ended:
            self._decide(at)
        self._really_sent(at)

    def _decide(self, at: datetime) -> None:
        with self.store.begin() as connection:
            due = list(connection.scalars(select(orders.c.order_id).where(orders.c.next_due_at <= at)))
        decide(self.store, self.rules, at)
        with self.store.begin() as connection:
            made = read_by(connection, select(orders.c.decisions), orders.c.order_id, due)
            self.remarks |= dict.fromkeys(current_remarks(connection))
        for decision in (one for row in made for one in decisions_from_json(row.decisions)):
            known = self.wanted.setdefault(decision.key, _Wanted(decision, at))
            known.stands = decision.refused is None
            if decision.refused is not None and decision.refused not in known.refused:
                known.refused.append(decision.refused)

    def _really_sent(self, at: datetime) -> None:
        """What the shop did send counts too, unless the replay has answered the same matter already."""
        start = self.answered
        while self.answered < len(self.replies) and self.replies[self.answered].at <= at:
            self.answered += 1
        if start == self.answered:
            return
        with self.store.begin() as connection:
            told = {(row.order_id, row.risk) for row in rows(connection, ["sent"])}
            entries = [one.entry for one in self.replies[start : self.answered]]
            append(connection, [one for one in entries if (one.event.order_id, _risk(one.event)) not in told], at)

    def told(self, since: datetime, until: datetime, past: History) -> Replay:
        with self.store.begin() as connection:
            folded = [order_from_json(text) for text in connection.scalars(select(orders.c.folded))]
            texts = {row.key: row for row in rows(connection)}
        buyers = {order.order_id: order.buyer for order in folded}
        deeds = [_deed(one, texts.get(key), buyers.get(one.decision.order_id)) for key, one in self.wanted.items()]
        claims = {order.order_id: at for order in folded if (at := claimed_at(order)) is not None}
        first = min((one.at for one in past.entries), default=until)
        return Replay(
            since=max(since, first),
            until=until,
            orders=len(folded),
            entries=self.read + self.answered,
            backfilled=past.backfilled,
            began=past.began,
            deeds=tuple(sorted(deeds, key=lambda one: (one.at, one.order_id, one.policy, one.action, one.key))),
            claims=dict(sorted(claims.items())),
            remarks=tuple(self.remarks),
        )


def _keep_message_ids(connection: Connection, known: Iterable[Known]) -> None:
    """Of the mails nothing is needed but the id that an answer is threaded by."""
    ids = {one.entry.mail_id: one for one in known if one.entry.mail_id is not None}
    values = [
        {"id": id_, "mailbox": "", "raw": b"", "stored_at": one.at, "message_id": one.message_id}
        for id_, one in ids.items()
    ]
    write(connection, insert(mails), values)


def _risk(event: object) -> str:
    return (event.risk or "") if isinstance(event, ReplySent) else ""


def _deed(wanted: _Wanted, row: OutboxRow | None, buyer: str | None) -> Deed:
    made = wanted.decision
    outcome: Outcome = "refused"
    if row is not None:
        outcome = "sent" if row.state in ("queued", "sent", "unknown") else "drafted"
    elif wanted.stands and made.situation is None:
        outcome = "shown"
    return Deed(
        key=made.key,
        policy=made.policy,
        action=made.action,
        order_id=made.order_id,
        buyer=buyer,
        risk=made.risk,
        episode=made.episode,
        severity=made.severity,
        situation=made.situation,
        at=wanted.at if row is None else row.updated_at if outcome == "sent" else row.created_at,
        wanted_at=wanted.at,
        outcome=outcome,
        refused=tuple(wanted.refused),
        note=made.text if made.situation is None else "",
        recipient=row.recipient if row is not None else "",
        subject=row.subject if row is not None else "",
        body=row.body if row is not None else "",
        language=row.language if row is not None else "",
    )
