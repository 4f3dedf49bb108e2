"""What variants of a database are made from: a sample of its rows, the values of its columns, its keys.

Names are in lower case throughout, as DuckDB compares them; `Place` is (table, column).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from microgt.schema.catalog import connect, quoted, read_tables, type_of
from microgt.schema.types import ColumnType, Schema, Table
from microgt.spec.references import references

Place = tuple[str, str]
Row = dict[str, Any]  # column in lower case -> value

SAMPLE = 400  # rows of a table that are looked at
_COMMON = 40  # values of a column, the most frequent first


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """A column. declared: DuckDB's type. values: distinct ones, most frequent first. required: declared NOT NULL. unique: referred to, and
    no value was seen twice."""

    name: str
    declared: str
    kind: ColumnType
    values: tuple[Any, ...] = ()
    required: bool = False
    unique: bool = False

    @property
    def whole(self) -> bool:
        """Whether it holds whole numbers only."""
        return self.kind is ColumnType.NUMBER and not self.declared.startswith(("DOUBLE", "FLOAT", "DECIMAL"))


@dataclass(frozen=True)
class TableProfile:
    """A table. rows: a sample, spread evenly. primary: the columns of its primary key."""

    name: str
    columns: Mapping[str, ColumnProfile]
    rows: Sequence[Row]
    primary: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key: `pairs` of columns (of `table`, of `target`)."""

    table: str
    target: str
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Profile:
    """A database. views: the statements that make its views, in order."""

    tables: Mapping[str, TableProfile]
    references: tuple[Reference, ...] = ()
    views: tuple[str, ...] = field(default=())

    def column(self, place: Place) -> ColumnProfile | None:
        """The column, None when the file has none of that name."""
        table = self.tables.get(place[0])
        return table.columns.get(place[1]) if table else None

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The tables, those referred to before those that refer, as far as references go in no circle."""
        found: dict[str, None] = {}
        waiting = dict.fromkeys(self.tables)
        while waiting:
            free = [t for t in waiting if not any(r.table == t and r.target in waiting and r.target != t for r in self.references)]
            chosen = free or [next(iter(waiting))]
            for table in chosen:
                found[table] = waiting.pop(table)
        return tuple(found)


def read_profile(path: Path, schema: Schema) -> Profile:
    """The profile of a DuckDB file whose keys `schema` knows. Raises `DataError` when it cannot be read."""
    with connect(path) as connection:
        named = _primary_keys(schema.tables) | _primary_keys(read_tables(connection))
        found = _references(schema)
        targets = {(r.target, column) for r in found for _, column in r.pairs}
        tables = {
            name.lower(): _table(connection, name, named.get(name.lower(), ()), targets)
            for (name,) in connection.execute(
                "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() AND schema_name = 'main' "
                "AND NOT internal ORDER BY table_oid"
            ).fetchall()
        }
        views = connection.execute(
            "SELECT sql FROM duckdb_views() WHERE database_name = current_database() AND schema_name = 'main' "
            "AND NOT internal ORDER BY view_oid"
        ).fetchall()
    there = [r for r in found if all(_has(tables, r.table, a) and _has(tables, r.target, b) for a, b in r.pairs)]
    return Profile(tables, tuple(there), tuple(sql for (sql,) in views))


def _primary_keys(tables: Iterable[Table]) -> dict[str, tuple[str, ...]]:
    """By table. A description from elsewhere may know only the first column of a key that the file knows all of."""
    return {t.name.lower(): tuple(c.name.lower() for c in t.columns if c.primary) for t in tables if t.primary_key}


def _has(tables: Mapping[str, TableProfile], table: str, column: str) -> bool:
    return table in tables and column in tables[table].columns


def _references(schema: Schema) -> list[Reference]:
    found = []
    for pairs in references(schema):
        ends = [(schema.column(a), schema.column(b)) for a, b in pairs]
        many, one = ends[0]
        found.append(Reference(many.table.lower(), one.table.lower(), tuple((a.name.lower(), b.name.lower()) for a, b in ends)))
    return found


def _table(connection: duckdb.DuckDBPyConnection, name: str, primary: tuple[str, ...], targets: set[Place]) -> TableProfile:
    columns = connection.execute(
        "SELECT column_name, data_type, NOT is_nullable FROM duckdb_columns() WHERE database_name = current_database() "
        "AND schema_name = 'main' AND table_name = ? ORDER BY column_index",
        [name],
    ).fetchall()
    rows = _sample(connection, name, [c for c, _, _ in columns])
    profiles = {}
    for place, (column, declared, required) in enumerate(columns):
        key = (name.lower(), column.lower())
        profiles[key[1]] = _column(column, declared, required, [row[place] for row in rows], key in targets)
    sample = [dict(zip(profiles, row, strict=True)) for row in rows]
    return TableProfile(name, profiles, sample, _holding(tuple(c for c in primary if c in profiles), sample))


def _holding(primary: tuple[str, ...], rows: Sequence[Row]) -> tuple[str, ...]:
    """The primary key, unless the rows themselves break it."""
    keys = {tuple(row[column] for column in primary) for row in rows}
    return primary if len(keys) == len(rows) or not rows else ()


def _sample(connection: duckdb.DuckDBPyConnection, table: str, columns: Iterable[str]) -> list[tuple]:
    """At most `SAMPLE` rows, evenly spread over the table."""
    names = ", ".join(quoted(c) for c in columns)
    [(size,)] = connection.execute(f"SELECT count(*) FROM {quoted(table)}").fetchall()
    step = -(-size // SAMPLE) or 1
    return connection.execute(f"SELECT {names} FROM {quoted(table)} WHERE rowid % {step} = 0 ORDER BY rowid").fetchall()


def _column(name: str, declared: str, required: bool, cells: list[Any], target: bool) -> ColumnProfile:
    kind = type_of(declared)
    filled = [cell for cell in cells if cell is not None]
    if kind is ColumnType.OTHER:
        return ColumnProfile(name, declared, kind, required=required)
    counts = Counter(filled)
    unique = target and len(counts) == len(filled) and len(filled) > 1
    values = tuple(value for value, _ in counts.most_common(_COMMON))
    return ColumnProfile(name, declared, kind, values, required, unique)
