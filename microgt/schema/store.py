"""Schemas in the cache, so that a large database is read once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from microgt.errors import DataError
from microgt.files import write_text
from microgt.paths import cache_dir
from microgt.schema.types import Column, ColumnType, ForeignKey, Schema, Table

_VERSION = "6"  # of what the readers find in a database


def stored(name: str, depends_on: Iterable[str], make: Callable[[], Schema]) -> Schema:
    """The schema that `make` found when it last ran, for what it depends on; otherwise it runs, and what it finds is stored."""
    key = hashlib.sha256("\0".join([_VERSION, *depends_on]).encode()).hexdigest()[:16]
    file = cache_dir() / "schemas" / f"{name}-{key}.json"
    schema = load(file)
    if schema is None:
        schema = make()
        save(schema, file)
    return schema


def to_json(schema: Schema) -> dict[str, Any]:
    """A schema as JSON values; `days` only where some are known, so that stored hashes of other schemas stay what they are."""
    days = {"days": sorted(schema.days)} if schema.days else {}
    return {
        "name": schema.name,
        "tables": [[t.name, t.words, [[c.name, c.type, c.words, c.primary] for c in t.columns]] for t in schema.tables],
        "keys": [[k.column, k.target, k.inferred] for k in schema.keys],
        "values": dict(schema.values),
        "ranges": dict(schema.ranges),
        "hidden": sorted(schema.hidden),
        **days,
    }


def from_json(row: dict[str, Any]) -> Schema:
    """The schema of `to_json`. Raises `KeyError`, `TypeError` or `ValueError` for anything else."""
    return Schema(
        row["name"],
        tuple(_table(*table) for table in row["tables"]),
        tuple(ForeignKey(*key) for key in row["keys"]),
        {column: tuple(values) for column, values in row["values"].items()},
        {column: (first, last) for column, (first, last) in row["ranges"].items()},
        frozenset(row["hidden"]),
        frozenset(row.get("days", ())),
    )


def _table(name: str, words: list[str], columns: list[list[Any]]) -> Table:
    found = (Column(name, column, ColumnType(kind), tuple(said), primary) for column, kind, said, primary in columns)
    return Table(name, tuple(words), tuple(found))


def load(file: Path) -> Schema | None:
    """The stored schema; None when there is none that can be read."""
    try:
        return from_json(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def save(schema: Schema, file: Path) -> None:
    """Store a schema, whole or not at all. A cache that cannot be written costs only time."""
    with suppress(DataError):
        write_text(file, json.dumps(to_json(schema), ensure_ascii=False))
