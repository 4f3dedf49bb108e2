"""Spider: questions over 166 databases, in the layout of the benchmarks folder or in Spider's official one.

Splits: `train` (with train_others), `extra` (rewordings and first turns over the train databases, where present), `validation` (14 train
databases, on which every choice is made), `reworded` (questions of validation again, names of the schema said in other words by people of
Spider-Syn, where present) and `dev`. No database is in two of train, validation and dev, and no question of `train` and `extra` is asked
in the others word by word.
"""

from __future__ import annotations

import dataclasses
import gzip
import json
import os
from contextlib import suppress
from functools import cache, cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb

from microgt.data.example import Example
from microgt.data.plain import plain
from microgt.data.sqlite_gold import answer_as_sql
from microgt.data.sqlite_sql import for_duckdb, to_duckdb
from microgt.errors import DataError, SpecError
from microgt.schema import store
from microgt.schema.catalog import connect
from microgt.schema.dictionaries import with_values
from microgt.schema.load import as_duckdb, files_of, stamp_of
from microgt.schema.readers import with_keys
from microgt.schema.spider import read_spider_tables
from microgt.schema.types import Schema
from microgt.spec.importer import import_sql

# The first 14 train databases in the order of the SHA-256 of their names, baseball_1 (whose main tables are empty) left out.
VALIDATION = (
    "ship_1",
    "match_season",
    "icfp_1",
    "csu_1",
    "machine_repair",
    "customers_card_transactions",
    "election_representative",
    "student_assessment",
    "store_1",
    "customers_campaigns_ecommerce",
    "tracking_software_problems",
    "apartment_rentals",
    "program_share",
    "manufacturer",
)
_REWORDED = "spider_syn_train"
_EXTRA = (_REWORDED, "sparc_first_turn", "cosql_first_turn")


class SpiderSource:
    """Spider under `root`: a folder with `spider/` as in the benchmarks, or Spider's own folder. Default: $MICROGT_BENCHMARKS."""

    splits = ("train", "extra", "validation", "reworded", "dev")

    def __init__(self, root: str | Path | None = None, name: str = "spider"):
        self.name = name
        given = root or os.environ.get("MICROGT_BENCHMARKS")
        if not given:
            raise DataError("data=spider needs data.root=DIR or the environment variable MICROGT_BENCHMARKS: the folder that holds spider/")
        self.root = Path(given)
        self.folder = self.root / "spider" if (self.root / "spider").is_dir() else self.root
        if not (self.folder / "tables.json").is_file():
            raise DataError(f"no Spider data in {self.root}: expected tables.json in it or in its folder spider/")

    @cached_property
    def described(self) -> dict[str, Schema]:
        """The schemas of all databases as `tables.json` describes them, without values."""
        return read_spider_tables(self.folder / "tables.json")

    @cached_property
    def _filled(self) -> dict[str, Schema]:
        return {}

    def schema(self, db: str) -> Schema:
        """The schema of one database with its value dictionaries, which are read once for each state of its file."""
        if db not in self._filled:
            if db not in self.described:
                raise DataError(f"Spider has no database {db!r}")
            described, file = self.described[db], self.database(db)
            depends_on = ["with keys", json.dumps(store.to_json(described)), stamp_of(files_of(file))]
            self._filled[db] = store.stored(db, depends_on, lambda: with_values(with_keys(described, file), file))
        return self._filled[db]

    def database(self, db: str) -> Path:
        """The DuckDB file of one database, made from its SQLite file once."""
        return as_duckdb(self._original(db))

    def _original(self, db: str) -> Path:
        folder = self.folder / "database"
        for candidate in (folder / f"{db}.sqlite.gz", folder / db / f"{db}.sqlite"):
            if candidate.is_file():
                return candidate
        raise DataError(f"Spider's database {db!r} is missing: looked for {folder / db / (db + '.sqlite')}")

    def databases(self, split: str) -> list[str]:
        """The databases that a split asks about."""
        return sorted({row["db_id"] for row in self._kept(split)})

    def examples(self, split: str) -> list[Example]:
        """The questions of a split. In validation and dev only those whose gold runs on DuckDB; see `excluded`."""
        return [self._example(row, split) for row in self._kept(split)]

    def every(self, split: str) -> list[Example]:
        """All questions of a split, `excluded` or not. Gold that does not run on DuckDB is what SQLite answers."""
        left_out = {id for id, _ in self.excluded(split)}
        return [self._by_sqlite(r, split) if r["id"] in left_out else self._example(r, split) for r in self._rows(split)]

    def excluded(self, split: str) -> list[tuple[str, str]]:
        """(id, reason) of the questions that `examples` leaves out."""
        if split in ("train", "extra"):
            return []
        return [(r["id"], "gold does not run on DuckDB") for r in self._rows(split) if not r.get("query_duckdb")]

    def _kept(self, split: str) -> list[dict[str, Any]]:
        return [row for row in self._rows(split) if split in ("train", "extra") or row.get("query_duckdb")]

    def _rows(self, split: str) -> list[dict[str, Any]]:
        if split not in self.splits:
            raise DataError(f"Spider has no split {split!r}; choices: {', '.join(self.splits)}")
        if split == "dev":
            return self._read("dev")
        if split == "validation":
            return [r for r in self._read("train") if r["db_id"] in VALIDATION]
        if split == "reworded":
            return self._told
        parts = map(self._more, _EXTRA) if split == "extra" else map(self._read, ("train", "train_others"))
        return [r for r in chain.from_iterable(parts) if r["db_id"] not in VALIDATION and plain(r["question"]) not in self.tested]

    @cached_property
    def tested(self) -> set[str]:
        """The words of the questions of validation, told again or not, and of dev, none of which may be trained on."""
        rows = [r for r in self._written("train") if r["db_id"] in VALIDATION] + self._reworded
        with suppress(DataError):  # one may train without the questions of dev at hand
            rows += self._written("dev")
        return {plain(r["question"]) for r in rows}

    @cache  # noqa: B019  (one source lives as long as the process)
    def _written(self, part: str) -> list[dict[str, Any]]:
        """The lines of a file; in Spider's own layout without what is known of golds on DuckDB."""
        packed = self.folder / f"{part}.jsonl.gz"
        if packed.is_file():
            return _read_lines(packed)
        official = self.folder / ("train_spider.json" if part == "train" else f"{part}.json")
        if not official.is_file():
            raise DataError(f"Spider's {part} questions are missing: looked for {packed.name} and {official.name} in {self.folder}")
        return [
            {"id": f"spider_{part}_{i:05d}"} | {key: row[key] for key in ("db_id", "question", "query")}
            for i, row in enumerate(json.loads(official.read_text(encoding="utf-8")))
        ]

    def _more(self, name: str) -> list[dict[str, Any]]:
        """The questions of a set beside Spider; none where it is not there."""
        file = self.root / "spider_extra" / f"{name}.jsonl.gz"
        return _read_lines(file) if file.is_file() else []

    @property
    def _reworded(self) -> list[dict[str, Any]]:
        return [r for r in self._more(_REWORDED) if r["db_id"] in VALIDATION]

    @cached_property
    def _told(self) -> list[dict[str, Any]]:
        """Validation questions in people's other words, each with the id of the question that is told again."""
        return [{**r, "id": r["id"].replace(_REWORDED, "spider_train")} for r in self._scored(self._reworded, "reworded")]

    @cache  # noqa: B019
    def _read(self, part: str) -> list[dict[str, Any]]:
        return self._scored([dict(row) for row in self._written(part)], part)

    def _scored(self, rows: list[dict[str, Any]], part: str) -> list[dict[str, Any]]:
        """With golds in DuckDB's SQL where questions are scored."""
        scored = [row for row in rows if "query_duckdb" not in row and (part == "dev" or row["db_id"] in VALIDATION)]
        for db in {row["db_id"] for row in scored}:
            with connect(self.database(db)) as connection:
                for row in scored:
                    if row["db_id"] == db:
                        row["query_duckdb"] = self._runnable(row, connection)
        return rows

    def _runnable(self, row: dict[str, Any], connection: duckdb.DuckDBPyConnection) -> str | None:
        """A gold in DuckDB's SQL; None when it does not run there."""
        sql = for_duckdb(row["query"], self.described[row["db_id"]])
        if sql is None:
            return None
        try:
            connection.execute(sql)
        except duckdb.Error:
            return None
        return sql

    def _example(self, row: dict[str, Any], split: str) -> Example:
        sql = row.get("query_duckdb") or to_duckdb(row["query"], self.described[row["db_id"]])
        written = row["query"].strip().rstrip(";").strip()
        return Example(id=row["id"], question=row["question"], db=row["db_id"], spec=None, sql=sql, split=split, written=written)

    def _by_sqlite(self, row: dict[str, Any], split: str) -> Example:
        example, answer = self._example(row, split), answer_as_sql(row["query"], self._original(row["db_id"]))
        if answer is None:
            return example
        with suppress(SpecError):
            return dataclasses.replace(example, spec=import_sql(example.sql or "", self.schema(example.db)), sql=answer)
        return dataclasses.replace(example, sql=answer)


def _read_lines(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
