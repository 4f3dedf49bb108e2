"""nvBench: questions whose answers are charts, over Spider's databases (Luo et al. 2021)."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from microgt.data.sqlite_sql import to_duckdb
from microgt.errors import DataError
from microgt.schema.types import Schema
from microgt.spec.importer.vql import Bin, Vql

FILES = ("train", "dev")


@dataclass(frozen=True, slots=True)
class ChartQuestion:
    """One question. `vql`: its gold, in DuckDB's SQL; None when it cannot be parsed. `mark`, `channels`: of its Vega-Lite drawing.

    confirmed: whether its SQL gives the data of the drawing; None: they were not compared. hardness: Easy to Extra Hard.
    """

    id: str
    db: str
    question: str
    vql: Vql | None
    mark: str
    channels: frozenset[str]
    confirmed: bool | None
    hardness: str


def read_nvbench(root: Path, schemas: Mapping[str, Schema], parts: Sequence[str] = FILES) -> list[ChartQuestion]:
    """The questions of the folder `nvbench/` under `root`, in the order of its files. Raises `DataError`."""
    files = [root / "nvbench" / f"{name}.jsonl.gz" for name in parts]
    if missing := [str(f) for f in files if not f.is_file()]:
        raise DataError(f"no nvBench data: looked for {', '.join(missing)}")
    translated = cache(lambda sql, db: to_duckdb(sql, schemas[db]))  # many questions share their SQL
    found = []
    for file in files:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            found += [_question(row, translated(row["query"], row["db_id"])) for row in map(json.loads, lines)]
    return found


def _question(row: dict[str, Any], sql: str | None) -> ChartQuestion:
    by = Bin(row["bin_column"], row["bin_unit"]) if row["bin_unit"] else None
    mark = row["mark"]["type"] if isinstance(row["mark"], dict) else row["mark"]
    return ChartQuestion(
        id=row["id"],
        db=row["db_id"],
        question=row["question"],
        vql=Vql(row["chart"], sql, by) if sql else None,
        mark=mark,
        channels=frozenset(row["vega_encoding"]),
        confirmed=row["result_matches"],
        hardness=row["hardness"],
    )
