"""Reading strangers' mail in a process of its own, with limits on time and memory and without our secrets."""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from agent.vocabulary.status import Authenticity, Unread
from mail.genuine.trust import Trusted, trust_to_json
from mail.parsing.message import parse_headers
from mail.parsing.mime import MAX_SIZE, normalised
from mail.reader import Reading
from mail.worker.wire import from_json

_LENGTH = struct.Struct(">Q")
_READY = b"ready"
_START_SECONDS = 30.0
_MAX_ANSWER = 50_000_000
_MAX_HEADER = 262_144


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one mail may cost."""

    seconds: float = 10.0
    """By the clock, of the wall and of the processor."""
    memory: int = 512_000_000
    """Bytes on top of what the worker needs without any mail."""


class CannotStart(Exception):
    """The worker does not start, whatever the mail: a seller's own reader is broken, or the installation."""


class IsolatedReader:
    """A worker process, started with the first mail, and anew whenever it dies. One mail at a time; not thread-safe.

    `own`: a seller's own `readers`, `carriers` and `phrases`, by kind of folder.
    """

    def __init__(self, limits: Limits | None = None, own: Mapping[str, Path] | None = None) -> None:
        self._limits = limits or Limits()
        self._own = dict(own or {})
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None

    def read(self, raw: bytes, receiver: Trusted = None, *, why: bool = False) -> Reading:
        """What a mail says. One that breaks the worker or a limit is unreadable, and says why; none raises.

        With `why` its trace tells every step. Raises CannotStart where no mail at all could be read.
        """
        return self.read_all([(raw, receiver)], why=why)[0]

    def read_all(self, mails: Sequence[tuple[bytes, Trusted]], *, why: bool = False) -> list[Reading]:
        """What each of some mails says, handed over together; limits are each mail's own, and so is what it breaks."""
        readings: list[Reading] = []
        while len(readings) < len(mails):
            left = mails[len(readings) :]
            broken = self._ask(self.start(), left, readings, why)
            if broken is not None:
                self.close()
                readings.append(_unreadable(mails[len(readings)][0], broken))
        return readings

    def close(self) -> None:
        """End the worker."""
        process, self._process = self._process, None
        line, self._line = self._line, None
        if line is not None:
            line.close()
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            process.wait()

    def __enter__(self) -> IsolatedReader:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def start(self) -> socket.socket:
        """Start the worker unless it runs, and give the line to it. Raises CannotStart."""
        if self._line is not None and self._process is not None and self._process.poll() is None:
            return self._line
        self.close()
        ours, theirs = socket.socketpair()
        arguments = [
            str(self._limits.memory),
            str(max(1, round(self._limits.seconds))),
            *(f"{kind}={folder}" for kind, folder in self._own.items()),
        ]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 -- ourselves
                [sys.executable, "-P", "-m", "mail.worker.process", *arguments],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                start_new_session=True,  # a Ctrl-C is for us: we end the worker
            )
        self._line = ours
        try:
            said = _receive(ours, time.monotonic() + _START_SECONDS)
        except (OSError, EOFError, ValueError) as error:
            said = f"it ended before it could read ({self._end_of_worker() or error})".encode()
        if said != _READY:
            self.close()
            raise CannotStart(f"the reading process does not start: {said.decode('utf-8', 'replace')}")
        return ours

    def _ask(
        self, line: socket.socket, mails: Sequence[tuple[bytes, Trusted]], readings: list[Reading], why: bool
    ) -> str | None:
        """Add the answers to `readings`; why the next one never came, or None."""
        try:
            self._send(line, mails, why)
            for _ in mails:
                readings.append(from_json(_receive(line, time.monotonic() + self._limits.seconds)))
        except TimeoutError:
            return f"took longer than {self._limits.seconds:g} seconds"
        except (OSError, EOFError) as error:
            return f"ended the reading process ({self._end_of_worker() or error})"
        except ValueError as error:
            return f"gave no proper answer ({error})"
        return None

    def _send(self, line: socket.socket, mails: Sequence[tuple[bytes, Trusted]], why: bool) -> None:
        """The worker takes all before it answers the first, so neither side ever waits for the other to take."""
        pieces: list[bytes] = []
        for raw, receiver in mails:
            trust = json.dumps([trust_to_json(receiver), why]).encode() + b"\n"
            mail = raw[: MAX_SIZE + 1]
            pieces += [_LENGTH.pack(len(trust) + len(mail)), trust, mail]
        line.settimeout(self._limits.seconds)
        line.sendall(_LENGTH.pack(sum(map(len, pieces))) + b"".join(pieces))

    def _end_of_worker(self) -> str:
        if self._process is None:
            return ""
        with suppress(subprocess.TimeoutExpired):
            code = self._process.wait(1)
            return signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return ""


def _environment() -> dict[str, str]:
    """Nothing that we were given but the way to the code: no password is inherited."""
    here = str(Path(__file__).resolve().parent.parent.parent)
    path = os.pathsep.join(dict.fromkeys([here, *(entry for entry in sys.path if entry)]))
    return {"PYTHONPATH": path, "PYTHONUTF8": "1", "LANG": "C.UTF-8", "PATH": os.defpath}


def _receive(line: socket.socket, end: float) -> bytes:
    size = _LENGTH.unpack(_exactly(line, _LENGTH.size, end))[0]
    if size > _MAX_ANSWER:
        raise ValueError(f"an answer of {size} bytes")
    return _exactly(line, size, end)


def _exactly(line: socket.socket, size: int, end: float) -> bytes:
    data = bytearray()
    while len(data) < size:
        line.settimeout(max(0.001, end - time.monotonic()))
        piece = line.recv(min(size - len(data), 1 << 20))
        if not piece:
            raise EOFError("no answer")
        data += piece
    return bytes(data)


def _unreadable(raw: bytes, why: str) -> Reading:
    headers = parse_headers(normalised(raw[:_MAX_HEADER]).partition(b"\n\n")[0])
    return Reading(
        message_id=headers.message_id,
        sender=headers.senders[0].address if headers.senders else None,
        subject=headers.subject,
        date=headers.date,
        authenticity=Authenticity.UNVERIFIED,
        authenticity_reason=f"not judged: the mail {why}",
        unread=Unread.UNREADABLE,
        trace=(f"isolation: the mail {why}",),
    )
