"""What tells rows from each other, and what refers to what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from microgt.profile.ask import Questions, of_table
from microgt.profile.columns import EXACT_ROWS
from microgt.profile.facts import Column, Join, Table
from microgt.schema.catalog import quoted
from microgt.schema.roles import Role
from microgt.schema.types import Column as SchemaColumn
from microgt.schema.types import ColumnType, Schema
from microgt.schema.types import Table as SchemaTable

MOST_PAIRS = 6  # columns of which pairs are tried as a key
MOST_COMPARED = 200  # columns of a table whose rows are compared as a whole
MOST_JOINS = 40


def keys_of(table: str, rows: int, columns: Sequence[Column], ask: Questions) -> tuple[str, ...]:
    """Columns without NULL whose values are all different; without one, pairs of columns."""
    full = [c for c in columns if rows > 1 and not c.nulls and c.distinct and _may_be_key(c, rows)]
    single = tuple(c.name for c in full if _is_key(table, rows, c, ask))
    if single:
        return single
    if len(full) > MOST_PAIRS:
        ask.skipped.append(f"pairs of columns that are a key of {table}: only the {MOST_PAIRS} columns with the most values were tried")
    likely = sorted(full, key=lambda c: -(c.distinct or 0))[:MOST_PAIRS]
    return tuple(
        f"{a.name}, {b.name}"
        for a, b in combinations(likely, 2)
        if (a.distinct or 0) * (b.distinct or 0) >= rows and _different(table, (a.name, b.name), ask) == rows
    )


def _may_be_key(column: Column, rows: int) -> bool:
    """Numbers that name nothing may all differ by chance."""
    if column.kind == "time" or (column.kind == "text" and not column.texts_are(column.numeric, rows)):
        return True
    return column.role in (Role.KEY, Role.LABEL) and (column.kind == "text" or "INT" in column.type)


def _is_key(table: str, rows: int, column: Column, ask: Questions) -> bool:
    if rows <= EXACT_ROWS:
        return column.distinct == rows
    near = abs((column.distinct or 0) - rows) <= 0.1 * rows  # an estimate
    return near and _different(table, (column.name,), ask) == rows


def _different(table: str, names: Sequence[str], ask: Questions) -> int | None:
    listed = ", ".join(map(quoted, names))
    return ask.number(f"SELECT count(*) FROM (SELECT DISTINCT {listed} FROM {of_table(table)})", f"key of {table}: {', '.join(names)}")


def duplicates_of(table: SchemaTable, rows: int, ask: Questions) -> int | None:
    """Rows that stand there again; None in a table too wide to compare."""
    if len(table.columns) > MOST_COMPARED:
        ask.skipped.append(f"duplicate rows of {table.name}: {len(table.columns):,} columns, and at most {MOST_COMPARED} are compared")
        return None
    different = ask.number(f"SELECT count(*) FROM (SELECT DISTINCT * FROM {of_table(table.name)})", f"duplicate rows of {table.name}")
    return None if different is None else rows - different


def repeated_of(table: SchemaTable, keys: Sequence[str], ask: Questions) -> dict[str, int]:
    """Of columns that look like the key of the table and are none: how many of their values stand there more than once."""
    found = {}
    for column in table.columns:
        if column.name not in keys and _looks_like_key(column, table):
            name = quoted(column.name)
            sql = (
                f"SELECT count(*) FROM (SELECT {name} FROM {of_table(table.name)} WHERE {name} IS NOT NULL GROUP BY 1 HAVING count(*) > 1)"
            )
            number = ask.number(sql, f"repeated values of {column.id}")
            found |= {column.name: number} if number else {}
    return found


def _looks_like_key(column: SchemaColumn, table: SchemaTable) -> bool:
    singular = tuple(word.removesuffix("s") for word in table.words)
    return column.words == ("id",) or (column.words[-1:] == ("id",) and column.words[:-1] in (table.words, singular))


def joins_of(schema: Schema, tables: Sequence[Table], ask: Questions) -> tuple[Join, ...]:
    """The schema's keys with their orphans; then columns that are called like the key of another table."""
    known = [(k.column, k.target, "inferred" if k.inferred else "declared") for k in schema.keys]
    taken = {column for column, _, _ in known}
    pairs = [*known, *_by_name(schema, tables, taken)]
    if len(pairs) > MOST_JOINS:
        ask.skipped.append(f"joins: of {len(pairs):,} that are possible only the first {MOST_JOINS} were looked at")
    found = [_join(schema, *pair, ask) for pair in pairs[:MOST_JOINS]]
    return tuple(join for join in found if join and (join.how != "candidate" or join.orphans < join.rows))


def _by_name(schema: Schema, tables: Sequence[Table], taken: set[str]) -> Iterator[tuple[str, str, str]]:
    for target in tables:
        for key in target.keys:
            if ", " in key:
                continue
            for column in schema.columns:
                same = column.name.lower() == key.lower() and column.words != ("id",)
                if same and column.table != target.name and column.id not in taken and f"{target.name}.{key}" not in taken:
                    yield column.id, f"{target.name}.{key}", "candidate"


def _join(schema: Schema, column_id: str, target_id: str, how: str, ask: Questions) -> Join | None:
    column, target = schema.column(column_id), schema.column(target_id)
    ours, theirs = quoted(column.name), quoted(target.name)
    if column.type is not target.type or column.type is ColumnType.OTHER:
        ours, theirs = f"CAST({ours} AS VARCHAR)", f"CAST({theirs} AS VARCHAR)"
    there = f"(SELECT {theirs} FROM {of_table(target.table)} WHERE {theirs} IS NOT NULL)"
    sql = f"SELECT count({ours}), count(*) FILTER ({ours} IS NOT NULL AND {ours} NOT IN {there}) FROM {of_table(column.table)}"
    row = ask.row(sql, f"orphans of {column_id}")
    return Join(column_id, target_id, how, int(row[0]), int(row[1])) if row else None
