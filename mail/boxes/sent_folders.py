"""Where a mailbox keeps what was sent from it, and which of its mails are there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from imapclient import IMAPClient

from mail.parsing.mime import decode_words

_NAMES = frozenset(
    {
        "sent",
        "sent items",
        "sent mail",
        "sent messages",
        "sent objects",
        "gesendet",
        "gesendete elemente",
        "gesendete objekte",
        "gesendete nachrichten",
        "envoyés",
        "éléments envoyés",
        "messages envoyés",
        "courrier envoyé",
        "inviati",
        "inviata",
        "posta inviata",
        "elementi inviati",
        "messaggi inviati",
        "enviados",
        "enviado",
        "elementos enviados",
        "mensajes enviados",
        "correo enviado",
        "verzonden",
        "verzonden items",
        "itens enviados",
        "skickat",
        "wysłane",
    }
)
_FOLDERS, _LATEST = 6, 200
"""Folders that are looked into, and how many of the latest mails of one; a mailbox may hold any number."""
_SLACK = timedelta(minutes=10)
"""By how much the server's clock may be behind ours."""


@dataclass(frozen=True, kw_only=True)
class LaidMail:
    """A draft that was put into a mailbox, by what the mail that is made of it still bears."""

    message_id: str
    recipient: str
    subject: str
    in_reply_to: str | None
    at: datetime


def sent_folders(client: IMAPClient) -> list[str]:
    """Those that the server marks (RFC 6154), then those that mail programs name so."""
    listed = [(flags, delimiter, name) for flags, delimiter, name in client.list_folders() if _selectable(flags)]
    marked = [name for flags, _, name in listed if any(_text(flag).lower() == "\\sent" for flag in flags)]
    named = [name for _, delimiter, name in listed if _last(name, delimiter) in _NAMES]
    return list(dict.fromkeys((*marked, *sorted(named))))[:_FOLDERS]


def among_sent(client: IMAPClient, drafts: Collection[LaidMail], others: Collection[str]) -> set[str]:
    """Message-IDs of the drafts that were sent; `others`: of mails that are known to be none of them.

    A mail program may give a draft that it sends another Message-ID: then the mail is known by whom it goes to and
    what it answers, or by its subject, and stands for one draft only.
    """
    found: set[str] = set()
    used = set(others)
    client.normalise_times = False  # times with their offsets
    for folder in sent_folders(client) if drafts else ():
        client.select_folder(folder, readonly=True)
        for draft in drafts:
            if draft.message_id not in found and client.search(["HEADER", "Message-ID", draft.message_id]):
                found.add(draft.message_id)
        for draft in drafts:
            if draft.message_id in found:
                continue
            for id_ in _like(client, draft):
                if id_ not in used and id_ not in found:
                    used.add(id_)
                    found.add(draft.message_id)
                    break
    return found


def _like(client: IMAPClient, draft: LaidMail) -> Iterator[str]:
    since = (draft.at - timedelta(days=1)).date()  # a server counts days in its own zone
    uids = client.search(["TO", draft.recipient, "SINCE", since])[-_LATEST:]
    fetched = client.fetch(uids, ["ENVELOPE", "INTERNALDATE"]) if uids else {}
    for uid in sorted(fetched):
        envelope, at = fetched[uid][b"ENVELOPE"], fetched[uid][b"INTERNALDATE"]
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        if at < draft.at - _SLACK or draft.recipient.lower() not in _addresses(envelope.to):
            continue
        answers = draft.in_reply_to is not None and _text(envelope.in_reply_to).strip() == draft.in_reply_to
        if answers or _plain(decode_words(_text(envelope.subject))) == _plain(draft.subject):
            yield _text(envelope.message_id).strip() or f"{uid}"


def _addresses(addresses: Iterable[Any] | None) -> set[str]:
    return {f"{_text(one.mailbox)}@{_text(one.host)}".lower() for one in addresses or ()}


def _plain(subject: str) -> str:
    return " ".join(subject.split()).casefold()


def _last(name: str, delimiter: bytes | None) -> str:
    parts = name.rsplit(_text(delimiter), 1) if delimiter else [name]
    return parts[-1].strip().casefold()


def _selectable(flags: Iterable[bytes]) -> bool:
    return not any(_text(flag).lower() in ("\\noselect", "\\nonexistent") for flag in flags)


def _text(value: bytes | str | None) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value or ""
