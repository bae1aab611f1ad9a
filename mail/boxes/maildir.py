"""Mail from a Maildir on disk; files are read and never moved or marked."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from mail.boxes.interest import is_interesting
from mail.boxes.raw import Batch, Known, RawMail, Refused, Transient
from mail.parsing.mime import MAX_SIZE

_CHUNK = 100
_HEADER_ONLY = 262_144
_LOOK_EVERY = 1.0


class MaildirSource:
    """`new/` and `cur/` of a Maildir. Ids: the unique names before the flags. There is no cursor, `known` decides."""

    def __init__(self, name: str, path: str | Path, *, since: date | None = None) -> None:
        self.name = name
        self._path = Path(path).expanduser()
        self._since = since

    def batches(self, cursor: str | None, known: Known) -> Iterator[Batch]:
        """Oldest file first. Raises Refused where there is no Maildir or it may not be read."""
        files = self._files()
        for start in range(0, len(files), _CHUNK):
            chunk = files[start : start + _CHUNK]
            old = frozenset(known([_unique(path) for _, path in chunk]))
            waiting = [(at, path) for at, path in chunk if _unique(path) not in old]
            if not waiting:
                continue
            mails: list[RawMail] = []
            others: list[str] = []
            for at, path in waiting:
                mail = self._read(at, path)
                if mail is None:
                    continue  # moved or deleted meanwhile: the next pass finds it under its new name
                if is_interesting(_header(mail.raw)):
                    mails.append(mail)
                else:
                    others.append(mail.id)
            yield Batch(mails=tuple(mails), others=tuple(others), cursor=cursor)

    def wait(self, seconds: float) -> bool:
        """Whether a file came or went, looked at each second."""
        end, before = time.monotonic() + seconds, self._state()
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(left, _LOOK_EVERY))
            if self._state() != before:
                return True
        return False

    def close(self) -> None:
        """Nothing is held open."""

    def _files(self) -> list[tuple[datetime, Path]]:
        found: dict[str, tuple[datetime, Path]] = {}
        try:
            for folder in ("new", "cur"):
                for path in (self._path / folder).iterdir():
                    if path.name.startswith("."):
                        continue
                    try:
                        at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                    except FileNotFoundError:
                        continue
                    if self._since is None or at.date() >= self._since:
                        found[_unique(path)] = (at, path)
        except FileNotFoundError as error:
            raise Refused(f"{self._path} is no Maildir: it has no folder {Path(error.filename).name}/") from error
        except PermissionError as error:
            raise Refused(f"{error.filename} may not be read: give the account that runs this the right to") from error
        except OSError as error:
            raise Transient(f"{self._path} cannot be read now: {error}") from error
        return sorted(found.values())

    def _read(self, at: datetime, path: Path) -> RawMail | None:
        try:
            with path.open("rb") as file:
                raw = file.read(MAX_SIZE + 1)
        except FileNotFoundError:
            return None
        except PermissionError as error:
            raise Refused(f"{path} may not be read: give the account that runs this the right to") from error
        except OSError as error:
            raise Transient(f"{path} cannot be read now: {error}") from error
        too_big = len(raw) > MAX_SIZE
        return RawMail(
            mailbox=self.name,
            id=_unique(path),
            raw=_header(raw) if too_big else raw,
            received_at=at,
            too_big=too_big,
        )

    def _state(self) -> tuple[int, ...]:
        return tuple(
            (self._path / folder).stat().st_mtime_ns if (self._path / folder).is_dir() else 0
            for folder in ("new", "cur")
        )


def _unique(path: Path) -> str:
    return path.name.partition(":")[0]


def _header(raw: bytes) -> bytes:
    ends = [end for end in (raw.find(b"\n\n"), raw.find(b"\r\n\r\n")) if end >= 0]
    return raw[: min([*ends, _HEADER_ONLY])]
