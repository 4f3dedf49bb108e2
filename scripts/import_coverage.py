#!/usr/bin/env python
"""How much of Spider's SQL has a spec: import each gold query, compile the spec, run both, compare.

    MICROGT_BENCHMARKS=DIR python scripts/import_coverage.py [--splits train,dev] [--report FILE] [--show REASON]

Prints a line for each split and writes the reasons for the others to the report.
Same: equal bags of rows, columns in the same order. Only gold that gives the same answer on DuckDB as on SQLite is looked at.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from microgt.commit import git_hash
from microgt.engine.result import ResultTable
from microgt.errors import EngineError, SpecError
from microgt.evaluation.cells import is_number, key
from microgt.evaluation.order import ordering
from microgt.evaluation.ordered import compare_ordered
from microgt.schema.catalog import read_tables
from microgt.schema.load import as_duckdb
from microgt.schema.spider import read_spider_tables
from microgt.schema.types import Schema
from microgt.spec.checker import check
from microgt.spec.compiler import compile_spec
from microgt.spec.importer import import_sql

SPLITS = {"train": ("train", "train_others"), "dev": ("dev",)}  # the files of each split
REPORT = Path(__file__).resolve().parent.parent / "reports" / "import.md"
COMMAND = "python scripts/import_coverage.py"
SAME, TIE = "same", "another choice among rows that tie at the cut"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one query. `reason`: `same`, an error code, `different`, `engine`, ..."""

    id: str
    reason: str
    gold: str
    sql: str = ""
    message: str = ""


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


class Spider:
    """The benchmark's folder `spider/`."""

    def __init__(self, root: Path):
        self.folder = root / "spider"
        self.schemas = read_spider_tables(self.folder / "tables.json")

    def rows(self, split: str) -> list[dict[str, Any]]:
        """Questions whose gold says the same on both engines, database by database."""
        found = []
        for name in SPLITS[split]:
            with gzip.open(self.folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
                found += [json.loads(line) for line in lines]
        return sorted((r for r in found if r.get("duckdb_matches")), key=lambda r: r["db_id"])

    @cache  # noqa: B019  (lives as long as the process)
    def database(self, db: str) -> tuple[Schema, Connection]:
        """The schema, with the types that the file has, and a connection."""
        connection = Connection(as_duckdb(self.folder / "database" / f"{db}.sqlite.gz"))
        return _typed_as_stored(self.schemas[db], connection), connection


def _typed_as_stored(schema: Schema, connection: Connection) -> Schema:
    types = {c.id.lower(): c.type for t in read_tables(connection.duckdb) for c in t.columns}
    tables = (replace(t, columns=tuple(replace(c, type=types.get(c.id.lower(), c.type)) for c in t.columns)) for t in schema.tables)
    return replace(schema, tables=tuple(tables))


def judged(row: dict[str, Any], schema: Schema, connection: Connection) -> Verdict:
    """The verdict on one gold query."""
    gold, sql = row["query_duckdb"], ""
    try:
        spec = import_sql(gold, schema)
        for error in check(spec, schema):
            raise error
        sql = compile_spec(spec, schema)
        wanted, given = connection.run(gold), connection.run(sql)
    except SpecError as error:
        return Verdict(row["id"], error.code, gold, sql, str(error))
    except EngineError as error:
        return Verdict(row["id"], "engine", gold, sql, str(error))
    if len(wanted.columns) == len(given.columns) and _bag(wanted) == _bag(given):
        return Verdict(row["id"], SAME, gold, sql)
    tie = compare_ordered(wanted, given, ordering(gold), connection).tie_cut
    return Verdict(row["id"], TIE if tie else "different", gold, sql)


def _bag(table: ResultTable) -> Counter[tuple]:
    """Rows with their counts; fractions to nine digits."""
    return Counter(tuple(f"{float(cell):.9g}" if is_number(cell) else key(cell) for cell in row) for row in table.rows)


def verdicts(spider: Spider, split: str) -> Iterator[Verdict]:
    """Of all queries of a split. Many questions share their SQL."""
    known: dict[tuple[str, str], Verdict] = {}
    for row in spider.rows(split):
        query = row["db_id"], row["query_duckdb"].strip()
        if query not in known:
            known[query] = judged(row, *spider.database(row["db_id"]))
        yield replace(known[query], id=row["id"])


def markdown(found: dict[str, list[Verdict]]) -> str:
    """The report: how it was made, shares, then reasons."""
    lines = ["# SQL that has a spec", "", (__doc__ or "").strip().splitlines()[-1], "", _made_by(), ""]
    lines += ["| split | same answer | queries | share |", "|---|---:|---:|---:|"]
    for split, all_of in found.items():
        same = sum(v.reason == SAME for v in all_of)
        lines.append(f"| spider-{split} | {same} | {len(all_of)} | {same / len(all_of):.1%} |")
    lines += ["", "## The others", "", f"| reason | {' | '.join(found)} |", f"|---|{'---:|' * len(found)}"]
    counts = {split: Counter(v.reason for v in all_of) for split, all_of in found.items()}
    for reason, _ in sum(counts.values(), Counter()).most_common():
        if reason != SAME:
            lines.append(f"| {reason} | {' | '.join(str(counts[s][reason]) for s in found)} |")
    return "\n".join(lines) + "\n"


def _made_by() -> str:
    """The command, the versions and the commit."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("microgt", "duckdb", "sqlglot"))
    return f"Made by `{COMMAND}` at {git_hash() or 'no commit'} with Python {platform.python_version()}, {packages}."


def _print(split: str, all_of: Sequence[Verdict], show: str | None) -> None:
    same = sum(v.reason == SAME for v in all_of)
    print(f"spider-{split} {same / len(all_of):.1%} ({same}/{len(all_of)})", flush=True)
    for v in all_of:
        if v.reason == show:
            print(f"\n{v.id}\n{v.gold}\n{v.message}\n{v.sql}".rstrip())


def main() -> int:
    """Measure, print, write the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--splits", default=",".join(SPLITS), help=f"some of {','.join(SPLITS)} (default: all)")
    parser.add_argument("--report", type=Path, metavar="FILE", help="where the figures go (all splits: reports/import.md; else nowhere)")
    parser.add_argument("--show", metavar="REASON", help="print the queries that failed for this reason")
    args = parser.parse_args()
    splits = args.splits.split(",")
    if unknown := set(splits) - set(SPLITS):
        parser.error(f"no split {', '.join(sorted(unknown))}; choices: {', '.join(SPLITS)}")
    if not (root := os.environ.get("MICROGT_BENCHMARKS")):
        parser.error("set MICROGT_BENCHMARKS to the folder that holds spider/")
    if not (Path(root) / "spider" / "tables.json").is_file():
        parser.error(f"no spider/tables.json in {root}, the folder that MICROGT_BENCHMARKS names")
    spider = Spider(Path(root))
    found = {}
    for split in splits:
        found[split] = list(verdicts(spider, split))
        _print(split, found[split], args.show)
    report = args.report or (REPORT if set(splits) == set(SPLITS) else None)
    if report:
        report.parent.mkdir(parents=True, exist_ok=True)
        unfinished = report.with_name(report.name + ".part")
        unfinished.write_text(markdown(found), encoding="utf-8")
        unfinished.replace(report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
