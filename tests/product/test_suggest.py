"""Questions to begin with: their kinds, that they run, that they are the same each time."""

import duckdb
import pytest
from hypothesis import given, settings

from microgt.cli.main import main
from microgt.engine.duckdb import DuckDBEngine
from microgt.engine.result import ResultTable
from microgt.errors import EngineError
from microgt.product.suggest import suggestions
from microgt.schema.types import Schema
from microgt.spec import check
from tests.spec.databases import databases


@pytest.fixture(scope="module")
def sales(tmp_path_factory):
    """A table with all that suggestions are made of, and an empty one."""
    path = tmp_path_factory.mktemp("sales") / "sales.duckdb"
    with duckdb.connect(path) as db:
        db.execute(
            "CREATE TABLE sales AS SELECT i AS id, DATE '2023-01-01' + CAST(i * 3 AS INTEGER) AS sold, 'product ' || (i % 9) AS product,"
            " ['north', 'south', 'east'][i % 3 + 1] AS region, i * 1.5 AS amount, 7 AS zip FROM range(200) t(i)"
        )
        db.execute("CREATE TABLE visits (day DATE, pages INTEGER)")
    return path


def test_one_of_each_kind_and_only_those_that_show_something(sales):
    with DuckDBEngine(sales) as engine:
        found = suggestions(Schema.from_duckdb(sales), engine)
        assert suggestions(Schema.from_duckdb(sales), engine) == found
        assert suggestions(Schema.from_duckdb(sales), engine, 2) == found[:2]
    assert [(s.kind, s.question) for s in found] == [
        ("total", "Total amount"),
        ("trend", "Total amount by month as a line chart"),
        ("top", "Top 5 products by total amount"),
        ("share", "Number of sales by region as a donut chart"),
        ("average", "Average amount by region"),
        ("total", "Number of sales"),
    ]


def test_they_are_printed_and_a_question_is_not_needed(sales, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path))
    assert main(["suggest", str(sales), "--most", "2"]) == 0
    assert capsys.readouterr().out == "Total amount\nTotal amount by month as a line chart\n"
    assert main(["ask", str(sales)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 6
    with duckdb.connect(tmp_path / "none.duckdb") as db:
        db.execute("CREATE TABLE empty (x INTEGER)")
    assert main(["suggest", str(tmp_path / "none.duckdb")]) == 3


class Shows:
    """An engine that has two rows for all, or nothing for any."""

    def __init__(self, rows):
        self._rows = rows

    def run(self, sql):
        if self._rows is None:
            raise EngineError("none")
        return ResultTable(("a", "b"), self._rows)


@settings(max_examples=20)
@given(databases())
def test_they_are_right_for_any_schema(database):
    found = suggestions(database.schema, Shows((("a", 1), ("b", 2))), 20)
    assert [check(s.spec, database.schema) for s in found] == [[] for _ in found]
    assert len({s.question for s in found}) == len(found)
    assert suggestions(database.schema, Shows(None)) == suggestions(database.schema, Shows(())) == []
