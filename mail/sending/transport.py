"""A way out for mails, and how sending can fail."""

from __future__ import annotations

from typing import Protocol


class SendRefused(Exception):
    """The mail was surely not sent; the message says why."""


class SendUncertain(Exception):
    """The connection ended after the mail was handed over: nobody knows whether it was sent."""


class Transport(Protocol):
    """A way out. `sender` and `recipient` are the envelope's."""

    def send(self, mail: bytes, sender: str, recipient: str) -> None:
        """Return once the mail is taken; raises SendRefused or SendUncertain."""
        ...

    def check(self) -> None:
        """Go as far as one can without a mail; raises SendRefused."""
        ...

    def close(self) -> None: ...
