"""Random small databases: odd names, NULLs, repeats, keys that refer to nothing, to their own table, or twice to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any

import duckdb
from hypothesis import strategies as st

from microgt.schema.types import Column, ColumnType, ForeignKey, Schema, Table
from microgt.spec.grammar import Scope

TYPES = {
    ColumnType.NUMBER: ("INTEGER", "DOUBLE"),
    ColumnType.TEXT: ("VARCHAR",),
    ColumnType.TIME: ("DATE", "TIMESTAMP"),
    ColumnType.BOOLEAN: ("BOOLEAN",),
    ColumnType.OTHER: ("BLOB",),
}
TABLES = ("orders", "Order Items", "select", "tags")
DIMENSION, FACTS = "customers", ("orders", "payments")
COLUMNS = ("amount", "Full Name", "group", "day", "x")
WORDS = ("EU", "us", "50% off", "2024-02-29", "7", "", "it's")
PERIODS = ("2023", "March", "Q2 2024", "H2 2023", "2024-01-01", "yes")
NULLS = 0.15


@dataclass(frozen=True)
class Database:
    """A schema with its rows. kinds: the SQL type of each column id."""

    schema: Schema
    kinds: dict[str, str]
    rows: dict[str, list[tuple]]

    @property
    def scope(self) -> Scope:
        """What a walk may point at."""
        texts = dict.fromkeys(cell for rows in self.rows.values() for row in rows for cell in row if isinstance(cell, str))
        values = (*list(texts)[:4], *PERIODS, 2.5, 56)
        return Scope(tuple(t.name for t in self.schema.tables), tuple(c.id for c in self.schema.columns), values)

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A database in memory that holds the rows."""
        connection = duckdb.connect(":memory:", config={"threads": 1})
        for table in self.schema.tables:
            columns = ", ".join(f'"{c.name}" {self.kinds[c.id]}' for c in table.columns)
            connection.execute(f'CREATE TABLE "{table.name}" ({columns})')
            if self.rows[table.name]:
                marks = ", ".join("?" * len(table.columns))
                connection.executemany(f'INSERT INTO "{table.name}" VALUES ({marks})', self.rows[table.name])
        return connection


def plain_values(kind: str) -> tuple[Any, ...]:
    """A few cells of a SQL type."""
    first = date(2023, 12, 30)
    return {
        "INTEGER": (-2, 0, 1, 2, 7, 56),
        "DOUBLE": (-0.5, 0.0, 2.5, 100.0),
        "VARCHAR": WORDS,
        "DATE": tuple(first + timedelta(days=n) for n in (0, 1, 2, 62, 200)),
        "TIMESTAMP": tuple(f"{first + timedelta(days=n)} {hour:02}:30:00" for n, hour in ((0, 0), (1, 23), (62, 12))),
        "BOOLEAN": (True, False),
        "BLOB": (b"\x01", b"ab"),
    }[kind]


# ------------------------------------------------------------------ databases


def random_table(
    rng: Random, name: str, parents: Sequence[Table], kinds: dict[str, str], keyed: bool | None = None
) -> tuple[Table, list[ForeignKey]]:
    """A table with a key or without, that may refer to its parents and to itself; it does not when `keyed` decides."""
    found, keys = [], []
    if keyed or rng.random() < 0.8:
        found.append(("id", rng.choice(("INTEGER", "INTEGER", "VARCHAR")), True))
    for column in rng.sample(COLUMNS, rng.randint(1, 3)):
        kind = rng.choice(TYPES[rng.choice(tuple(ColumnType))])
        found.append((column, kind, False))
    targets = [t for t in parents if t.primary_key] + ([name] if found[0][2] else [])
    for n in range(rng.choice((0, 1, 1, 2)) if targets and keyed is None else 0):
        target = rng.choice(targets)
        table = target if isinstance(target, str) else target.name
        kind = found[0][1] if isinstance(target, str) else kinds[target.primary_key[0]]
        found.append((f"ref_{n}", kind, False))
        keys.append(ForeignKey(f"{name}.ref_{n}", f"{table}.id"))
    types = {sql: kind for kind, names in TYPES.items() for sql in names}
    kinds.update({f"{name}.{column}": kind for column, kind, _ in found})
    columns = tuple(Column(name, column, types[kind], tuple(column.lower().split("_")), primary) for column, kind, primary in found)
    return Table(name, tuple(name.lower().split()), columns), keys


def random_rows(rng: Random, table: Table, keys: Sequence[ForeignKey], kinds: dict[str, str], rows: dict[str, list[tuple]]) -> list[tuple]:
    """Rows with NULLs, repeats, and keys that refer to nothing."""
    targets = {k.column: k.target for k in keys}
    found = []
    for n in range(rng.randint(0, 6)):
        row = []
        for column in table.columns:
            kind = kinds[column.id]
            if column.primary:
                row.append(f"k{n}" if kind == "VARCHAR" else n)
            elif rng.random() < NULLS:
                row.append(None)
            elif column.id in targets:
                existing = [r[0] for r in rows.get(targets[column.id].rpartition(".")[0], found)]
                row.append(rng.choice([*existing, "nothing" if kind == "VARCHAR" else 99]))
            else:
                row.append(rng.choice(plain_values(kind)))
        found.append(tuple(row))
    return found


@st.composite
def databases(draw) -> Database:
    """A small database."""
    rng = draw(st.randoms(use_true_random=True))
    made: list[Table] = []
    keys: list[ForeignKey] = []
    kinds: dict[str, str] = {}
    for name in TABLES[: rng.randint(1, len(TABLES))]:
        table, more = random_table(rng, name, made, kinds)
        made.append(table)
        keys += more
    return _filled(rng, made, keys, kinds)


def _filled(rng: Random, tables: Sequence[Table], keys: Sequence[ForeignKey], kinds: dict[str, str]) -> Database:
    rows: dict[str, list[tuple]] = {}
    for table in tables:
        rows[table.name] = random_rows(rng, table, keys, kinds, rows)
    days = frozenset(column for column, kind in kinds.items() if kind == "DATE")
    return Database(Schema("random", tuple(tables), tuple(keys), days=days), kinds, rows)


@st.composite
def stars(draw) -> Database:
    """A dimension, and two facts that refer to it and to nothing else."""
    rng = draw(st.randoms(use_true_random=True))
    kinds: dict[str, str] = {}
    dimension = random_table(rng, DIMENSION, (), kinds, keyed=True)[0]
    tables, keys = [dimension], []
    for name in FACTS:
        table, _ = random_table(rng, name, (), kinds, keyed=True)
        column = Column(name, "ref", dimension.columns[0].type, ("ref",))
        kinds[column.id] = kinds[dimension.columns[0].id]
        tables.append(replace(table, columns=(*table.columns, column)))
        keys.append(ForeignKey(column.id, dimension.columns[0].id))
    return _filled(rng, tables, keys, kinds)


def orphans(database: Database, fact: str) -> Database:
    """The same with its rows of a fact once more, without a parent."""
    table = database.schema.table(fact)
    missing = "missing" if database.kinds[f"{fact}.ref"] == "VARCHAR" else 77
    copies = [(f"+{row[0]}" if isinstance(row[0], str) else row[0] + 1000, *row[1:-1], missing) for row in database.rows[table.name]]
    return replace(database, rows=database.rows | {fact: [*database.rows[fact], *copies]})
