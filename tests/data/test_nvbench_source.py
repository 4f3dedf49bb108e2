"""nvBench as a source, on a database and charts made up for these tests."""

import gzip
import json
import sqlite3

import pytest

from microgt.data.nvbench_source import NvBenchSource
from microgt.data.spider import VALIDATION
from microgt.errors import DataError
from microgt.spec.types import Answer, Chart

DATABASES = ("zoo", VALIDATION[0], "farm")


def chart(n: int, db: str, query: str, **more) -> dict:
    drawn = {"chart": "Bar", "bin_column": None, "bin_unit": None, "mark": "bar", "vega_encoding": {"x": {}, "y": {}}}
    return {
        "id": f"q{n}",
        "db_id": db,
        "question": f"question {n}",
        "query": query,
        **drawn,
        "result_matches": None,
        "hardness": "Easy",
        **more,
    }


BY_KIND = "SELECT kind, COUNT(*) FROM pets GROUP BY kind"
TRAIN = [chart(0, "zoo", BY_KIND), chart(1, VALIDATION[0], BY_KIND), chart(8, "zoo", BY_KIND, question="Question 2?")]
DEV = [
    chart(2, "farm", "SELECT born, COUNT(*) FROM pets", bin_column="born", bin_unit="YEAR", hardness="Hard"),
    chart(3, "farm", BY_KIND, result_matches=False),
    chart(4, "farm", "SELECT FROM ("),
    chart(5, "farm", "SELECT gone, COUNT(*) FROM pets GROUP BY gone"),
    chart(6, "farm", "SELECT kind, name, COUNT(*) FROM pets GROUP BY kind"),
    chart(7, "farm", "SELECT id, kind, COUNT(*) FROM pets GROUP BY id"),
]


@pytest.fixture
def source(tmp_path, monkeypatch):
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path / "cache"))
    columns = [[-1, "*"], [0, "id"], [0, "kind"], [0, "name"], [0, "born"]]
    table = {"table_names": ["pets"], "table_names_original": ["pets"], "column_names": columns, "column_names_original": columns}
    types = ["text", "number", "text", "text", "time"]
    tables = [{"db_id": db, **table, "column_types": types, "primary_keys": [1], "foreign_keys": []} for db in DATABASES]
    (tmp_path / "spider").mkdir()
    (tmp_path / "spider" / "tables.json").write_text(json.dumps(tables))
    for db in DATABASES:
        folder = tmp_path / "spider" / "database" / db
        folder.mkdir(parents=True)
        connection = sqlite3.connect(folder / f"{db}.sqlite")
        connection.executescript(
            "CREATE TABLE pets (id INTEGER PRIMARY KEY, kind TEXT, name TEXT, born DATE);"
            "INSERT INTO pets VALUES (1, 'dog', 'Rex', '2020-01-02'), (2, 'dog', 'Tom', '2021-03-04');"
        )
        connection.close()
    (tmp_path / "nvbench").mkdir()
    for name, rows in (("train", TRAIN), ("dev", DEV)):
        with gzip.open(tmp_path / "nvbench" / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)
    return NvBenchSource(tmp_path)


def test_splits_are_by_database(source):
    assert [[e.id for e in source.examples(split)] for split in ("train", "validation")] == [["q0"], ["q1"]]
    assert source.databases("dev") == ["farm"]
    with pytest.raises(DataError, match="no split 'test'; choices: train, validation, dev"):
        source.examples("test")


def test_gold_has_its_bin_and_its_chart(source):
    binned, by_key = source.examples("dev")
    assert (binned.id, binned.category) == ("q2", "Hard")
    assert binned.sql is not None
    assert "GROUP BY" in binned.sql
    assert isinstance(binned.spec, Answer)
    assert binned.spec.view == Chart(mark="bar")
    assert (by_key.id, by_key.sql) == ("q7", "SELECT id, MIN(kind), COUNT(*) FROM pets GROUP BY id")  # a group has one kind


def test_what_gives_no_answer_is_left_out_with_the_reason(source):
    assert source.excluded("dev") == [
        ("q3", "its SQL does not give the data of its drawing"),
        ("q4", "its SQL cannot be parsed"),
        ("q5", "does not run on DuckDB: Binder Error"),
        ("q6", "a column that is no key has several values in a group"),
    ]
