"""nvBench as a source: charts over Spider's databases, in Spider's splits by database."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cache
from pathlib import Path

import duckdb

from microgt.data.chart_gold import NoGold, gold_sql
from microgt.data.example import Example
from microgt.data.nvbench import ChartQuestion, read_nvbench
from microgt.data.plain import plain
from microgt.data.spider import VALIDATION, SpiderSource
from microgt.errors import DataError, SpecError
from microgt.schema.catalog import connect
from microgt.schema.types import Schema
from microgt.spec.importer.vql import Vql, import_vql
from microgt.spec.types import Spec


class NvBenchSource:
    """The folder `nvbench/` beside `spider/` under `root` ($MICROGT_BENCHMARKS).

    Gold is SQL with its bin applied; the spec with its chart, where the importer finds one, stands beside it. Left out are charts whose
    SQL gives other data than their drawing, or none on DuckDB. Category: nvBench's hardness.
    """

    splits = ("train", "validation", "dev")

    def __init__(self, root: str | Path | None = None, name: str = "nvbench"):
        self.name, self._spider = name, SpiderSource(root)
        self.root = self._spider.root

    def examples(self, split: str) -> list[Example]:
        """The questions of a split. Raises `DataError` with the splits there are."""
        return self._judged(split)[0]

    def excluded(self, split: str) -> list[tuple[str, str]]:
        """(id, reason) of the questions that `examples` leaves out."""
        return self._judged(split)[1]

    def databases(self, split: str) -> list[str]:
        """The databases that a split asks about."""
        return sorted({e.db for e in self.examples(split)})

    def schema(self, db: str) -> Schema:
        """Spider's schema of a database."""
        return self._spider.schema(db)

    def database(self, db: str) -> Path:
        """Its DuckDB file."""
        return self._spider.database(db)

    @cache  # noqa: B019  (one source lives as long as the process)
    def _judged(self, split: str) -> tuple[list[Example], list[tuple[str, str]]]:
        kept, left_out = [], []
        with ExitStack() as stack:
            golds = _Golds(self, stack)
            for row in self.asked(split):
                gold = golds.of(row)
                if isinstance(gold, str):
                    left_out.append((row.id, gold))
                else:
                    spec, sql = gold
                    kept.append(Example(row.id, row.question, row.db, spec, sql, split, row.hardness))
        return kept, left_out

    def asked(self, split: str) -> list[ChartQuestion]:
        """The questions of a split with their charts, `excluded` or not. None of train is asked in validation or dev word by word."""
        if split not in self.splits:
            raise DataError(f"nvBench has no split {split!r}; choices: {', '.join(self.splits)}")
        if split == "dev":
            return read_nvbench(self.root, self._spider.described, ("dev",))
        rows = read_nvbench(self.root, self._spider.described, ("train",))
        chosen = [row for row in rows if row.db in VALIDATION]
        if split == "validation":
            return chosen
        later = {plain(row.question) for row in (*chosen, *self.asked("dev"))}
        return [row for row in rows if row.db not in VALIDATION and plain(row.question) not in later]


class _Golds:
    """Golds of charts, each found once; connections are closed with `stack`."""

    def __init__(self, source: NvBenchSource, stack: ExitStack):
        self.source, self.stack = source, stack
        self._connections: dict[str, duckdb.DuckDBPyConnection] = {}
        self._known: dict[tuple[str, Vql], tuple[Spec | None, str] | str] = {}

    def of(self, row: ChartQuestion) -> tuple[Spec | None, str] | str:
        """(spec, SQL), or why there is none."""
        if row.confirmed is False:
            return "its SQL does not give the data of its drawing"
        if row.vql is None:
            return "its SQL cannot be parsed"
        if (row.db, row.vql) not in self._known:
            self._known[row.db, row.vql] = self._find(row.db, row.vql)
        return self._known[row.db, row.vql]

    def _find(self, db: str, vql: Vql) -> tuple[Spec | None, str] | str:
        if db not in self._connections:
            self._connections[db] = self.stack.enter_context(connect(self.source.database(db)))
        schema = self.source.schema(db)
        try:
            sql = gold_sql(vql, schema, self._connections[db])
        except NoGold as error:
            return str(error)
        try:
            return import_vql(vql, schema), sql
        except SpecError:
            return None, sql
