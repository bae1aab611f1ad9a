"""Where mail comes from. A source reads and never changes its mailbox; the contract is `mail.boxes.raw.Source`."""

from __future__ import annotations

from mail.boxes.imap import ImapSource
from mail.boxes.mailbox import MailboxSpec
from mail.boxes.maildir import MaildirSource
from mail.boxes.mbox import MboxSource
from mail.boxes.raw import Source


def open_source(spec: MailboxSpec) -> Source:
    """The source of a mailbox; connects when it is first read. Raises ValueError for an address that is none."""
    scheme, _, path = spec.url.partition(":")
    if scheme in ("imap", "imaps"):
        return ImapSource(spec)
    if scheme == "maildir":
        return MaildirSource(spec.name, path, since=spec.since)
    if scheme == "mbox":
        return MboxSource(spec.name, path, since=spec.since)
    raise ValueError(f"{scheme}: is no mailbox; use imaps://, imap://, maildir:PATH or mbox:PATH")
