"""Gold SQL -> spec -> Spider's SQL matches the gold, wherever the spec does not leave open how it was written."""

import pytest

from microgt.evaluation.exact import Unreadable, differing, key_classes, read_clauses, spider_sql
from microgt.spec.importer import import_sql
from microgt.spec.json import read_spec
from tests.evaluation.exact.schema import SCHEMA

JOIN = "FROM concert AS T1 JOIN stadium AS T2 ON T1.stadium_id = T2.stadium_id"
GOLD = [
    "SELECT count(*) FROM singer",
    "SELECT * FROM singer WHERE age > 20",
    "SELECT DISTINCT country FROM singer",
    "SELECT name, age FROM singer WHERE country = 'France' OR country = 'Japan'",
    "SELECT name FROM singer WHERE NOT country = 'France' AND age BETWEEN 1 AND 3",
    "SELECT name FROM singer WHERE name NOT LIKE '%a%' AND age <> 3",
    "SELECT avg(age), count(DISTINCT country) FROM singer",
    "SELECT max(age) - min(age) FROM singer",
    "SELECT country, count(*) FROM singer GROUP BY country HAVING count(*) > 2",
    "SELECT name FROM singer ORDER BY age DESC, name LIMIT 3",
    f"SELECT T2.name, count(*) {JOIN} GROUP BY T1.stadium_id",
    f"SELECT T1.stadium_id, T2.name, count(*) {JOIN} GROUP BY T2.stadium_id ORDER BY count(*) DESC LIMIT 1",
    f"SELECT T2.name {JOIN} WHERE T1.year = 2014 AND T2.seats > 5000",
    "SELECT T1.name, T3.title FROM singer AS T1 JOIN sings AS T2 ON T1.singer_id = T2.singer_id"
    " JOIN concert AS T3 ON T2.concert_id = T3.concert_id",
    "SELECT name FROM singer WHERE age > (SELECT avg(age) FROM singer)",
    "SELECT name FROM singer WHERE singer_id NOT IN (SELECT singer_id FROM sings)",
    f"SELECT title FROM concert WHERE concert_id IN (SELECT T1.concert_id {JOIN} WHERE T2.seats > 3)",
    "SELECT name FROM singer WHERE age > 3 INTERSECT SELECT name FROM singer WHERE age < 9",
    "SELECT stadium_id FROM stadium EXCEPT SELECT stadium_id FROM concert",
    "SELECT name FROM singer UNION SELECT name FROM stadium ORDER BY name LIMIT 2",
    "SELECT count(*) FROM (SELECT country FROM singer GROUP BY country)",
    "SELECT stadium_id, name, seats FROM stadium",  # all columns, but few
    "SELECT min(country) FROM singer",
    "SELECT max(name), min(name) FROM singer WHERE age > 3",
    "SELECT country, avg(age), min(name) FROM singer GROUP BY country",
    f"SELECT title FROM concert WHERE year > (SELECT count(*) {JOIN.replace('concert AS T1 JOIN stadium AS T2', 'stadium AS T1 JOIN concert AS T2')})",
    # shown beside a key that groups many rows of its table
    "SELECT T1.title FROM concert AS T1 JOIN stadium AS T2 ON T1.stadium_id = T2.stadium_id GROUP BY T1.stadium_id HAVING count(*) > 1",
]


@pytest.mark.parametrize("gold", GOLD)
def test_gold_comes_back(gold):
    spelled = spider_sql(import_sql(gold, SCHEMA), SCHEMA)
    gold = gold.replace("NOT country = ", "country != ")
    if "(SELECT country FROM singer GROUP BY" in gold:  # groups without a measure are different rows
        gold = gold.replace("SELECT country FROM singer GROUP BY country", "SELECT DISTINCT country FROM singer")
    again = read_clauses(spelled.sql("sqlite"), SCHEMA)
    assert differing(read_clauses(gold, SCHEMA), again, key_classes(SCHEMA)) == []


def test_it_reads_like_sql_of_people():
    gold = f"SELECT T2.name, count(*) {JOIN} GROUP BY T1.stadium_id ORDER BY count(*) DESC LIMIT 1"
    assert spider_sql(import_sql(gold, SCHEMA), SCHEMA).sql("sqlite") == (
        "SELECT T1.name, COUNT(*) FROM stadium AS T1 JOIN concert AS T2 ON T1.stadium_id = T2.stadium_id "
        "GROUP BY T1.stadium_id ORDER BY COUNT(*) DESC LIMIT 1"
    )


def test_one_of_several_values_is_several_equations():
    spec = import_sql("SELECT name FROM singer WHERE country IN ('a', 'b', 'c')", SCHEMA)
    assert str(spider_sql(spec, SCHEMA).args["where"]) == "WHERE country = 'a' OR country = 'b' OR country = 'c'"
    most = import_sql("SELECT name FROM singer WHERE age NOT IN (1, 2, 3, 4, 5, 6)", SCHEMA)
    assert str(spider_sql(most, SCHEMA).args["where"]) == "WHERE " + " AND ".join(f"age <> {n}" for n in range(1, 7))


@pytest.mark.parametrize(
    "spec",
    [
        {"kind": "unanswerable", "reason": "no_column"},
        {"query": {"outputs": [{"kind": "date_part", "part": "year", "of": "concert.year"}]}},
        {"query": {"outputs": [{"kind": "aggregate", "fn": "median", "of": "singer.age"}]}},
        {"query": {"outputs": ["singer.name"], "sort": [{"direction": "asc", "by": "singer.age"}], "limit": {"n": 1, "ties": "include"}}},
        {"query": {"outputs": ["singer.nobody"]}},
    ],
)
def test_what_spider_does_not_have(spec):
    with pytest.raises(Unreadable):
        spider_sql(read_spec(spec), SCHEMA)
