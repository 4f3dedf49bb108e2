"""Questions whose right answer is no table: accepted, their reasons true, all that is read has an answer."""

import duckdb
import pytest

from microgt.data.generator.other import generate_other
from microgt.graph.words import split_words, stem
from microgt.schema.readers import read_duckdb
from microgt.spec import check
from microgt.spec.types import Answer, Clarify, Forecast, Unanswerable

DATA = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, name VARCHAR, home_city VARCHAR);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id),
  net_amount DOUBLE, tax_amount DOUBLE, ship_city VARCHAR, placed DATE);
CREATE TABLE planets (id INTEGER PRIMARY KEY, title VARCHAR);
INSERT INTO customers SELECT range, 'name ' || range, ['Rome', 'Oslo'][1 + range % 2] FROM range(12);
INSERT INTO orders SELECT range, range % 10, 5 + range * 7 % 90, range % 9, ['Rome', 'Oslo'][1 + range % 2],
  DATE '2023-01-15' + CAST(range * 11 AS INTEGER)
FROM range(60);
INSERT INTO planets VALUES (1, 'Mars');
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The schema and examples over it."""
    path = tmp_path_factory.mktemp("other") / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(DATA)
    schema = read_duckdb(path)
    with duckdb.connect(str(path), read_only=True, config={"threads": 1}) as connection:
        yield schema, list(generate_other(schema, lambda sql: connection.execute(sql).fetchall(), 120, seed=0))


def test_all_kinds_come_and_are_accepted(made):
    schema, examples = made
    assert len({e.question for e in examples}) == len(examples) == 120
    assert all(check(e.spec, schema) == [] for e in examples)
    reasons = {e.spec.reason for e in examples if isinstance(e.spec, Unanswerable)}
    assert reasons == {"no_column", "no_path", "out_of_scope"}


def test_a_forecast_says_how_far(made):
    found = [e for e in made[1] if isinstance(e.spec, Answer)]
    assert found
    for example in found:
        assert isinstance(example.spec.view, Forecast)
        n = example.spec.view.horizon.value
        words = {w.lower() for w in split_words(example.question).words}
        assert n == 1 or {str(n), ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "", "")[min(n, 12) - 2]} & words


def test_readings_are_of_columns_that_share_the_word_asked_for(made):
    found = [e for e in made[1] if isinstance(e.spec, Clarify)]
    assert found
    shared = {"amount": {"orders.net_amount", "orders.tax_amount"}, "city": {"customers.home_city", "orders.ship_city"}}
    for example in found:
        told = example.spec.model_dump_json()
        assert any(all(column in told for column in columns) for columns in shared.values()), example.question


def test_what_is_foreign_is_not_in_the_schema(made):
    schema, examples = made
    known = {stem(w) for t in schema.tables for c in t.columns for w in c.words}
    refused = [e for e in examples if isinstance(e.spec, Unanswerable) and e.spec.reason == "no_column"]
    assert refused
    for example in refused:
        assert not {"amount", "citi"} & {stem(w.lower()) for w in split_words(example.question).words} & known
