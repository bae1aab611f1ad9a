"""Mail from an mbox file, read from its beginning and never locked or changed."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from mail.boxes.interest import is_interesting
from mail.boxes.raw import Batch, Known, RawMail, Refused, Transient
from mail.parsing.mime import MAX_SIZE

_CHUNK = 100
_CHUNK_BYTES = 30_000_000
_LOOK_EVERY = 1.0
_QUOTED = re.compile(rb">+From ")
_HEADER_ONLY = 262_144

Found = tuple[datetime | None, bytes, bool]
"""When a mail came, its bytes, and whether they are only its beginning."""


class MboxSource:
    """An mbox. Ids are hashes of the mails' bytes; the cursor is the file's size and time, to skip a file at rest."""

    def __init__(self, name: str, path: str | Path, *, since: date | None = None) -> None:
        self.name = name
        self._path = Path(path).expanduser()
        self._since = since

    def batches(self, cursor: str | None, known: Known) -> Iterator[Batch]:
        """In the file's order. Raises Refused where there is no file or it may not be read."""
        state = self._state()
        if state is None:
            raise Refused(f"{self._path} does not exist: correct the path of mailbox {self.name}")
        if cursor == state:
            return
        chunk: dict[str, Found] = {}
        size = 0
        for found in self._mails():
            received_at, raw, _ = found
            if self._since and received_at and received_at.date() < self._since:
                continue
            chunk[hashlib.sha256(raw).hexdigest()] = found
            size += len(raw)
            if len(chunk) >= _CHUNK or size >= _CHUNK_BYTES:
                yield self._batch(chunk, known, cursor)
                chunk, size = {}, 0
        yield self._batch(chunk, known, state)

    def _batch(self, by_id: dict[str, Found], known: Known, cursor: str | None) -> Batch:
        old = frozenset(known(list(by_id)))
        mails: list[RawMail] = []
        others: list[str] = []
        for mail_id, (received_at, raw, too_big) in by_id.items():
            if mail_id in old:
                continue
            if is_interesting(raw[:_HEADER_ONLY].partition(b"\n\n")[0]):
                mail = RawMail(mailbox=self.name, id=mail_id, raw=raw, received_at=received_at, too_big=too_big)
                mails.append(mail)
            else:
                others.append(mail_id)
        return Batch(mails=tuple(mails), others=tuple(others), cursor=cursor)

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

    def _mails(self) -> Iterator[Found]:
        """When it came, its bytes without the quoting of "From ", and whether only the beginning was kept."""
        try:
            with self._path.open("rb") as file:
                yield from _split(file)
        except PermissionError as error:
            raise Refused(f"{self._path} may not be read: give the account that runs this the right to") from error
        except OSError as error:
            raise Transient(f"{self._path} cannot be read now: {error}") from error


def _split(lines: Iterable[bytes]) -> Iterator[Found]:
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


def _mail(separator: bytes, lines: list[bytes], size: int) -> Found:
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
