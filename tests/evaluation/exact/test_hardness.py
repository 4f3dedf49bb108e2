import pytest

from microgt.evaluation.exact import hardness, read_clauses
from tests.evaluation.exact.schema import SCHEMA

JOIN = "FROM concert AS T1 JOIN stadium AS T2 ON T1.stadium_id = T2.stadium_id"
NESTED = "SELECT name FROM singer WHERE singer_id IN (SELECT singer_id FROM sings)"


@pytest.mark.parametrize(
    ("sql", "level"),
    [
        ("SELECT name FROM singer", "easy"),
        ("SELECT name FROM singer WHERE age > 1", "easy"),
        (f"SELECT title {JOIN}", "easy"),
        ("SELECT name, age FROM singer", "medium"),
        ("SELECT max(age), min(age) FROM singer WHERE age > 1", "medium"),
        ("SELECT name FROM singer ORDER BY age LIMIT 1", "medium"),
        (f"SELECT T2.name, count(*) {JOIN} GROUP BY T2.stadium_id", "medium"),
        ("SELECT name, age, country FROM singer WHERE age > 1 AND age < 3 OR age = 7", "extra"),
        (f"SELECT T2.name {JOIN} WHERE year > 2000 GROUP BY T2.stadium_id", "hard"),
        ("SELECT max(age), min(age) FROM singer WHERE age > 1 AND age < 3 ORDER BY count(*)", "hard"),
        (NESTED, "hard"),
        ("SELECT name FROM singer EXCEPT SELECT name FROM stadium", "hard"),
        (f"{NESTED} AND age > 1", "extra"),
        (f"{NESTED} EXCEPT SELECT name FROM stadium", "extra"),
        (f"SELECT T2.name, count(*) {JOIN} WHERE year > 2000 GROUP BY T2.stadium_id ORDER BY count(*) DESC LIMIT 1", "extra"),
        # NOT counts as an aggregate
        ("SELECT max(age) FROM singer WHERE age NOT BETWEEN 1 AND 2", "medium"),
        ("SELECT max(age) FROM singer WHERE age BETWEEN 1 AND 2", "easy"),
        ("SELECT name FROM singer WHERE name LIKE 'a' AND country LIKE 'b'", "hard"),
    ],
)
def test_level(sql, level):
    assert hardness(read_clauses(sql, SCHEMA)) == level
