"""Pairs made by hand for each component, and the evaluator's corner cases; what they say was seen in the official evaluator too."""

import pytest

from microgt.evaluation.exact import COMPONENTS, differing, exact_match, key_classes, read_clauses
from microgt.evaluation.exact.clauses import Clauses
from microgt.schema.types import Column, ColumnType, ForeignKey, Schema, Table
from tests.evaluation.exact.schema import SCHEMA

KEYS = key_classes(SCHEMA)
JOIN = "FROM concert AS T1 JOIN stadium AS T2 ON T1.stadium_id = T2.stadium_id"

SAME = [
    # order within a component
    ("SELECT name, age FROM singer", "SELECT age, name FROM singer"),
    ("SELECT name FROM singer WHERE age > 1 AND country = 'x'", "SELECT name FROM singer WHERE country = 'x' AND age > 1"),
    # values, DISTINCT, names of tables, case
    ("SELECT name FROM singer WHERE age > 20", "SELECT DISTINCT Name FROM Singer AS s WHERE s.AGE > 30"),
    ("SELECT count(DISTINCT name) FROM singer", "SELECT count(name) FROM singer"),
    ("SELECT name FROM singer WHERE country = 'France'", 'SELECT name FROM singer WHERE country = "Japan"'),
    ("SELECT name FROM singer ORDER BY age LIMIT 1", "SELECT name FROM singer ORDER BY age ASC LIMIT 3"),
    ("SELECT name FROM singer WHERE age BETWEEN 1 AND 2", "SELECT name FROM singer WHERE age BETWEEN 3 AND 4"),
    ("SELECT name FROM singer WHERE name LIKE '%a%'", "SELECT name FROM singer WHERE name LIKE 'b%'"),
    # the conditions of joins and the order of tables
    (f"SELECT title {JOIN}", "SELECT title FROM stadium AS T1 JOIN concert AS T2"),
    (f"SELECT title {JOIN}", "SELECT title FROM stadium AS T1 JOIN concert AS T2 ON T1.name = T2.title"),
    # columns that keys make equal
    (f"SELECT T1.stadium_id {JOIN}", f"SELECT T2.stadium_id {JOIN}"),
    (f"SELECT count(*) {JOIN} GROUP BY T1.stadium_id", f"SELECT count(*) {JOIN} GROUP BY T2.stadium_id"),
    (f"SELECT title {JOIN} WHERE T1.stadium_id = 3", f"SELECT title {JOIN} WHERE T2.stadium_id = 5"),
    (f"SELECT title {JOIN} ORDER BY T1.stadium_id", f"SELECT title {JOIN} ORDER BY T2.stadium_id"),
    # a value and a column on the right are both no more than a value
    ("SELECT name FROM singer WHERE name = country", "SELECT name FROM singer WHERE name = 'x'"),
    # set operations: the other side by the same rules, where values and order mean nothing either
    (
        "SELECT name FROM singer WHERE age > 1 INTERSECT SELECT name FROM singer WHERE age < 5 AND country = 'x'",
        "SELECT name FROM singer WHERE age > 2 INTERSECT SELECT name FROM singer WHERE country = 'y' AND age < 7",
    ),
    ("SELECT name FROM singer UNION SELECT name FROM stadium", "SELECT name FROM singer UNION SELECT DISTINCT name FROM stadium"),
    # nested: values mean nothing
    (
        "SELECT name FROM singer WHERE singer_id IN (SELECT singer_id FROM sings WHERE concert_id = 1)",
        "SELECT name FROM singer WHERE singer_id IN (SELECT singer_id FROM sings WHERE concert_id = 2)",
    ),
    (
        "SELECT name FROM singer WHERE age = (SELECT age FROM singer ORDER BY age LIMIT 1)",
        "SELECT name FROM singer WHERE age = (SELECT age FROM singer ORDER BY age LIMIT 2)",
    ),
    # the last direction that is named counts for all
    ("SELECT name FROM singer ORDER BY age DESC, name ASC", "SELECT name FROM singer ORDER BY age, name"),
]

DIFFERENT = [
    ("select", "SELECT name FROM singer", "SELECT country FROM singer"),
    ("select", "SELECT name FROM singer", "SELECT name, age FROM singer"),
    ("select", "SELECT name FROM singer", "SELECT name, name FROM singer"),
    ("select", "SELECT max(age) FROM singer", "SELECT min(age) FROM singer"),
    ("select", "SELECT count(*) FROM singer", "SELECT count(singer_id) FROM singer"),
    ("select", "SELECT * FROM singer", "SELECT singer_id, name, country, age FROM singer"),
    ("select", "SELECT age + singer_id FROM singer", "SELECT age - singer_id FROM singer"),
    ("where", "SELECT name FROM singer WHERE age > 1", "SELECT name FROM singer WHERE age >= 1"),
    ("where", "SELECT name FROM singer WHERE age > 1", "SELECT name FROM singer WHERE singer_id > 1"),
    ("where", "SELECT name FROM singer WHERE age > 1 AND age > 2", "SELECT name FROM singer WHERE age > 1"),
    ("where", "SELECT name FROM singer WHERE name LIKE 'a'", "SELECT name FROM singer WHERE name NOT LIKE 'a'"),
    ("and/or", "SELECT name FROM singer WHERE age > 1 OR age < 0", "SELECT name FROM singer WHERE age > 1 AND age < 0"),
    ("group", "SELECT count(*) FROM singer GROUP BY country", "SELECT count(*) FROM singer GROUP BY name"),
    ("group", "SELECT count(*) FROM singer GROUP BY country, name", "SELECT count(*) FROM singer GROUP BY name, country"),
    ("group", "SELECT count(*) FROM singer GROUP BY country", "SELECT count(*) FROM singer"),
    ("having", "SELECT name FROM singer GROUP BY name HAVING count(*) > 1", "SELECT name FROM singer GROUP BY name HAVING count(*) >= 1"),
    ("order", "SELECT name FROM singer ORDER BY age", "SELECT name FROM singer ORDER BY name"),
    ("order", "SELECT name FROM singer ORDER BY age", "SELECT name FROM singer ORDER BY age DESC"),
    ("order", "SELECT name FROM singer ORDER BY age", "SELECT name FROM singer ORDER BY age LIMIT 1"),
    ("order", "SELECT name FROM singer ORDER BY age, name", "SELECT name FROM singer ORDER BY name, age"),
    ("set operations", "SELECT name FROM singer EXCEPT SELECT name FROM stadium", "SELECT name FROM singer UNION SELECT name FROM stadium"),
    ("set operations", "SELECT name FROM singer", "SELECT name FROM singer EXCEPT SELECT name FROM stadium"),
    (
        "set operations",
        "SELECT name FROM singer EXCEPT SELECT name FROM stadium WHERE seats > 1",
        "SELECT name FROM singer EXCEPT SELECT name FROM stadium WHERE seats < 1",
    ),
    ("keywords", "SELECT name FROM singer LIMIT 1", "SELECT name FROM singer"),
    ("keywords", "SELECT name FROM singer GROUP BY name HAVING count(*) > 1", "SELECT name FROM singer GROUP BY name"),
    ("keywords", "SELECT name FROM singer WHERE age > 1", "SELECT name FROM singer"),
    ("tables", "SELECT count(*) FROM concert", "SELECT count(*) FROM stadium"),
    ("tables", "SELECT title FROM concert", f"SELECT title {JOIN}"),
    ("tables", "SELECT count(*) FROM sings", "SELECT count(*) FROM sings AS a JOIN sings AS b"),
    # a nested query must be as written: order, tables, DISTINCT, keys
    (
        "where",
        "SELECT name FROM singer WHERE age > (SELECT avg(age) FROM singer WHERE age > 1 AND country = 'x')",
        "SELECT name FROM singer WHERE age > (SELECT avg(age) FROM singer WHERE country = 'x' AND age > 1)",
    ),
    (
        "where",
        "SELECT name FROM singer WHERE singer_id IN (SELECT singer_id FROM sings)",
        "SELECT name FROM singer WHERE singer_id IN (SELECT DISTINCT singer_id FROM sings)",
    ),
    (
        "where",
        "SELECT title FROM concert WHERE stadium_id IN (SELECT T1.stadium_id FROM concert AS T1 JOIN stadium AS T2)",
        "SELECT title FROM concert WHERE stadium_id IN (SELECT T1.stadium_id FROM stadium AS T2 JOIN concert AS T1)",
    ),
    (
        "where",
        f"SELECT title FROM concert WHERE stadium_id IN (SELECT T1.stadium_id {JOIN})",
        f"SELECT title FROM concert WHERE stadium_id IN (SELECT T2.stadium_id {JOIN})",
    ),
    # a key is the column that it refers to, and its table still another
    ("tables", "SELECT stadium_id FROM concert", "SELECT stadium_id FROM stadium"),
]


def _differing(gold, predicted):
    return differing(read_clauses(gold, SCHEMA), read_clauses(predicted, SCHEMA), KEYS)


@pytest.mark.parametrize(("gold", "predicted"), SAME)
def test_what_means_nothing(gold, predicted):
    assert _differing(gold, predicted) == [] == _differing(predicted, gold)


@pytest.mark.parametrize(("component", "gold", "predicted"), DIFFERENT)
def test_what_counts(component, gold, predicted):
    assert component in _differing(gold, predicted)
    assert component in _differing(predicted, gold)
    assert not exact_match(read_clauses(gold, SCHEMA), read_clauses(predicted, SCHEMA), KEYS)


def test_every_component_is_told_apart_by_some_pair():
    assert {component for component, _, _ in DIFFERENT} == set(COMPONENTS)


def test_nothing_matches_what_could_not_be_read():
    assert not exact_match(read_clauses("SELECT count(*) FROM singer", SCHEMA), Clauses(), KEYS)


def test_the_other_side_is_merged_over_the_tables_of_the_first():
    """As the evaluator does it: `concert` is in the first FROM here, and not there."""
    inside, outside = f"SELECT T1.stadium_id {JOIN}", "SELECT stadium_id FROM singer"
    first = f"SELECT T2.stadium_id {JOIN} EXCEPT {inside}"
    assert exact_match(read_clauses(first, SCHEMA), read_clauses(first.replace("EXCEPT SELECT T1", "EXCEPT SELECT T2"), SCHEMA), KEYS)
    gold = outside.replace("stadium_id", "name") + " EXCEPT " + inside
    assert not exact_match(read_clauses(gold, SCHEMA), read_clauses(gold.replace("SELECT T1", "SELECT T2"), SCHEMA), KEYS)


def test_key_classes_name_the_first_column():
    assert KEYS["concert.stadium_id"] == KEYS["stadium.stadium_id"] == "stadium.stadium_id"
    assert KEYS["sings.singer_id"] == "singer.singer_id"
    assert "singer.name" not in KEYS


def test_classes_that_meet_later_stay_apart():
    def table(name):
        return Table(name, (name,), (Column(name, "id", ColumnType.NUMBER, ("id",)),))

    keys = (ForeignKey("B.id", "a.id"), ForeignKey("d.id", "c.id"), ForeignKey("B.id", "d.id"), ForeignKey("e.id", "f.id", inferred=True))
    schema = Schema("keys", tuple(map(table, "aBcdef")), keys)
    assert key_classes(schema) == {"a.id": "a.id", "b.id": "a.id", "c.id": "c.id", "d.id": "c.id"}
