"""Which way out an address means."""

from __future__ import annotations

from mail.sending.maildir_transport import MaildirTransport
from mail.sending.smtp import SmtpTransport
from mail.sending.transport import Transport


def open_transport(url: str, password: str | None = None) -> Transport:
    """A way out: `smtps://user@host[:465]`, `smtp://[user@]host[:587]`, `maildir:PATH`. Raises ValueError."""
    scheme, _, rest = url.partition(":")
    if scheme == "maildir":
        return MaildirTransport(rest)
    if scheme in ("smtp", "smtps"):
        return SmtpTransport(url, password)
    raise ValueError(f"{scheme}: is no way out; use smtps://, smtp:// or maildir:PATH")
