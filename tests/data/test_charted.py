"""Questions asked as charts: the drawing, its order, and what is left as it was."""

import random
import re

import duckdb
import pytest

from microgt.data.charted import Charted
from microgt.data.example import Example
from microgt.engine.database import open_database
from microgt.spec import check
from microgt.spec.importer import import_sql
from microgt.spec.types import Chart, Col, Ref

BY_REGION = "SELECT region, COUNT(*) FROM customers GROUP BY region"


@pytest.fixture(scope="module")
def schema(tmp_path_factory):
    path = tmp_path_factory.mktemp("charted") / "shop.duckdb"
    with duckdb.connect(str(path)) as db:
        db.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, region VARCHAR, age INTEGER, since DATE)")
        db.execute("INSERT INTO customers VALUES (1, 'north', 20, DATE '2024-01-01'), (2, 'south', 30, DATE '2024-02-01')")
    return open_database(path).schema


def charted(sql, schema, ordered=0.0, seed=0):
    example = Example("q", "How many customers are in each region?", "shop", import_sql(sql, schema), None, "train")
    return example, Charted(ordered)(example, schema, random.Random(seed))


@pytest.mark.parametrize("seed", range(20))
def test_a_name_and_a_number_become_a_chart(schema, seed):
    before, after = charted(BY_REGION, schema, seed=seed)
    assert isinstance(after.spec.view, Chart)
    assert after.spec.query == before.spec.query
    assert "customers are in each region" in after.question
    assert after.question != before.question
    assert not check(after.spec, schema)


@pytest.mark.parametrize("seed", range(40))
def test_the_order_is_by_the_axis_that_is_named(schema, seed):
    _, after = charted(BY_REGION, schema, ordered=1.0, seed=seed)
    (sort,) = after.spec.query.sort
    asked = after.question.lower()
    by_name = re.search(r"\bx\b|region", asked.replace("each region", ""))
    assert isinstance(sort.by, Col if by_name else Ref)
    down = ("desc", "high to low", "highest to lowest", "largest first", "highest first")
    assert (sort.direction == "desc") == any(words in asked for words in down)
    assert after.spec.view.mark == "bar"
    assert not check(after.spec, schema)


def test_the_number_comes_second(schema):
    _, after = charted("SELECT COUNT(*), region FROM customers GROUP BY region ORDER BY COUNT(*) DESC", schema, ordered=1.0)
    assert [type(output).__name__ for output in after.spec.query.outputs] == ["Col", "Aggregate"]
    assert [(sort.direction, sort.by) for sort in after.spec.query.sort] == [("desc", Ref(output=1))]


def test_a_number_of_each_row(schema):
    _, after = charted("SELECT region, age FROM customers", schema)
    assert after.spec.view.mark in ("bar", "line", "scatter")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT region, id FROM customers",  # an identifier is no height
        "SELECT region, since FROM customers",
        "SELECT region FROM customers",
        "SELECT MIN(age), MAX(age) FROM customers",
        f"{BY_REGION} ORDER BY COUNT(*) DESC LIMIT 1",
        "SELECT region FROM customers UNION SELECT region FROM customers",
    ],
)
def test_what_is_no_chart_stays_as_it_was(schema, sql):
    before, after = charted(sql, schema, ordered=1.0)
    assert after is before


def test_what_is_drawn_already_stays(schema):
    _, once = charted(BY_REGION, schema)
    assert Charted()(once, schema, random.Random(1)) is once
