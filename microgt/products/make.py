"""From a spec and a database to the files of a version."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
from sqlglot import exp, parse_one

from microgt import __version__
from microgt.commit import git_hash
from microgt.engine.database import Database, open_database
from microgt.engine.duckdb import DuckDBEngine, Limits
from microgt.engine.result import ResultTable
from microgt.errors import ConfigError
from microgt.product.forecast import answer_in
from microgt.product.run import Ran, Runner
from microgt.products.contract import Contract, type_of
from microgt.products.manifest import Described
from microgt.products.page import page, said
from microgt.products.picture import picture_of
from microgt.products.promised import CONTRACT, SPEC, Earlier, promised
from microgt.products.store import DRAFT, PAGE, now
from microgt.schema.types import Schema
from microgt.spec.checker import check
from microgt.spec.compiler import compile_spec
from microgt.spec.json import write_spec
from microgt.spec.types import Answer, Col, Edit, Spec
from microgt.spec.walk import walk
from microgt.spec.words import in_words

MOST_ROWS = 100_000
DATA, SQL, CHART = "data.parquet", "query.sql", "chart.json"


@dataclass(frozen=True)
class Made:
    """files and manifest of a version. broken: how it breaks the contract. lost: checks, in words, of columns that it does not have."""

    files: Mapping[str, bytes]
    manifest: Mapping[str, Any]
    broken: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A product to be made. source: the path of its database. earlier: the version whose promises are to be held; None: what the rows show
    is promised from now on. checks: promised besides. as_of: what relative periods count from, by default the last date of the data."""

    name: str
    source: Path
    spec: Spec
    described: Described = field(default_factory=Described)
    earlier: Earlier | None = None
    checks: tuple[Any, ...] = ()
    as_of: date | None = None

    def make(self, state: str) -> Made:
        """Run it, and write what it shows; a draft is only checked and compiled. Raises `SpecError`, `EngineError` or `DataError`,
        and `ConfigError` when its chart would mislead."""
        database = open_database(self.source)
        spec = _answer(self.spec)
        for error in check(spec, database.schema):
            raise error
        if state == DRAFT:
            sql = compile_spec(spec, database.schema, as_of=self.as_of)
            return Made(_text_files(spec, sql), self._manifest(database, spec, sql, None, ()))
        with DuckDBEngine(database.path, Limits(seconds=120.0, rows=MOST_ROWS, strict_rows=True)) as engine:
            ran = Runner(database.schema, engine, engine, self.as_of).run(spec)
        contract, lost = promised(ran, self.earlier, self.checks)
        broken = tuple(contract.broken_by(ran.table, date.today(), ran.forecast))
        manifest = self._manifest(database, spec, ran.sql, ran, broken)
        return Made(self._files(ran, contract, manifest), manifest, broken, tuple(map(said, lost)))

    def _manifest(self, database: Database, spec: Answer | Edit, sql: str, ran: Ran | None, broken: tuple[str, ...]) -> dict[str, Any]:
        words = in_words(spec, database.schema)
        found: dict[str, Any] = {
            **self.described.to_json(),
            "title": self.described.title or words,
            "words": words,
            "source": {"path": str(self.source.resolve()), "data_version": database.version},
            "lineage": lineage(spec, sql, database.schema),
            "made": {"at": now(), "microgt": __version__, "commit": git_hash()},
            "as_of": self.as_of.isoformat() if self.as_of else None,
        }
        if ran:
            found |= {
                "rows": len(ran.table.rows),
                "written": list(ran.table.written),
                "broken": list(broken),
                "forecast": ran.forecast.to_json() if ran.forecast else None,
            }
        return found

    def _files(self, ran: Ran, contract: Contract, manifest: dict[str, Any]) -> dict[str, bytes]:
        data, picture = parquet(ran.table), picture_of(ran)
        manifest |= {"data_sha256": hashlib.sha256(data).hexdigest(), "chart_note": picture.note}
        files = {**_text_files(ran.spec, ran.sql), CONTRACT: contract.model_dump_json(indent=1).encode() + b"\n", DATA: data}
        if picture.vega:
            files[CHART] = picture.vega
        return {**files, PAGE: page(self.name, manifest, ran, contract, picture.svg).encode()}


def _answer(spec: Spec) -> Answer | Edit:
    if not isinstance(spec, Answer | Edit):
        raise ConfigError(f"a product shows an answer, and the spec is {spec.kind!r}")
    return answer_in(spec)


def spec_file(spec: Spec) -> bytes:
    """A spec as a version keeps it."""
    return (json.dumps(write_spec(spec), ensure_ascii=False, indent=1) + "\n").encode()


def _text_files(spec: Answer | Edit, sql: str) -> dict[str, bytes]:
    return {SPEC: spec_file(spec), SQL: f"{sql}\n".encode()}


def lineage(spec: Spec, sql: str, schema: Schema) -> dict[str, list[str]]:
    """The tables that the SQL reads, and the columns that the spec names."""
    known = {table.name for table in schema.tables}
    tables = {table.name for table in parse_one(sql, read="duckdb").find_all(exp.Table)} & known
    columns = {node.column for _, node in walk(spec) if isinstance(node, Col)}
    return {"tables": sorted(tables), "columns": sorted(columns)}


def parquet(table: ResultTable) -> bytes:
    """The rows as a Parquet file; a column of mixed types as text."""
    columns = [[row[i] for row in table.rows] for i in range(len(table.columns))]
    arrays = [_array(cells, type_of(table, i)) for i, cells in enumerate(columns)]
    written = io.BytesIO()
    pyarrow.parquet.write_table(pa.Table.from_arrays(arrays, names=list(table.columns)), written)
    return written.getvalue()


def _array(cells: list[Any], kind: str) -> pa.Array:
    if kind == "unknown":
        return pa.array(cells, pa.string())
    try:
        return pa.array([float(c) if isinstance(c, int) and kind == "number" else c for c in cells])
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        return pa.array([None if cell is None else str(cell) for cell in cells])
