"""Mail from an mbox file, read from its beginning and never locked or changed."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from mail.interest import could_be_ours
from mail.message import parse_headers
from mail.mime import MAX_SIZE
from mail.raw import Batch, RawMail, Refused, Transient

_CHUNK = 100
_LOOK_EVERY = 1.0
_QUOTED = re.compile(rb">+From ")
_HEADER_ONLY = 262_144


class MboxSource:
    """An mbox. Ids are hashes of the mails' bytes; the cursor is the file's size and time, to skip a file at rest."""

    def __init__(self, name: str, path: str | Path, *, since: date | None = None) -> None:
        self.name = name
        self._path = Path(path).expanduser()
        self._since = since

    def batches(self, cursor: str | None, known: Callable[[str], bool]) -> Iterator[Batch]:
        """In the file's order. Raises Refused where there is no file or it may not be read."""
        state = self._state()
        if state is None:
            raise Refused(f"{self._path} does not exist: correct the path of mailbox {self.name}")
        if cursor == state:
            return
        mails: list[RawMail] = []
        others: list[str] = []
        for received_at, raw, too_big in self._mails():
            mail_id = hashlib.sha256(raw).hexdigest()
            if known(mail_id) or (self._since and received_at and received_at.date() < self._since):
                continue
            if could_be_ours(parse_headers(raw[:_HEADER_ONLY].partition(b"\n\n")[0])):
                mail = RawMail(mailbox=self.name, id=mail_id, raw=raw, received_at=received_at, too_big=too_big)
                mails.append(mail)
            else:
                others.append(mail_id)
            if len(mails) + len(others) >= _CHUNK:
                yield Batch(mails=tuple(mails), others=tuple(others), cursor=cursor)
                mails, others = [], []
        yield Batch(mails=tuple(mails), others=tuple(others), cursor=state)

    def wait(self, seconds: float) -> bool:
        """Whether the file changed, looked at each second."""
        end, before = time.monotonic() + seconds, self._state()
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(left, _LOOK_EVERY))
            if self._state() != before:
                return True
        return False

    def close(self) -> None:
        """Nothing is held open."""

    def _state(self) -> str | None:
        try:
            facts = self._path.stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Transient(f"{self._path} cannot be read now: {error}") from error
        return f"{facts.st_size}:{facts.st_mtime_ns}"

    def _mails(self) -> Iterator[tuple[datetime | None, bytes, bool]]:
        """When it came, its bytes without the quoting of "From ", and whether only the beginning was kept."""
        try:
            with self._path.open("rb") as file:
                yield from _split(file)
        except PermissionError as error:
            raise Refused(f"{self._path} may not be read: give the account that runs this the right to") from error
        except OSError as error:
            raise Transient(f"{self._path} cannot be read now: {error}") from error


def _split(lines: Iterable[bytes]) -> Iterator[tuple[datetime | None, bytes, bool]]:
    separator: bytes | None = None
    kept: list[bytes] = []
    size, after_blank = 0, True
    for line in lines:
        plain = line.replace(b"\r\n", b"\n")
        if after_blank and plain.startswith(b"From "):
            if separator is not None:
                yield _mail(separator, kept, size)
            separator, kept, size = plain, [], 0
        elif separator is not None:
            size += len(plain)
            if size <= MAX_SIZE:
                kept.append(plain[1:] if _QUOTED.match(plain) else plain)
        after_blank = plain == b"\n"
    if separator is not None:
        yield _mail(separator, kept, size)


def _mail(separator: bytes, lines: list[bytes], size: int) -> tuple[datetime | None, bytes, bool]:
    if lines and lines[-1] == b"\n":
        lines = lines[:-1]
    return _separator_date(separator), b"".join(lines), size > MAX_SIZE


def _separator_date(separator: bytes) -> datetime | None:
    """`From sender Fri Nov 20 14:05:00 2026`: by custom in UTC."""
    words = separator.decode("ascii", "replace").split()
    try:
        return datetime.strptime(" ".join(words[2:7]), "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    except ValueError:
        return None
