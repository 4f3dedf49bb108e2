"""Conditions in the order in which the question mentions them."""

import duckdb
import pytest

from microgt.engine.database import open_database
from microgt.graph import Linker, build_graph
from microgt.spec.importer import import_sql
from microgt.training.mention import in_order_of_mention


@pytest.fixture(scope="module")
def schema(tmp_path_factory):
    path = tmp_path_factory.mktemp("mention") / "race.duckdb"
    with duckdb.connect(str(path)) as db:
        db.execute("CREATE TABLE races (name VARCHAR, country VARCHAR, year INTEGER, laps INTEGER)")
        db.execute("INSERT INTO races VALUES ('Jerez', 'Spain', 2018, 50), ('Monza', 'Italy', 2019, 60)")
    return open_database(path).schema


def ordered(question: str, where: str, schema) -> list[str]:
    spec = import_sql(f"SELECT name FROM races WHERE {where}", schema)
    graph = build_graph(question, schema, Linker(schema))
    return [arg.model_dump_json() for arg in in_order_of_mention(spec, graph).query.where.args]


@pytest.mark.parametrize(("first", "second"), [("country = 'Spain'", "year > 2017"), ("year > 2017", "country = 'Spain'")])
@pytest.mark.parametrize("junction", ["AND", "OR"])
def test_values_give_the_order(schema, first, second, junction):
    found = ordered("races after 2017 in Spain", f"{first} {junction} {second}", schema)
    assert ["2017" in found[0], "Spain" in found[1]] == [True, True]
    assert "Spain" in ordered("races in Spain after 2017", f"{first} {junction} {second}", schema)[0]


def test_columns_give_it_where_no_value_does(schema):
    found = ordered("races whose laps are known and that have a country", "country IS NOT NULL AND laps IS NOT NULL", schema)
    assert "laps" in found[0]


def test_what_the_question_does_not_mention_stays_last_and_as_it_was(schema):
    found = ordered("races in Spain", "laps = 7 AND year = 2019 AND country = 'Spain'", schema)
    assert ["Spain" in found[0], "laps" in found[1], "year" in found[2]] == [True, True, True]


def test_nested_conditions_are_ordered_too_and_nothing_else_changes(schema):
    spec = import_sql("SELECT name FROM races WHERE laps = 50 AND (year = 2018 OR country = 'Italy')", schema)
    graph = build_graph("races in Italy or of 2018 with 50 laps", schema, Linker(schema))
    where = in_order_of_mention(spec, graph).query.where
    assert where.args[0].kind == "or"
    assert where.args[0].args[0].right.value == "Italy"
    assert set(where.args[0].args) == set(spec.query.where.args[1].args)
