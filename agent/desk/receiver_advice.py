"""Whether a mailbox's provider says anything about who sent its mail, and what to configure where it does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Connection

from agent.config.settings import Mailbox
from agent.store.mails import load_mails, newest_of_ours
from mail.genuine.receivers import authserv_ids, provider_of, trusted_results
from mail.parsing.message import parse_headers
from mail.parsing.mime import normalised

LOOKED_AT = 20
FEWEST = 3
"""Of fewer mails nothing is concluded."""


def receiver_advice(connection: Connection, mailbox: Mailbox) -> str | None:
    """What is wrong with a mailbox's `receiver`, as its stored mails show, and what to write instead; None: nothing."""
    if mailbox.own_dkim:
        return None
    headers = [
        normalised(stored.raw).partition(b"\n\n")[0]
        for stored in load_mails(connection, newest_of_ours(connection, mailbox.name, LOOKED_AT))
        if stored.raw  # what was purged says nothing
    ]
    return _advice(mailbox.receiver, headers)


def _advice(receiver: str | None, headers: Sequence[bytes]) -> str | None:
    messages = [parse_headers(header) for header in headers]
    if len(messages) < FEWEST or any(trusted_results(message, receiver) for message in messages):
        return None
    topmost = [ids[0] for message in messages if (ids := authserv_ids(message))]
    whose = f"results of {receiver}" if receiver else "results of a receiver that is configured"
    said = f"none of the last {len(messages)} mails of eBay or carriers bears {whose}, so none counts as genuine"
    if not topmost:
        return (
            f"{said}; they bear no Authentication-Results at all. If your provider adds none, "
            "write own_dkim: true to have signatures checked here"
        )
    written, count = Counter(topmost).most_common(1)[0]
    seen = ", ".join(sorted({one or "no name (Microsoft's form)" for one in topmost})[:5])
    if receiver and written == receiver.strip().lower():
        return (
            f"{said}: theirs stand below a hop of another host, so they may have come with the mail. "
            "Write own_dkim: true to have signatures checked here"
        )
    name = provider_of(written) or written
    if count * 2 <= len(messages) or name is None:
        return f"{said}; they bear results of {seen}. Write your own provider's as receiver, or own_dkim: true"
    return f"{said}; they bear results of {seen}. If that is who receives your mail, write receiver: {name}"
