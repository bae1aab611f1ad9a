"""The process in which strangers' mail is read: `python -m mail.worker.process`, spoken to over its standard input.

It says `ready`, or why it cannot be. A request is a length and some mails: of each a length, a line of JSON (whom we
trust, and whether to explain), and its bytes; the answer to each is a length and a Reading as JSON. The other end is
`mail.worker.isolation.IsolatedReader`, which ends us when we take too long.
"""

from __future__ import annotations

import gc
import json
import resource
import socket
import struct
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from agent.vocabulary.data import use
from mail.explain import explain
from mail.genuine.original import Lookup
from mail.genuine.trust import Trust, trust_from_json
from mail.parsing.message import parse
from mail.reader import load, read, read_message
from mail.worker.wire import to_json

if TYPE_CHECKING:
    from mail.genuine.keys import Keys

LENGTH = struct.Struct(">Q")
READY = b"ready"


def main(memory: int, cpu_seconds: int, own: Mapping[str, Path]) -> None:
    """Serve until the other end is closed. `memory`: bytes on top of what we have after loading the readers."""
    line = socket.socket(fileno=0)
    try:
        use({kind: folder for kind, folder in own.items() if kind != "readers"})
        readers = load(*(folder for kind, folder in own.items() if kind == "readers"))
    except Exception as error:  # noqa: BLE001 -- a seller's own reader may fail in any way: its owner has to know how
        send(line, f"{type(error).__name__}: {error}".encode())
        return
    read_message(parse(b"From: a@ebay.com\nSubject: warm-up\n\n<p>1</p>"), None, readers)  # load all data files
    _limit(resource.RLIMIT_AS, _address_space() + memory)
    _limit(resource.RLIMIT_CORE, 0)
    send(line, READY)
    gc.freeze()  # what is loaded stays
    while (request := receive(line)) is not None:
        for mail in pieces(request):
            said, _, raw = mail.partition(b"\n")
            trusted, why = json.loads(said)
            trust = trust_from_json(trusted)
            used = resource.getrusage(resource.RUSAGE_SELF)
            _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + cpu_seconds + 1)
            reading = read(raw, trust, readers, _lookup(trust))
            if why:
                reading = replace(reading, trace=explain(parse(raw), reading, readers))
            send(line, to_json(reading))


def _lookup(trust: Trust) -> Lookup | None:
    """Where keys come from, for one mail; None where nobody asked for signatures to be looked at."""
    if not trust.needs_keys:
        return None
    keys = _keys()
    keys.begin()
    return keys


@cache
def _keys() -> Keys:
    from mail.genuine.keys import Keys

    return Keys()


def _limit(kind: int, soft: int) -> None:
    resource.setrlimit(kind, (soft, resource.getrlimit(kind)[1]))


def _address_space() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()


def send(line: socket.socket, data: bytes) -> None:
    line.sendall(LENGTH.pack(len(data)))
    line.sendall(data)


def pieces(request: bytes) -> Iterator[bytes]:
    """What a request holds, each behind its length."""
    position = 0
    while position < len(request):
        start = position + LENGTH.size
        position = start + LENGTH.unpack_from(request, position)[0]
        yield request[start:position]


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
    main(
        int(sys.argv[1]),
        int(sys.argv[2]),
        {kind: Path(path) for kind, _, path in (told.partition("=") for told in sys.argv[3:])},
    )
