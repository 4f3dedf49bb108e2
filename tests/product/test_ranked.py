"""Readings that are run and ranked: by `ask` and by evaluation."""

import math
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pytest

from microgt.data.example import Example
from microgt.engine.database import open_database
from microgt.engine.duckdb import DuckDBEngine
from microgt.engine.result import ResultTable
from microgt.errors import GrammarError, QueryTimeout, SeveralReadings, Unanswered
from microgt.evaluation.calibration import Calibrator, Thresholds
from microgt.model.proposer import Candidate
from microgt.product.asker import Asker
from microgt.product.calibrate import mark
from microgt.product.predict import predict, readings
from microgt.product.ranked import Once, ranked
from microgt.ranking import NAMES, Ranker, Ranking
from microgt.spec.json import read_spec
from tests.product.scripted import AMOUNT, ORDERS, UNKNOWN, Scripted, by_region

TOTAL, COUNT = ({"query": {"outputs": [measure]}} for measure in (AMOUNT, ORDERS))
REFUSAL = {"kind": "unanswerable", "reason": "no_path"}


def liking(*, threshold: float = 0.0, without: dict[str, Ranking] | None = None, **weights: float) -> Ranking:
    """One that knows these features. Its confidence is 1/2 when all readings give one answer, and less otherwise."""
    calibrator = Calibrator(("share",), (1.0,), (1.0,), (1.0,), bias=0.0, thresholds=Thresholds(threshold, 1.0, 1.0))
    return Ranking(Ranker(np.array([weights.get(name, 0.0) for name in NAMES])), calibrator, without or {})


@dataclass
class Counting:
    """An engine that counts, and that stops some queries."""

    engine: DuckDBEngine
    slow: tuple[str, ...] = ()
    runs: Counter[str] = field(default_factory=Counter)

    def run(self, sql: str) -> ResultTable:
        self.runs[sql] += 1
        if any(word in sql for word in self.slow):
            raise QueryTimeout("too long")
        return self.engine.run(sql)


@pytest.fixture
def engine(shop):
    with DuckDBEngine(open_database(shop).path) as engine:
        yield Counting(engine)


def ask(shop, question, *specs, ranking=None):
    with Asker(Scripted(*specs), ranking=ranking, threshold=lambda schema, spec: ranking.thresholds.words if ranking else 0.0) as asker:
        return asker.ask(shop, question)


def test_the_ranking_says_which_reading_is_the_answer(shop):
    asked = "total amount of orders by region"
    assert ask(shop, asked, TOTAL, by_region(AMOUNT)).rows == ((100.0,),)
    assert ask(shop, asked, TOTAL, by_region(AMOUNT), ranking=liking(shown_columns=1)).rows == (("south", 80.0), ("north", 20.0))
    assert ask(shop, asked, TOTAL, by_region(AMOUNT), ranking=liking()).rows == ((100.0,),)


def test_probabilities_of_readings_with_the_same_answer_make_one_confidence(shop):
    """Two readings count the orders."""
    readings = (TOTAL, COUNT, {"query": {"outputs": [ORDERS], "where": {"kind": "compare", "op": "gt", "left": "orders.id", "right": 0}}})
    answered = ask(shop, "orders", *readings, ranking=liking(first=-1.0))
    assert answered.rows == ((3,),)
    assert answered.confidence == pytest.approx(1 / (1 + math.exp(1 - 2 / (2 + math.exp(-1)))))


def test_the_confidence_is_that_of_the_ranking_and_below_its_threshold_ask_asks_back(shop):
    assert ask(shop, "total amount of orders", TOTAL, ranking=liking(threshold=0.5)).confidence == 0.5
    with pytest.raises(SeveralReadings) as several:
        ask(shop, "total amount of orders", TOTAL, COUNT, ranking=liking(threshold=0.5))
    assert [answered.rows for answered in several.value.readings] == [((100.0,),), ((3,),)]


def test_a_query_that_cannot_be_run_comes_last_whatever_its_score(shop):
    answered = ask(shop, "total amount of orders", UNKNOWN, TOTAL, ranking=liking(failed=1))
    assert (answered.rows, answered.warnings) == (((100.0,),), ())


def test_a_refusal_is_no_failure(shop):
    with pytest.raises(Unanswered):
        ask(shop, "total amount of orders", TOTAL, REFUSAL, ranking=liking(no_query=1))
    assert ask(shop, "total amount of orders", REFUSAL, TOTAL, ranking=liking(no_query=-1)).rows == ((100.0,),)


def test_no_query_is_run_twice(shop, monkeypatch):
    runs = Counter()
    run = DuckDBEngine.run

    def counted(self, sql):
        runs[sql] += 1
        return run(self, sql)

    monkeypatch.setattr(DuckDBEngine, "run", counted)
    ask(shop, "total amount of orders by region", TOTAL, by_region(AMOUNT), TOTAL, COUNT, ranking=liking(shown_columns=1))
    assert len(runs) == 3
    assert set(runs.values()) == {1}


def test_a_query_that_takes_too_long_counts_as_not_runnable_and_is_not_tried_again(shop, engine):
    schema = open_database(shop).schema
    graph = Scripted().graph("total amount of orders", schema)
    candidates = [Candidate(read_spec(spec), 0.5, ()) for spec in (TOTAL, COUNT)]
    engine.slow = ("SUM",)
    once = Once(engine)
    assert [c.spec for c in ranked(candidates, liking(first=5.0), graph, schema, once)] == [c.spec for c in candidates[::-1]]
    ranked(candidates, liking(), graph, schema, once)
    assert set(engine.runs.values()) == {1}


class Shop:
    """A source with one question about the shop."""

    name, splits = "shop", ("test",)

    def __init__(self, path):
        self._database = open_database(path)

    def schema(self, db):
        return self._database.schema

    def database(self, db):
        return self._database.path


class Beamed(Scripted):
    """A predictor with a ranking."""

    beam, config = 5, {}

    def __init__(self, *specs, ranking):
        super().__init__(*specs)
        self.ranking = ranking


def test_evaluation_ranks_by_what_was_learned_without_the_database(shop):
    """The ranking of all wants many columns, that without the shop few."""
    ranking = liking(shown_columns=1, without={"shop": liking(shown_columns=-1)})
    source, predictor = Shop(shop), Beamed(TOTAL, by_region(AMOUNT), UNKNOWN, ranking=ranking)
    first, second = (Example(f"q{db}", "total amount of orders by region", db, None, None, "test") for db in ("shop", "other"))
    taken = {p.id: p.spec for p in predict(source, [first, second], predictor)}
    assert taken == {"qshop": read_spec(TOTAL), "qother": read_spec(by_region(AMOUNT))}
    beams = {e.id: [p.spec for p in found] for e, found in readings(source, [first, second], predictor)}
    assert beams["qshop"] == [read_spec(s) for s in (TOTAL, by_region(AMOUNT), UNKNOWN)]
    assert beams["qother"] == [read_spec(s) for s in (by_region(AMOUNT), TOTAL, UNKNOWN)]


class Stuck(Beamed):
    """Comes to a dead end with one question."""

    def predict(self, question, schema):
        if question == "stuck":
            raise GrammarError("a dead end")
        return super().predict(question, schema)


def test_readings_are_run_and_marked(shop):
    gold = "SELECT SUM(amount) FROM orders"
    asked = [Example(name, name, "shop", None, gold, "test") for name in ("total amount of orders", "stuck")]
    chart = {**by_region(AMOUNT), "view": {"kind": "chart", "mark": "bar"}}
    (found,) = mark(Shop(shop), asked, Stuck(TOTAL, UNKNOWN, COUNT, chart, TOTAL, ranking=None))
    assert found.db == "shop"
    assert found.right.tolist() == [True, False, False, False, True]
    assert found.answers.tolist() == [0, 1, 2, 3, 0]
    assert found.rows[:, NAMES.index("failed")].tolist() == [0, 1, 0, 0, 0]
    assert len(found.signs) == 5
    assert found.kinds == ["words", "words", "words", "charts", "words"]
