"""A mail server on loopback that keeps whatever it is given: the demo's way out."""

from __future__ import annotations

import mailbox
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True, kw_only=True)
class SmtpSink:
    host: str
    port: int
    maildir: Path
    """A Maildir that gets a file for each mail taken."""

    @property
    def url(self) -> str:
        """For `outgoing.transport`."""
        return f"smtp://{self.host}:{self.port}"


class _Keep:
    def __init__(self, folder: Path) -> None:
        self._box = mailbox.Maildir(folder, create=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        self._box.add(content if isinstance(content, bytes) else (content or "").encode())
        return "250 Kept"


@contextmanager
def running_smtp(folder: Path) -> Iterator[SmtpSink]:
    """An SMTP server without encryption on a free loopback port while the block runs; mails end in `folder`."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    controller = Controller(_Keep(folder), hostname="127.0.0.1", port=_free_port())
    controller.start()
    try:
        yield SmtpSink(host="127.0.0.1", port=controller.port, maildir=folder)
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
