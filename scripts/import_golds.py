"""The golds that `import_coverage.py` measures the importer on: Spider's SQL, and nvBench's charts."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import duckdb

from microgt.data.chart_gold import NoGold, gold_sql
from microgt.data.nvbench import ChartQuestion, read_nvbench
from microgt.engine.result import ResultTable
from microgt.errors import EngineError
from microgt.evaluation.cells import is_number, key
from microgt.schema.catalog import read_tables
from microgt.schema.load import as_duckdb
from microgt.schema.spider import read_spider_tables
from microgt.schema.types import ColumnType, Schema
from microgt.spec.importer import import_sql
from microgt.spec.importer.vql import Vql, import_vql
from microgt.spec.types import Answer, Chart, Col, DatePart, Node, Ref, Select, Spec, TimeBucket

# Mark and whether it is coloured by a third channel, as Vega-Lite says it -> the mark of a spec.
_MARKS = {
    ("arc", False): "pie",
    ("bar", False): "bar",
    ("bar", True): "stacked",
    ("line", False): "line",
    ("line", True): "line",
    ("point", False): "scatter",
    ("point", True): "scatter",
}


@dataclass(frozen=True, slots=True)
class SqlGold:
    """A query; how its answer is shown is free."""

    id: str
    db: str
    sql: str

    def read(self, schema: Schema) -> Spec:
        """The spec of the query."""
        return import_sql(self.sql, schema)

    def is_shown_by(self, spec: Spec, schema: Schema) -> bool:
        """Always."""
        return True


@dataclass(frozen=True, slots=True)
class ChartGold:
    """A chart. `sql`: of all that it shows, its bin applied. `mark`, `channels`: as it is drawn in Vega-Lite."""

    id: str
    db: str
    sql: str
    vql: Vql
    mark: str
    channels: frozenset[str]

    def read(self, schema: Schema) -> Spec:
        """The spec of the chart."""
        return import_vql(self.vql, schema)

    def is_shown_by(self, spec: Spec, schema: Schema) -> bool:
        """Whether mark, x, y and colour are those of the drawing, and time is cut into the units asked for."""
        coloured = "color" in self.channels and self.mark != "arc"  # in a pie colour is x
        color = Ref(output=2) if coloured else None
        wanted = Chart.model_validate({"mark": _MARKS[self.mark, coloured], "color": color})
        return isinstance(spec, Answer) and spec.view == wanted and self._is_binned_by(spec, schema)

    def _is_binned_by(self, spec: Answer, schema: Schema) -> bool:
        if self.vql.bin is None:
            return True
        outputs: tuple[Node, ...] = spec.query.outputs if isinstance(spec.query, Select) else ()
        return any(_unit(output, schema) == self.vql.bin.unit.lower() for output in outputs)


def _unit(output: Node, schema: Schema) -> str | None:
    """The unit of time that an output is cut into; a number can only be a year."""
    match output:
        case TimeBucket():
            return output.grain
        case DatePart():
            return output.part
        case Col() if schema.column(output.column).type is ColumnType.NUMBER:
            return "year"
    return None


Gold = SqlGold | ChartGold


class Connection:
    """A DuckDB file without the sandbox: gold is trusted."""

    def __init__(self, path: Path):
        self.duckdb = duckdb.connect(str(path), read_only=True, config={"threads": 1})

    def run(self, sql: str) -> ResultTable:
        """All rows. Raises `EngineError`."""
        try:
            found = self.duckdb.execute(sql)
            return ResultTable(tuple(c[0] for c in found.description or ()), tuple(found.fetchall()), truncated=False)
        except duckdb.Error as error:
            raise EngineError(str(error).splitlines()[0]) from None


def bag(table: ResultTable) -> Counter[tuple]:
    """Rows with their counts; fractions to nine digits."""
    return Counter(tuple(f"{float(cell):.9g}" if is_number(cell) else key(cell) for cell in row) for row in table.rows)


class Databases:
    """Spider's databases under the benchmarks folder `root`."""

    def __init__(self, root: Path):
        self.root = root
        self.schemas = read_spider_tables(root / "spider" / "tables.json")

    @cache  # noqa: B019  (lives as long as the process)
    def open(self, db: str) -> tuple[Schema, Connection]:
        """The schema, with the types that the file has, and a connection."""
        connection = Connection(as_duckdb(self.root / "spider" / "database" / f"{db}.sqlite.gz"))
        types = {c.id.lower(): c.type for t in read_tables(connection.duckdb) for c in t.columns}
        schema = self.schemas[db]
        tables = (replace(t, columns=tuple(replace(c, type=types.get(c.id.lower(), c.type)) for c in t.columns)) for t in schema.tables)
        return replace(schema, tables=tuple(tables)), connection


@dataclass
class Spider:
    """Some of Spider's files. Golds: those that give the same answer on DuckDB as on SQLite."""

    name: str
    files: tuple[str, ...]
    databases: Databases
    left_out: Counter[str] = field(default_factory=Counter)

    def golds(self) -> Iterator[Gold]:
        """Database by database."""
        rows = []
        for file in self.files:
            with gzip.open(self.databases.root / "spider" / f"{file}.jsonl.gz", "rt", encoding="utf-8") as lines:
                rows += [json.loads(line) for line in lines]
        for row in sorted(rows, key=lambda r: r["db_id"]):
            if row.get("duckdb_matches"):
                yield SqlGold(row["id"], row["db_id"], row["query_duckdb"].strip())
            else:
                self.left_out["not the same on DuckDB as on SQLite"] += 1


@dataclass
class NvBench:
    """nvBench. Golds: those that run on DuckDB with their bin applied, and are not known to differ from their drawing."""

    name: str
    databases: Databases
    left_out: Counter[str] = field(default_factory=Counter)

    def golds(self) -> Iterator[Gold]:
        """Database by database, the questions about one chart together."""
        charts: dict[tuple[str, Vql], list[ChartQuestion]] = {}
        for row in sorted(read_nvbench(self.databases.root, self.databases.schemas), key=lambda r: r.db):
            if row.confirmed is False:
                self.left_out["its SQL does not give the data of its drawing"] += 1
            elif row.vql is None:
                self.left_out["its SQL cannot be parsed"] += 1
            else:
                charts.setdefault((row.db, row.vql), []).append(row)
        for (db, vql), rows in charts.items():
            schema, connection = self.databases.open(db)
            try:
                sql = gold_sql(vql, schema, connection.duckdb)
            except NoGold as error:
                self.left_out[str(error)] += len(rows)
            else:
                yield from (ChartGold(row.id, db, sql, vql, row.mark, row.channels) for row in rows)
