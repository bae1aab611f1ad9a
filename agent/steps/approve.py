"""Answers to the digest: each is judged once; one that holds queues, drops or changes the drafts that it names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from agent.approvals.answer import Answer, Taken, take
from agent.approvals.approving import Approving
from agent.approvals.saying import NotTaken
from agent.replies.reword import Unfit, reworded
from agent.steps.offer import fingerprint_of
from agent.store import Store, outbox
from agent.store import approvals as book
from agent.store.log import load_order
from agent.store.mails import StoredMail
from agent.vocabulary.status import Authenticity, Mode
from mail.answers import ANSWER, REFERENCE, is_own_digest, thread
from mail.automatic import automatic
from mail.genuine.authenticity import judge_own
from mail.genuine.trust import Trusted
from mail.parsing.message import parse, parse_headers

_HEADER = 262_144


@dataclass(frozen=True)
class _Ready:
    """A word that holds, and nothing stands against."""

    word: Taken
    row: outbox.OutboxRow
    text: str
    """The new text, of an edit."""


@dataclass(frozen=True, kw_only=True)
class Answered:
    """Counts of one round."""

    taken: int = 0
    refused: int = 0


def approve(
    store: Store, approving: Approving | None, receivers: Mapping[str, Trusted], mode: Mode, now: datetime
) -> Answered:
    """Judge the answers that came; `receivers` by mailbox. Each in one commit: taken whole, or refused with why."""
    taken = refused = 0
    with store.begin() as connection:
        waiting = book.unanswered_mails(connection, ANSWER, now)
    for mail in waiting:
        with store.begin() as connection:
            try:
                said = _judge(connection, mail, approving, receivers.get(mail.mailbox), mode, now)
            except NotTaken as why:
                refused += 1
                book.settle(connection, mail.id, now, taken=False, said=_refusal(mail, why))
            else:
                taken += said is not None
                book.settle(connection, mail.id, now, taken=said is not None, said=said)
    return Answered(taken=taken, refused=refused)


def read_answer(raw: bytes, approver: str, receiver: Trusted) -> Answer:
    """What a mail says as an answer. Its text is read only where the approver really sent it."""
    headers = parse_headers(raw[:_HEADER])
    verdict = judge_own(headers, approver.lower(), receiver)
    genuine = verdict.authenticity is Authenticity.VERIFIED
    message = parse(raw) if genuine else headers
    if message.problem is not None:
        raise NotTaken("it cannot be read")
    return Answer(
        sender=headers.senders[0].address if len(headers.senders) == 1 else "",
        name=headers.senders[0].name if headers.senders else "",
        genuine=genuine,
        why=verdict.reason,
        automatic=automatic(headers),
        subject=headers.subject,
        thread=thread(headers),
        text=message.plain,
    )


def _judge(
    connection: Connection,
    mail: StoredMail,
    approving: Approving | None,
    receiver: Trusted,
    mode: Mode,
    now: datetime,
) -> str | None:
    """What was done, for the seller; None for what is no answer of anybody. Raises NotTaken, having changed nothing."""
    headers = parse_headers(mail.raw[:_HEADER])
    named = set(REFERENCE.findall(f"{headers.subject} {thread(headers)}"[:_HEADER]))
    offers = book.offers_of(connection, {reference.removeprefix("ow-") for reference in named})
    if not offers or is_own_digest(headers):
        return None
    if approving is None:
        raise NotTaken("approval by reply is off: no mailbox has a receiver whose word about senders counts")
    if mail.too_big:
        raise NotTaken("it is too big")
    answer = read_answer(mail.raw, approving.approver, receiver)
    if answer.genuine:
        book.know_as_own(connection, mail.id, answer.why)
    if mode is Mode.OBSERVE:
        raise NotTaken("mode observe sends nothing")
    wanted = take(answer, offers, book.key_of(connection), approving.approver, now)
    ready = [_ready(connection, one, approving) for one in wanted]
    return " ".join(_do(connection, one, now) for one in ready)


def _ready(connection: Connection, word: Taken, approving: Approving) -> _Ready:
    """The draft as it is now: it still waits, and is what was shown, byte for byte. Raises NotTaken."""
    number = word.offer.number
    row = outbox.find(connection, word.offer.outbox_id)
    if row is None or row.state != "awaiting_approval":
        state = row.state.replace("_", " ") if row else "gone"
        state += f" ({row.reason})" if row and row.reason else ""
        raise NotTaken(f"draft {number} does not wait any more: it is {state}")
    if fingerprint_of(row) != word.offer.fingerprint:
        raise NotTaken(f"draft {number} has changed since it was shown: answer the next digest")
    order = load_order(connection, row.order_id)
    if order is None or not approving.covers(order.total):
        raise NotTaken(f"the order of draft {number} is above the amount: use `orderwatch approve {row.id}`")
    if word.verb != "edit":
        return _Ready(word, row, "")
    try:
        return _Ready(word, row, reworded(word.text, row.body, order))
    except Unfit as why:
        raise NotTaken(f"the new text of draft {number} would break eBay's rules or ours: {why}") from why


def _do(connection: Connection, ready: _Ready, now: datetime) -> str:
    """Carry out one word; what was done, in a sentence."""
    offer, row = ready.word.offer, ready.row
    if not book.use_up(connection, offer, now):
        raise NotTaken(f"draft {offer.number} of that digest was answered before")
    if ready.word.verb == "edit":
        outbox.rewrite(connection, row.id, ready.text, now)
        return f"Reply {row.id} bears your text now; it waits for your word."
    approved = ready.word.verb == "approve"
    outbox.decide(connection, row.id, "queued" if approved else "rejected", now)
    return f"Reply {row.id} was approved." if approved else f"Reply {row.id} was dropped."


def _refusal(mail: StoredMail, why: NotTaken) -> str:
    headers = parse_headers(mail.raw[:_HEADER])
    sender = headers.senders[0].address if headers.senders else "nobody"
    return f"An answer that I did not take, from {sender}, “{headers.subject[:80]}”: {why}"
