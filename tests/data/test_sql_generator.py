"""Generated SQL with its words: the same from the same seed, every one imported, accepted and with an answer."""

from collections import Counter
from random import Random

import duckdb
import pytest

from microgt.data.generator.sql import generate_sql
from microgt.data.generator.sql.conditions import Conditions
from microgt.data.generator.sql.generate import gold
from microgt.data.generator.sql.keys import KeyGraph
from microgt.data.generator.sql.kinds import KINDS
from microgt.data.generator.sql.kinds.attributes import best, how_much, stored_count
from microgt.data.generator.sql.kinds.brackets import either
from microgt.data.generator.sql.kinds.people import of_two, own, theirs
from microgt.data.generator.sql.sampler import Plan, Sampler
from microgt.data.generator.sql.sentences import sentence
from microgt.data.shapes import shape
from microgt.errors import EngineError
from microgt.schema.readers import read_duckdb
from microgt.spec import check, compile_spec
from microgt.spec.importer import import_sql

DATA = """
CREATE TABLE city (id INTEGER PRIMARY KEY, city_name VARCHAR, country VARCHAR, population INTEGER);
CREATE TABLE student (id INTEGER PRIMARY KEY, name VARCHAR, major VARCHAR, age INTEGER, city_id INTEGER REFERENCES city(id));
CREATE TABLE course (id INTEGER PRIMARY KEY, title VARCHAR, credits INTEGER, number_of_seats INTEGER);
CREATE TABLE enrollment (student_id INTEGER REFERENCES student(id), course_id INTEGER REFERENCES course(id), grade VARCHAR);
CREATE TABLE twin (one INTEGER REFERENCES student(id), other INTEGER REFERENCES student(id));
CREATE TABLE teacher (id INTEGER PRIMARY KEY, first_name VARCHAR, last_name VARCHAR, salary INTEGER);
CREATE TABLE lesson (id INTEGER PRIMARY KEY, teacher_id INTEGER REFERENCES teacher(id), topic VARCHAR, room INTEGER);
INSERT INTO teacher SELECT range, ['Ann', 'Bob', 'Eve'][1 + range % 3], ['Stone', 'Wood'][1 + range % 2], 100 * range FROM range(6);
INSERT INTO lesson SELECT range, range % 6, ['sets', 'maps', 'rings'][1 + range % 3], range % 7 FROM range(30);
INSERT INTO city SELECT range, 'town ' || range, ['France', 'Peru'][1 + range % 2], 1000 + 37 * range FROM range(6);
INSERT INTO student SELECT range, 'person ' || range, ['Math', 'Art', 'Law'][1 + range % 3], 18 + range % 9, range % 5 FROM range(40);
INSERT INTO course SELECT range, 'subject ' || range, 1 + range % 4, 20 + 3 * range FROM range(8);
INSERT INTO enrollment SELECT range % 30, range % 7, ['A', 'B', 'C'][1 + range % 3] FROM range(90);
"""


def no_synonyms(word):
    return ()


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    """Its schema and what runs SQL."""
    path = tmp_path_factory.mktemp("sql_generator") / "school.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(DATA)
    schema = read_duckdb(path)
    with duckdb.connect(str(path), read_only=True, config={"threads": 1}) as connection:

        def run(sql: str) -> list:
            try:
                return connection.execute(sql).fetchall()
            except duckdb.Error as error:
                raise EngineError(str(error)) from None

        yield schema, run


def test_the_same_seed_gives_the_same_questions(school):
    assert list(generate_sql(*school, 30, seed=3)) == list(generate_sql(*school, 30, seed=3))
    assert {e.question for e in generate_sql(*school, 30, seed=3)} != {e.question for e in generate_sql(*school, 30, seed=4)}


def test_every_question_is_new_accepted_and_has_an_answer(school):
    schema, run = school
    found = list(generate_sql(schema, run, 80, seed=0))
    assert len({e.question for e in found}) == len({e.id for e in found}) == 80
    assert len({shape(e.spec) for e in found}) > 30
    for example in found:
        assert check(example.spec, schema) == []
        assert any(value is not None for row in run(compile_spec(example.spec, schema)) for value in row), example.question


@pytest.mark.parametrize("kind", [kind for kind, _ in KINDS], ids=lambda kind: f"{kind.__module__.rpartition('.')[2]}.{kind.__name__}")
def test_each_kind_finds_something_and_most_of_it_is_kept(school, kind):
    schema, run = school
    sampler = Sampler(schema, run, Random(1), no_synonyms)
    plans = [plan for _ in range(24) if (plan := kind(sampler, Conditions(sampler))) is not None]
    assert len(plans) >= 5
    assert sum(gold(plan, schema, run) is not None for plan in plans) > len(plans) / 4
    assert not [plan.text for plan in plans if "{" in plan.text or "  " in plan.text]


def test_joins_follow_keys_and_no_way_goes_up_and_down_again(school):
    graph = KeyGraph(school[0])
    assert graph.distance("student", "city") == graph.distance("city", "student") == 1
    assert graph.distance("student", "course") == 2
    assert graph.distance("course", "city") == 3
    assert graph.distance("city", "course") is None, "two steps down"
    assert graph.distance("student", "twin") is None, "two keys, neither of them named"
    source = graph.source(["student", "course"])
    assert source is not None
    assert source.tables == ("student", "enrollment", "course")
    assert source.column("course.title") == 'T3."title"'


def test_near_columns_are_drawn_more_often(school):
    sampler = Sampler(*school, Random(0), no_synonyms)
    drawn = Counter(column.table for _ in range(600) if (column := sampler.column("student", lambda c: True)) is not None)
    assert drawn["student"] > drawn["city"] > 0
    assert drawn["student"] > drawn["course"] > 0
    up = {column.table for _ in range(100) if (column := sampler.column("student", lambda c: True, up=True)) is not None}
    assert up == {"student", "city"}


def test_sql_without_an_answer_is_dropped(school):
    assert gold(Plan("SELECT name FROM student WHERE age > 99", "", ""), *school) is None
    assert gold(Plan("SELECT COUNT(*) FROM student WHERE age > 99", "", ""), *school) is None
    assert gold(Plan("SELECT nothing FROM student", "", ""), *school) is None
    assert gold(Plan("SELECT COUNT(*) FROM student", "", ""), *school) == import_sql("SELECT COUNT(*) FROM student", school[0])


def test_a_phrase_becomes_a_question_a_command_or_a_few_words():
    rng, plan = Random(0), Plan("", "the names of all students", "list")
    said = {sentence(plan, rng) for _ in range(300)}
    assert {"What are the names of all students?", "Find the names of all students.", "Names of all students"} <= said
    whole = Plan("", "how many students are there", "count", True)
    assert {s[-1] for s in (sentence(whole, rng) for _ in range(50))} >= {"?", "e"}


def test_a_number_of_a_row_is_asked_for_without_the_name_of_its_column(school):
    schema, run = school
    sampler = Sampler(schema, run, Random(2), no_synonyms)
    plans = [plan for _ in range(60) for kind in (how_much, stored_count, best) if (plan := kind(sampler, Conditions(sampler)))]
    asked = {plan.text.lower(): plan.sql for plan in plans}
    told = ["how old is", "live in", "how many seats", "youngest student", "most populous city"]
    assert not [words for words in told if not any(words in text for text in asked)]
    assert not any("COUNT(" in sql or "MAX(" in sql for sql in asked.values())
    assert not any("population" in text or "age" in text.split() for text in asked if text.startswith("how"))


def test_people_are_called_by_their_whole_name(school):
    """Both names are looked for in one row, and for two people in two pairs."""
    schema, run = school
    sampler = Sampler(schema, run, Random(3), no_synonyms)
    plans = [plan for _ in range(200) for kind in (own, theirs, of_two) if (plan := kind(sampler, Conditions(sampler)))]
    names = {f"{first} {last}".lower() for first, last in run("SELECT first_name, last_name FROM teacher")}
    assert all(any(name in plan.text.lower() for name in names) for plan in plans)
    assert all(f.count("first_name") == f.count("last_name") > 0 for f in (plan.sql for plan in plans))
    assert any(" OR (" in plan.sql for plan in plans)
    assert any(" INTERSECT " in plan.sql for plan in plans)


def test_one_or_the_other_condition_is_one_predicate(school):
    schema, run = school
    sampler = Sampler(schema, run, Random(4), no_synonyms)
    specs = [gold(plan, schema, run) for _ in range(40) if (plan := either(sampler, Conditions(sampler)))]
    found = [spec.query.where for spec in specs if spec is not None]
    assert len(found) > 10
    assert {predicate.kind for predicate in found} == {"or"}
