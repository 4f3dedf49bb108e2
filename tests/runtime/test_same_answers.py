"""The runtime and torch give the same answers to embedded questions, or the same reasons for none."""

import pytest

import microgt
from microgt.data.demo.source import DemoSource
from microgt.errors import MicrogtError
from microgt.runtime import Answerer
from tests.export.conftest import checkpoint, exported, folder, graphs  # noqa: F401  the same small model

QUESTIONS = [e for db in ("retail", "banking") for e in DemoSource().examples("unseen" if db == "banking" else "validation") if e.db == db][
    ::25
]


@pytest.fixture(scope="module")
def askers(exported, folder):  # noqa: F811
    with Answerer(exported("onnx")) as ours, microgt.load(folder) as theirs:
        yield ours, theirs


def outcome(asker, example):
    """What somebody sees: spec, SQL, rows, or what was wrong."""
    try:
        answered = asker.ask(DemoSource().database(example.db), example.question)
    except MicrogtError as error:
        return type(error), str(error)
    return answered.spec, answered.sql, answered.rows, answered.warnings


@pytest.mark.parametrize("example", QUESTIONS, ids=lambda e: e.id)
def test_they_say_the_same(askers, example):
    ours, theirs = askers
    assert outcome(ours, example) == outcome(theirs, example)
