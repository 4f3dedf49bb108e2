"""Tables of the web, made again from what is asked of them."""

import gzip
import json

import pytest

from microgt.data.web import WebTablesSource
from microgt.data.web.asked import Asked, Condition, heading, read_asked
from microgt.data.web.table import table_of
from microgt.errors import DataError
from microgt.schema.catalog import connect

T = "TABLEalias0"
LINES = [
    ("Which city has the stadium Old Park?", f'SELECT {T}.CITY_FIELD FROM TABLE AS {T} WHERE {T}.STADIUM_FIELD = "old park" ;', "dev"),
    (
        "How many teams play in Old Park with more than 12.5 points?",
        f'SELECT COUNT {T}.TEAM_FIELD FROM TABLE AS {T} WHERE {T}.PTS_FIELD > 12.5 AND {T}.STADIUM_FIELD = "old park" ;',
        "dev",
    ),
    ("What are the most points?", f"SELECT MAX {T}.PTS_FIELD FROM TABLE AS {T} ;", "dev"),
    ("What is the sum of stadiums?", f"SELECT SUM {T}.STADIUM_FIELD FROM TABLE AS {T} ;", "dev"),
    ("Who plays in the new one?", f'SELECT {T}.TEAM_FIELD FROM TABLE AS {T} WHERE {T}.STADIUM_FIELD = "new park" ;', "dev"),
    ("Which city?", f"SELECT {T}.CITY_FIELD FROM TABLE AS {T} ;", "train"),
]


@pytest.fixture
def source(tmp_path, monkeypatch):
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path / "cache"))
    (tmp_path / "wikisql").mkdir()
    rows = [
        {"id": f"w{n}", "question": q, "query": sql, "split": split, "table_id": "train" if split == "train" else "one"}
        for n, (q, sql, split) in enumerate(LINES)
    ]
    with gzip.open(tmp_path / "wikisql" / "questions.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)
    return WebTablesSource(tmp_path, least=3)


def test_what_a_line_asks():
    asked = read_asked("w1", *LINES[1][:2])
    assert asked == Asked("w1", LINES[1][0], "Team", "COUNT", (Condition("Pts", ">", "12.5"), Condition("Stadium", "=", "old park")))
    sql = """SELECT COUNT("Team") FROM "entries" WHERE "Pts" > 12.5 AND "Stadium" = 'old park'"""
    assert asked.sql("entries", frozenset({"Pts"})) == sql


def test_names_of_columns():
    assert heading("STATE/TERRITORY") == "State/Territory"
    assert heading("NO._IN_SERIES") == "No. In Series"


def test_a_value_that_is_not_in_the_question_is_left_out():
    assert read_asked("w4", *LINES[4][:2]) is None
    assert read_asked("w", "Which one?", f"SELECT {T}.A_FIELD FROM OTHER ;") is None


def test_an_answer_without_a_condition_is_another(source):
    """Of the rows with the value asked for one fails each other condition."""
    asked = read_asked("w1", *LINES[1][:2])
    table = table_of([asked], "seed")
    points, stadium = table.columns.index("Pts"), table.columns.index("Stadium")
    meets = {(float(row[points]) > 12.5, row[stadium] == "old park") for row in table.rows}
    assert meets == {(True, True), (False, True), (True, False)}
    assert table.numbers == {"Pts"}
    assert table_of([asked], "seed") == table != table_of([asked], "other")


def test_questions_whose_gold_finds_something(source):
    found = source.examples("validation")
    assert [e.id for e in found] == ["w0", "w1", "w2"]
    assert source.excluded("validation") == [("w3", "gold does not run on DuckDB, or finds nothing")]
    assert source.databases("validation") == ["one"]
    schema = source.schema("one")
    assert {c.name for c in schema.tables[0].columns} == {"City", "Stadium", "Team", "Pts"}
    with connect(source.database("one")) as connection:
        assert all(connection.execute(e.sql).fetchall() for e in found)


def test_what_is_not_there(source, tmp_path, monkeypatch):
    monkeypatch.delenv("MICROGT_BENCHMARKS", raising=False)
    assert source.examples("train") == []  # its one question is fewer than asked for
    with pytest.raises(DataError, match="no split 'dev'; choices: train, validation, test"):
        source.examples("dev")
    with pytest.raises(DataError, match="no database 'zoo'"):
        source.schema("zoo")
    with pytest.raises(DataError, match="needs data.root=DIR"):
        WebTablesSource()
    with pytest.raises(DataError, match="WikiSQL is missing: looked for"):
        WebTablesSource(tmp_path / "none")
