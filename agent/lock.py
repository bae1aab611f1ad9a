"""One writer per store: a lock that the system lets go of when its holder dies, however it dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

from agent.store import StoreUnreachable


class Locked(Exception):
    """Another orderwatch works on this store; the message says which."""


@contextmanager
def only_writer(store_url: str) -> Iterator[None]:
    """Hold the store's lock while the block runs; in-memory stores need none. Raises Locked, StoreUnreachable."""
    database = make_url(store_url).database
    if not store_url.startswith("sqlite") or not database or database == ":memory:":
        yield
        return
    path = Path(f"{database}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreUnreachable(f"cannot write beside the store {database}: {error.strerror}; check `store:`") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(handle, 20).decode(errors="replace").strip() or "unknown"
            raise Locked(f"another orderwatch (process {holder}) works on {database}: stop it first") from None
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield
    finally:
        os.close(handle)
