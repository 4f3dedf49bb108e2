"""Spider's `tables.json`: 166 schemas with names written by people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from microgt.schema.types import Column, ColumnType, ForeignKey, Schema, Table

_TYPES = {"number": ColumnType.NUMBER, "text": ColumnType.TEXT, "time": ColumnType.TIME, "boolean": ColumnType.BOOLEAN}


def read_spider_tables(path: Path) -> dict[str, Schema]:
    """db_id -> schema: original names as ids, the written names as words; no values yet."""
    return {row["db_id"]: _schema(row) for row in json.loads(Path(path).read_text(encoding="utf-8"))}


def _schema(row: dict[str, Any]) -> Schema:
    names = row["table_names_original"]
    primary = {i for key in row["primary_keys"] for i in (key if isinstance(key, list) else [key])}
    columns: list[list[Column]] = [[] for _ in names]
    ids = {}
    described = zip(row["column_names_original"], row["column_names"], row["column_types"], strict=True)
    for i, ((table, name), (_, words), kind) in enumerate(described):
        if table >= 0:
            column = Column(names[table], name, _TYPES.get(kind, ColumnType.OTHER), tuple(words.lower().split()) or (name,), i in primary)
            columns[table].append(column)
            ids[i] = column.id
    tables = tuple(Table(n, tuple(w.lower().split()), tuple(c)) for n, w, c in zip(names, row["table_names"], columns, strict=True))
    return Schema(row["db_id"], tables, tuple(ForeignKey(ids[a], ids[b]) for a, b in row["foreign_keys"]))
