"""Rows by many values at once, however many a statement has room for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, insert, select

from agent.store import open_store
from agent.store.bulk import read_by, write
from agent.store.tables import seen

IDS = [f"7:{number}" for number in range(1_300)] + ["it's", 'a "name"', "größe\x7f", ""]


@pytest.fixture
def connection() -> Iterator[Connection]:
    store = open_store("sqlite://")
    with store.begin() as connection:
        write(connection, insert(seen), [{"mailbox": box, "id": id_} for box in ("a", "b") for id_ in IDS])
        yield connection
    store.close()


def test_rows_are_found_by_any_number_of_values(connection: Connection) -> None:
    """None, one, or more than a statement has room for; what is not there is no trouble."""
    query = select(seen.c.id).where(seen.c.mailbox == "a")

    assert sorted(row.id for row in read_by(connection, query, seen.c.id, [*IDS, "none"])) == sorted(IDS)
    assert [row.id for row in read_by(connection, query, seen.c.id, ["it's", "none"])] == ["it's"]
    assert read_by(connection, query, seen.c.id, ()) == []
    assert read_by(connection, query, seen.c.id, ["none"]) == []


def test_nothing_is_written_for_no_rows(connection: Connection) -> None:
    """An empty list is no statement."""
    write(connection, insert(seen), [])

    assert len(connection.execute(select(seen)).all()) == 2 * len(IDS)
