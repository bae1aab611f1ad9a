"""The process in which strangers' mail is read: `python -m mail.worker`, spoken to over its standard input.

It says `ready`, or why it cannot be. A request is a length, the receiver as a line of JSON, and the mail; the answer
a length and a Reading as JSON. The other end is `mail.isolation.IsolatedReader`, which ends us when we take too long.
"""

from __future__ import annotations

import json
import resource
import socket
import struct
import sys
from pathlib import Path

from mail.message import parse
from mail.reader import load, read_message
from mail.wire import to_json

LENGTH = struct.Struct(">Q")
READY = b"ready"


def main(memory: int, cpu_seconds: int, folders: list[Path]) -> None:
    """Serve until the other end is closed. `memory`: bytes on top of what we have after loading the readers."""
    line = socket.socket(fileno=0)
    try:
        readers = load(*folders)
    except Exception as error:  # noqa: BLE001 -- a seller's own reader may fail in any way: its owner has to know how
        send(line, f"{type(error).__name__}: {error}".encode())
        return
    read_message(parse(b"From: a@ebay.com\nSubject: warm-up\n\n<p>1</p>"), None, readers)  # load all data files
    _limit(resource.RLIMIT_AS, _address_space() + memory)
    _limit(resource.RLIMIT_CORE, 0)
    send(line, READY)
    while (request := receive(line)) is not None:
        receiver, _, raw = request.partition(b"\n")
        used = resource.getrusage(resource.RUSAGE_SELF)
        _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + cpu_seconds + 1)
        send(line, to_json(read_message(parse(raw), json.loads(receiver), readers)))


def _limit(kind: int, soft: int) -> None:
    resource.setrlimit(kind, (soft, resource.getrlimit(kind)[1]))


def _address_space() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()


def send(line: socket.socket, data: bytes) -> None:
    line.sendall(LENGTH.pack(len(data)))
    line.sendall(data)


def receive(line: socket.socket) -> bytes | None:
    """One piece, or None where the other end is closed."""
    head = _exactly(line, LENGTH.size)
    return None if head is None else _exactly(line, LENGTH.unpack(head)[0])


def _exactly(line: socket.socket, size: int) -> bytes | None:
    data = bytearray()
    while len(data) < size:
        piece = line.recv(min(size - len(data), 1 << 20))
        if not piece:
            return None
        data += piece
    return bytes(data)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), [Path(name) for name in sys.argv[3:]])
