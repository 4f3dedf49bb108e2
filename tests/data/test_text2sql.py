"""Geography on a tiny database made here."""

import gzip
import json
import sqlite3

import pytest

from microgt.data.text2sql import Text2SqlSource
from microgt.errors import DataError

QUERIES = [
    'SELECT c0.CITY_NAME FROM CITY AS c0 WHERE c0.STATE_NAME = "texas" ;',
    "SELECT COUNT( * ) FROM CITY AS c0 , STATE AS s0 WHERE c0.STATE_NAME = s0.STATE_NAME ;",
    "SELECT c0.MAYOR FROM CITY AS c0 ;",
    "SELECT FROM (",
]


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "text2sql_data"
    (folder / "database").mkdir(parents=True)
    file = tmp_path / "geography.sqlite"
    connection = sqlite3.connect(file)
    connection.executescript(
        "CREATE TABLE state (state_name TEXT, area INT); CREATE TABLE city (city_name TEXT, state_name TEXT);"
        "INSERT INTO state VALUES ('texas', 3), ('maine', 1); INSERT INTO city VALUES ('austin', 'texas'), ('dallas', 'texas');"
    )
    connection.close()
    (folder / "database" / "geography.sqlite.gz").write_bytes(gzip.compress(file.read_bytes()))
    with gzip.open(folder / "geography.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps({"id": f"g{n}", "question": "?", "query": query}) + "\n" for n, query in enumerate(QUERIES))
    return tmp_path


def test_questions_whose_gold_runs(root):
    source = Text2SqlSource("geography", root)
    assert [e.id for e in source.examples("test")] == ["g0", "g1"]
    assert source.examples("test")[0].sql == "SELECT c0.CITY_NAME FROM CITY AS c0 WHERE c0.STATE_NAME = 'texas'"
    assert source.excluded("test") == [("g2", "gold does not run on DuckDB"), ("g3", "gold does not run on DuckDB")]
    assert source.databases("test") == ["geography"]


def test_the_schema_is_the_databases_own(root):
    source = Text2SqlSource("geography", root)
    schema = source.schema("geography")
    assert [t.name for t in schema.tables] == ["city", "state"]
    assert schema.values["state.state_name"] == ("maine", "texas")
    assert source.database("geography").is_file()


def test_what_is_not_there(root, monkeypatch):
    monkeypatch.delenv("MICROGT_BENCHMARKS", raising=False)
    with pytest.raises(DataError, match="no split 'dev'; choices: test"):
        Text2SqlSource("geography", root).examples("dev")
    with pytest.raises(DataError, match="no database 'zoo'"):
        Text2SqlSource("geography", root).schema("zoo")
    with pytest.raises(DataError, match="restaurants is missing: looked for"):
        Text2SqlSource("restaurants", root)
    with pytest.raises(DataError, match="choices: geography, restaurants"):
        Text2SqlSource("yelp", root)
    with pytest.raises(DataError, match="MICROGT_BENCHMARKS"):
        Text2SqlSource("geography")
