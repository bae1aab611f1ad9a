"""A shop's log lived through once more, with policies as if they were armed. READ THIS FIRST.

Nothing is judged by other rules than the daemon's: the log grows, in memory, as it grew then, and whenever there is
news or something is due the daemon's own judging decides. What would have left is kept instead, and counts as a contact
from then on. Values in, values out: the same log and the same policies give the same replay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from agent.policies.decision import Decision
from agent.simulation.box import Box
from agent.simulation.deeds import Deed, Outcome, Replay, claimed_at
from agent.simulation.history import History, Known
from agent.simulation.ledger import Ledger
from agent.steps.act import attempt, logged
from agent.steps.decide import NO_LONGER, unwanted
from agent.steps.effects import notes
from agent.steps.judging import Plan, ruled
from agent.steps.rules import Rules
from agent.store.orders import Judged
from agent.store.outbox import OutboxRow
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
    life = _Life(live, known)
    for at in rounds if rounds is not None else life.moments(since, until, pause):
        life.round(at)
    return life.told(since, until, past)


class _Life:
    """The shop in memory, from one moment to the next."""

    def __init__(self, rules: Rules, known: Sequence[Known]) -> None:
        self.rules = rules
        self.news = [one for one in known if not isinstance(one.entry.event, ReplySent)]
        self.replies = [one for one in known if isinstance(one.entry.event, ReplySent)]
        self.read = self.answered = 0
        self.ledger = Ledger({one.entry.mail_id: one.message_id for one in known if one.entry.mail_id is not None})
        self.box = Box()
        self.decided: dict[str, tuple[Decision, ...]] = {}
        self.wanted: dict[str, _Wanted] = {}
        self.remarks: dict[str, None] = {}

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
        # What is due still could not be judged: it waits for news.
        found = [due for due in self.ledger.due.values() if due is not None and due > at]
        found += [row.not_before for row in self.box.queued() if row.not_before is not None]
        found += [self.news[self.read].at] if self.read < len(self.news) else []
        found += [self.replies[self.answered].at] if self.answered < len(self.replies) else []
        return min(found).astimezone(UTC) if found else None

    def round(self, at: datetime) -> None:
        """One round of the daemon: what is new is logged, what is due is judged, what may leave leaves."""
        start = self.read
        while self.read < len(self.news) and self.news[self.read].at <= at:
            self.read += 1
        self.ledger.append([one.entry for one in self.news[start : self.read]], at)
        self._decide(at)
        if self._act(at):
            self._decide(at)
        self._really_sent(at)

    def _decide(self, at: datetime) -> None:
        """As `steps.decide` does it."""
        due = sorted(id_ for id_, when in self.ledger.due.items() if when is not None and when <= at)
        plan = Plan()
        for one in (self._known(order_id) for order_id in due):
            order_id = one.order.order_id
            try:
                known = replace(one, order=self.ledger.with_history(one.order))
                plan.add(known, self.ledger.log(order_id), self.box.waiting(order_id), self.rules, at)
            except Exception as error:  # noqa: BLE001 -- one order that breaks a rule must not hide all others
                plan.add_broken(one, error)
        self._carry_out(plan, at)
        for decision in (made for order_id in due for made in self.decided.get(order_id, ())):
            known_want = self.wanted.setdefault(decision.key, _Wanted(decision, at))
            known_want.stands = decision.refused is None
            if decision.refused is not None and decision.refused not in known_want.refused:
                known_want.refused.append(decision.refused)

    def _known(self, order_id: str) -> Judged:
        due = self.ledger.due[order_id]
        return Judged(order=self.ledger.orders[order_id], risks=(), decisions=(), next_due_at=due)

    def _carry_out(self, plan: Plan, at: datetime) -> None:
        orders = {wish.order.order_id for wish in plan.wishes}
        past = self.box.past(orders, {wish.planned.buyer for wish in plan.wishes}, at - timedelta(days=1))
        ruling = ruled(plan, past if plan.wishes else (), self.rules, at)
        self.ledger.append(notes(ruling.judged, at), at)
        for one in ruling.judged:
            self.decided[one.order.order_id] = one.decisions
            self.ledger.due[one.order.order_id] = one.next_due_at
        for row in ruling.anew:
            self.box.renew(row, at)
        for row in ruling.new:
            self.box.put(row, at)
        for one in ruling.judged:
            for stale in unwanted(self.box.waiting(one.order.order_id), one):
                self.box.change(stale, "expired", at, NO_LONGER)
        suspicious = (ruling.verdict.suspicious,) if ruling.verdict.suspicious else ()
        self.remarks |= dict.fromkeys(sorted({*suspicious, *plan.broken}))

    def _act(self, at: datetime) -> bool:
        """As `steps.act` does it; whether anything left."""
        leaving = [row for row in self.box.queued() if row.not_before is None or row.not_before <= at]
        for row in leaving:
            state, reason = attempt(_NoWayOut(), row, self.rules.sender, at)
            self.box.change(row, state, at, reason)
            self.ledger.append([logged(row, state, at)], at)
        return bool(leaving)

    def _really_sent(self, at: datetime) -> None:
        """What the shop did send counts too, unless the replay has answered the same matter already."""
        start = self.answered
        while self.answered < len(self.replies) and self.replies[self.answered].at <= at:
            self.answered += 1
        if start == self.answered:
            return
        told = {(row.order_id, row.risk) for row in self.box.rows.values() if row.state == "sent"}
        entries = [one.entry for one in self.replies[start : self.answered]]
        self.ledger.append([one for one in entries if (one.event.order_id, _risk(one.event)) not in told], at)

    def told(self, since: datetime, until: datetime, past: History) -> Replay:
        folded = self.ledger.orders.values()
        texts = self.box.rows
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


def _risk(event: object) -> str:
    return (event.risk or "") if isinstance(event, ReplySent) else ""


def _deed(wanted: _Wanted, row: OutboxRow | None, buyer: str | None) -> Deed:
    made = wanted.decision
    outcome: Outcome = "refused"
    if row is not None:
        outcome = "sent" if row.state in ("queued", "sent", "unknown") else "drafted"
    elif wanted.stands and made.situation is None:
        outcome = "nothing" if made.action == "stop" else "shown"
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
