"""Spider in its official layout, on a tiny one written here; the real one where $MICROGT_BENCHMARKS names it."""

import contextlib
import gzip
import json
import os
import sqlite3

import duckdb
import pytest

from microgt.data import spider
from microgt.data.plain import plain
from microgt.data.spider import VALIDATION, SpiderSource
from microgt.data.sqlite_gold import answer_as_sql
from microgt.data.synthetic import SyntheticSource
from microgt.errors import DataError

TABLES = [
    {
        "db_id": db,
        "table_names_original": ["Pets"],
        "table_names": ["pets"],
        "column_names_original": [[-1, "*"], [0, "Id"], [0, "Name"]],
        "column_names": [[-1, "*"], [0, "pet id"], [0, "name"]],
        "column_types": ["text", "number", "text"],
        "primary_keys": [1],
        "foreign_keys": [],
    }
    for db in ("zoo", "farm", VALIDATION[0])
]


def question(db: str, query: str = "SELECT count(*) FROM Pets", text: str = "How many pets?") -> dict:
    return {"db_id": db, "question": text, "query": query}


@pytest.fixture
def official(tmp_path, monkeypatch):
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path / "cache"))
    root = tmp_path / "spider_data"
    for table in TABLES:
        folder = root / "database" / table["db_id"]
        folder.mkdir(parents=True)
        connection = sqlite3.connect(folder / f"{table['db_id']}.sqlite")
        connection.executescript("CREATE TABLE Pets (Id INTEGER PRIMARY KEY, Name TEXT); INSERT INTO Pets VALUES (1, 'Rex'), (2, 'Tom');")
        connection.close()
    files = {
        "tables": TABLES,
        "train_spider": [question("zoo"), question(VALIDATION[0], text="How many animals?")],
        "train_others": [
            question("zoo", 'SELECT Id FROM Pets WHERE Name = "Rex"'),
            question("zoo", text="how many BEASTS"),
            question("zoo", text="How many, animals"),
        ],
        "dev": [
            question("farm", text="How many beasts?"),
            question("farm", "SELECT (((", "Which?"),
            question("farm", "SELECT Name, count(*) FROM Pets", "Which?"),
            question("farm", "SELECT avg(Name) FROM Pets", "Which?"),
        ],
    }
    for name, rows in files.items():
        (root / f"{name}.json").write_text(json.dumps(rows))
    return root


def test_the_official_layout(official):
    source = SpiderSource(official)
    assert [e.db for e in source.examples("train")] == ["zoo", "zoo"]
    assert [e.question for e in source.examples("train")] == ["How many pets?"] * 2, "and not what is asked in validation or dev"
    assert source.databases("validation") == [VALIDATION[0]]
    assert source.examples("extra") == []
    assert source.examples("train")[1].sql == "SELECT Id FROM Pets WHERE Name = 'Rex'", "SQLite's quotes become a string"
    assert source.schema("zoo").values["Pets.Name"] == ("Rex", "Tom")
    assert source.database("zoo").suffix == ".duckdb"


def test_values_are_read_once_for_each_state_of_a_database(official, monkeypatch):
    first = SpiderSource(official).schema("zoo")
    with monkeypatch.context() as patch:
        patch.setattr(spider, "with_values", None)
        assert SpiderSource(official).schema("zoo") == first
    with contextlib.closing(sqlite3.connect(official / "database" / "zoo" / "zoo.sqlite")) as connection:
        connection.execute("INSERT INTO Pets VALUES (3, 'Max')")
        connection.commit()
    assert SpiderSource(official).schema("zoo").values["Pets.Name"] == ("Max", "Rex", "Tom")


def test_gold_that_cannot_be_read_is_excluded_from_dev_with_a_reason(official):
    source = SpiderSource(official)
    assert [(e.id, e.sql) for e in source.examples("dev")] == [
        ("spider_dev_00000", "SELECT COUNT(*) FROM Pets"),
        ("spider_dev_00002", "SELECT ANY_VALUE(Name), COUNT(*) FROM Pets"),  # SQLite takes the name of any row
    ]
    assert source.excluded("dev") == [(f"spider_dev_0000{i}", "gold does not run on DuckDB") for i in (1, 3)]
    assert source.excluded("train") == []
    assert [(e.id, e.written) for e in source.every("dev")][1] == ("spider_dev_00001", "SELECT (((")


def test_gold_that_sqlite_alone_runs_is_what_it_answers(official):
    unreadable, _, by_sqlite = SpiderSource(official).every("dev")[1:]
    assert by_sqlite.written == "SELECT avg(Name) FROM Pets"
    assert by_sqlite.sql == "SELECT c0 FROM (VALUES (0, 0.0)) AS answer(place, c0)"  # text that is no number counts as 0
    assert (by_sqlite.spec.query.outputs[0].kind, by_sqlite.spec.query.outputs[0].fn) == ("aggregate", "avg")
    assert unreadable.spec is None


@pytest.mark.parametrize("packed", [False, True])
def test_the_answer_of_sqlite_as_sql(tmp_path, packed):
    file = tmp_path / "t.sqlite"
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.executescript("CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 'x'), (2.5, 'it''s'), (NULL, 'z'), (4, '5');")
    if packed:
        (tmp_path / "t.sqlite.gz").write_bytes(gzip.compress(file.read_bytes()))
        file = tmp_path / "t.sqlite.gz"
    run = duckdb.connect().execute
    assert run(answer_as_sql("SELECT a, b FROM t ORDER BY a DESC", file)).fetchall() == [(4.0, "5"), (2.5, "it's"), (1.0, "x"), (None, "z")]
    assert sorted(run(answer_as_sql("SELECT b FROM t WHERE b > 9", file)).fetchall()) == [("5",), ("it's",), ("x",), ("z",)]
    assert answer_as_sql("SELECT a FROM t WHERE a > 9", file) is None
    assert answer_as_sql("SELECT nothing FROM t", file) is None
    assert answer_as_sql("SELECT (((", file) is None


def test_synthetic_questions_are_over_train_databases_alone_and_none_is_asked_later(official):
    source = SyntheticSource(official, per_database=4, processes=2)
    found = source.examples("train")
    assert found == source.examples("train")
    assert {e.db for e in found} == {"zoo"} == set(source.databases("train"))
    assert {plain(e.question) for e in found}.isdisjoint({"how many pets"})
    assert all(e.spec is not None and e.sql is None and e.split == "train" for e in found)
    with pytest.raises(DataError, match="no split 'dev'; choices: train"):
        source.examples("dev")


def test_what_is_missing_is_named(official, tmp_path, monkeypatch):
    source = SpiderSource(official)
    with pytest.raises(DataError, match="no split 'test'; choices: train, extra, validation, reworded, dev"):
        source.examples("test")
    with pytest.raises(DataError, match="no database 'moon'"):
        source.schema("moon")
    (official / "dev.json").unlink()
    with pytest.raises(DataError, match=r"looked for dev\.jsonl\.gz and dev\.json"):
        source.examples("dev")
    with pytest.raises(DataError, match="no Spider data in"):
        SpiderSource(tmp_path / "empty")
    monkeypatch.delenv("MICROGT_BENCHMARKS", raising=False)
    with pytest.raises(DataError, match=r"data\.root=DIR or the environment variable MICROGT_BENCHMARKS"):
        SpiderSource()


@pytest.mark.skipif(not os.environ.get("MICROGT_BENCHMARKS"), reason="needs MICROGT_BENCHMARKS, the folder that holds spider/")
def test_the_benchmark_has_disjoint_databases_and_all_dev_questions():
    source = SpiderSource()
    databases = [set(source.databases(split)) for split in ("train", "validation", "dev")]
    assert sum(map(len, databases)) == len(set.union(*databases))
    assert databases[1] == set(VALIDATION)
    assert set(source.databases("extra")) <= databases[0]
    assert set(source.databases("reworded")) <= databases[1]
    golds, reworded = {e.id: e.written for e in source.examples("validation")}, source.examples("reworded")
    assert len(reworded) > 400
    assert sum(golds.get(e.id) == e.written for e in reworded) > 0.9 * len(reworded)
    assert (len(source.examples("dev")), len(source.excluded("dev"))) == (1009, 25)
