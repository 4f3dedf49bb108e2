"""Golds that are changed in words."""

import json
import random

import pytest

from microgt.data.demo.source import DemoSource
from microgt.data.edits import EditsSource
from microgt.data.edits.source import edited
from microgt.data.edits.wordings import FORMS, said
from microgt.errors import DataError
from microgt.refine.spoken import spoken
from microgt.spec import check
from microgt.spec.canonical import canonical
from microgt.spec.types import Answer, Edit
from microgt.training.prepare import Preparer, Tally
from tests.data.robustness.shop import folder


@pytest.fixture
def source(tmp_path, monkeypatch):
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path / "cache"))
    asked = {
        "How many customers per city?": "SELECT city, count(*) FROM customers GROUP BY city",
        "Average age of customers": "SELECT avg(age) FROM customers",
        "Names of customers in Berlin": "SELECT name FROM customers WHERE city = 'Berlin'",
    }
    lines = [{"id": f"q{i}", "question": q, "db": "shop.duckdb", "query": sql} for i, (q, sql) in enumerate(asked.items())]
    return folder(tmp_path, "\n".join(map(json.dumps, lines)))


def test_the_answer_before_is_told_and_the_one_after_is_gold(source):
    edits = EditsSource(source, of={"train": ["train"]}, times=20, anew=0.0)
    found = edits.examples("train")
    assert len(found) > 30
    assert len({e.id for e in found}) == len(found)
    schema = edits.schema("shop.duckdb")
    for example in found:
        before, _, change = example.question.partition(" Now: ")
        assert before.endswith(".")
        assert change
        assert isinstance(example.spec, Edit)
        assert not check(example.spec, schema)
        assert spoken(example.spec.answer, change, schema) != example.question


def test_a_new_question_stays_one(source):
    edits = EditsSource(source, of={"train": ["train"]}, times=5, anew=1.0)
    assert {e.question.partition(" Now: ")[2] for e in edits.examples("train")} == {e.question for e in source.examples("train")}
    assert all(isinstance(e.spec, Answer) for e in edits.examples("train"))


def test_they_are_made_once_and_by_the_seed(source):
    def made(seed):
        return EditsSource(source, of={"train": ["train"]}, times=5, seed=seed)

    assert made(0).examples("train") == made(0).examples("train") != made(1).examples("train")
    with pytest.raises(DataError, match="no split 'dev'; choices: train"):
        made(0).examples("dev")


def test_other_splits_are_worded_in_ways_of_their_own():
    rng = random.Random(0)
    slots = dict.fromkeys(("mark", "n", "unit", "every", "name", "names", "value", "period", "fn", "units"), "x")
    for kind, forms in FORMS.items():
        trained, kept = ({said(kind, half, rng, **slots) for _ in range(200)} for half in ("train", "held_out"))
        assert not trained & kept, kind
        assert len(forms) == len(set(forms)) >= 8


def test_what_is_said_can_be_written():
    """Values and names of both parts are nodes of the graph."""
    source, rng, tally = DemoSource(), random.Random(0), Tally()
    golds = [e for e in source.examples("validation") if isinstance(e.spec, Answer)]
    preparer, made = Preparer(source), []
    for example in rng.sample(golds, 40):
        schema = source.schema(example.db)
        found = edited(example.spec, schema, "train", rng)
        if found:
            assert canonical(found[1].answer, schema) != canonical(example.spec, schema)
            made.append(type(example)(example.id, found[0], example.db, found[1], None, "train"))
    prepared = list(preparer.train(made, tally))
    assert len(made) > 30
    assert len(prepared) >= 0.9 * len(made), tally
