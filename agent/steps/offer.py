"""Number the drafts of a digest and give each its buttons, so that the seller can answer it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote

from sqlalchemy import Connection

from agent.approvals.approving import LONGEST, MOST, Approving
from agent.approvals.codes import LASTS, Offer, button_code, digest_code, fingerprint, reference_of
from agent.approvals.words import Verb
from agent.digest.day import Day, DigestDraft
from agent.digest.incidents import answer_of, batches, single_drafts
from agent.digest.untrusted import block
from agent.store.approvals import key_of, put_offers
from agent.store.log import load_order
from agent.store.outbox import OutboxRow, rows

_LONGEST_BUTTON = 1900
"""Characters of an address that every mail program opens."""


def offer(connection: Connection, day: Day, approving: Approving, now: datetime) -> Day:
    """The day with numbers, buttons and a code, where drafts wait that may be approved by an answer."""
    waiting = {str(row.id): row for row in rows(connection, ["awaiting_approval"])}
    offered = [
        row
        for draft in _shown(day)
        if (row := waiting.get(draft.id)) and _may(connection, row, approving)
    ]  # fmt: skip
    if not offered:
        return day
    reference = reference_of(secrets.token_bytes(5))
    offers = tuple(
        Offer(
            reference=reference,
            number=number,
            outbox_id=row.id,
            fingerprint=fingerprint_of(row),
            ends_at=now + LASTS,
        )
        for number, row in enumerate(offered, start=1)
    )
    put_offers(connection, offers)
    key = key_of(connection)
    numbered = {str(one.outbox_id): one for one in offers}
    drafts = tuple(_numbered(draft, numbered.get(draft.id), key, approving) for draft in day.drafts)
    code = digest_code(key, offers)
    return _with_batches(replace(day, drafts=drafts, reference=f"ow-{reference}", answer_code=code), approving)


def _shown(day: Day) -> Iterator[DigestDraft]:
    """The drafts whose text the digest shows, in its order."""
    yield from single_drafts(day)[:MOST]
    for batch in batches(day):
        yield from batch.whole


def _with_batches(day: Day, approving: Approving) -> Day:
    """A button for each storm's drafts, beside those of the first. It bears the digest's code: it names several."""
    first: dict[str, tuple[str, str]] = {}
    for batch in batches(day):
        drafts = [draft for draft in batch.whole if draft.number]
        if words := answer_of(drafts):
            subject = quote(f"{words} [{day.answer_code}]", safe="")
            start = f"mailto:{quote(approving.answers_to, safe='@+')}?subject={subject}&body="
            first[drafts[0].id] = (f"Send all {len(drafts)}", start + quote(words, safe=""))
    return replace(
        day,
        drafts=tuple(
            replace(one, buttons=(first[one.id], *one.buttons)) if one.id in first else one for one in day.drafts
        ),
    )


def fingerprint_of(row: OutboxRow) -> str:
    """A hash of what would leave, and to whom."""
    return fingerprint(row.recipient, row.subject, row.body, row.in_reply_to)


def _may(connection: Connection, row: OutboxRow, approving: Approving) -> bool:
    """Whether an answer could let it leave: it has an address, was shown whole, and its order is not too dear."""
    order = load_order(connection, row.order_id)
    return bool(row.recipient) and _shown_whole(row.body) and order is not None and approving.covers(order.total)


def _shown_whole(body: str) -> bool:
    """Whether the digest shows every word: not cut, and nothing in it made harmless."""
    return block(body, LONGEST).split() == body.split()


def _numbered(draft: DigestDraft, offer: Offer | None, key: bytes, approving: Approving) -> DigestDraft:
    if offer is None:
        return draft
    words: Sequence[tuple[str, Verb, str]] = (
        ("Send", "approve", "ok"),
        ("Drop", "reject", "no"),
        ("Change", "edit", f"edit: {draft.body}"),
    )
    buttons = tuple(
        (label, _button(approving.answers_to, offer.number, word, button_code(key, offer, verb)))
        for label, verb, word in words
    )
    return replace(draft, number=offer.number, buttons=buttons)


def _button(address: str, number: int, word: str, code: str) -> str:
    """A `mailto:` with the word in its text (RFC 6068); a text too long for an address is left to be pasted."""
    short, colon, _ = word.partition(":")
    start = f"mailto:{quote(address, safe='@+')}?subject={quote(f'{number} {short} [{code}]', safe='')}&body="
    whole = start + quote(f"{number} {word}".replace("\n", "\r\n"), safe="")
    return whole if len(whole) <= _LONGEST_BUTTON else start + quote(f"{number} {short}{colon} ", safe="")
