"""Many rows with one statement: a statement costs far more than a row."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Column, Connection, Row, Select
from sqlalchemy.sql.dml import UpdateBase

_TOGETHER = 500
"""Values in one `IN`: databases bound the parameters of a statement."""


def write(connection: Connection, statement: UpdateBase, rows: Sequence[dict[str, Any]]) -> None:
    """Execute for each row; nothing for none."""
    if rows:
        connection.execute(statement, rows)


def read_by(connection: Connection, query: Select[Any], column: Column[Any], values: Collection[str]) -> list[Row[Any]]:
    """The rows of a query whose column has one of these values; its order holds among rows of one value only."""
    source = iter(sorted(values))
    found: list[Row[Any]] = []
    while some := list(islice(source, _TOGETHER)):
        found += connection.execute(query.where(column.in_(some)))
    return found
