"""Columns that a newer version adds to tables which an older one made; what the old rows do not tell stays absent."""

from __future__ import annotations

from sqlalchemy import Column, Engine, MetaData, Table, inspect, text


def add_missing(engine: Engine, metadata: MetaData) -> None:
    """Add them. Only columns that may be empty are ever added; anything else needs a table of its own."""
    found = inspect(engine)
    for table in metadata.sorted_tables:
        known = {column["name"] for column in found.get_columns(table.name)}
        for column in table.columns:
            if column.name not in known:
                _add(engine, table, column)


def _add(engine: Engine, table: Table, column: Column[object]) -> None:
    if not column.nullable:
        raise TypeError(f"{table.name}.{column.name} is new and must not be empty: old rows have no value for it")
    preparer = engine.dialect.identifier_preparer
    kind = column.type.compile(engine.dialect)
    with engine.begin() as connection:
        connection.execute(
            text(f"ALTER TABLE {preparer.format_table(table)} ADD COLUMN {preparer.format_column(column)} {kind}")
        )
