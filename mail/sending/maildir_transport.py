"""Sending into a Maildir: each mail becomes a file that is on disk when `send` returns."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from mail.sending.transport import SendRefused


class MaildirTransport:
    """Writes tmp, syncs, renames to new, as Maildir wants it; the folder is created when it is missing.

    A file is named by its content: the same bytes sent twice are one file.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path).expanduser()

    def send(self, mail: bytes, sender: str, recipient: str) -> None:
        name = hashlib.sha256(mail).hexdigest()[:40] + ".orderwatch"
        self.check()
        try:
            unfinished = self.path / "tmp" / name
            with unfinished.open("wb") as file:
                file.write(mail)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self.path / "new" / name)
            _sync(self.path / "new")
        except OSError as error:
            raise SendRefused(f"cannot write to {self.path}: {error.strerror or error}") from error

    def check(self) -> None:
        """Make the folders where they are missing. Raises SendRefused."""
        try:
            for folder in ("tmp", "new", "cur"):
                (self.path / folder).mkdir(parents=True, exist_ok=True)
                if not os.access(self.path / folder, os.W_OK):
                    raise SendRefused(
                        f"cannot write to {self.path / folder}: give the account that runs this the right"
                    )
        except OSError as error:
            raise SendRefused(f"cannot write to {self.path}: {error.strerror or error}") from error

    def close(self) -> None:
        """Nothing is held open."""


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
