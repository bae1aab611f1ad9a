"""The one writer's memory: the log, the orders folded from it, mails, looks, outbox, digests (SQLAlchemy Core).

SQLite lives in one file beside the configuration; nothing here forbids another database by URL. Every write happens
inside `Store.begin()`; a transaction is either whole on disk or not there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from agent.store.columns import add_missing
from agent.store.tables import metadata


class StoreUnreachable(Exception):
    """The database cannot be opened or written; the message says what to do."""


class Store:
    """An open database."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """One transaction: committed when the block ends, rolled back when it raises."""
        with self.engine.begin() as connection:
            yield connection

    def close(self) -> None:
        self.engine.dispose()


def open_store(url: str) -> Store:
    """Open, and where it is new create, the database of a URL; raises StoreUnreachable."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database and parsed.database != ":memory:":
        _private_file(Path(parsed.database))
    try:
        engine = create_engine(parsed)
        if parsed.get_backend_name() == "sqlite":
            event.listen(engine, "connect", _durable)
        metadata.create_all(engine)
        add_missing(engine, metadata)
    except (SQLAlchemyError, ModuleNotFoundError) as error:
        said = getattr(error, "orig", None) or error  # the database's own words, without SQLAlchemy's
        raise StoreUnreachable(f"cannot open the store {parsed.render_as_string()}: {said}; check `store:`") from error
    return Store(engine)


def _private_file(path: Path) -> None:
    """The store holds buyers' names: nobody else may read it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreUnreachable(f"cannot write the store {path}: {error.strerror}; check `store:`") from error


def _durable(connection: Any, _record: Any) -> None:
    """A commit survives a power cut (FULL), deleted text is overwritten, a second reader waits instead of failing."""
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
