"""The loop over databases: the same results in any order and number of workers, few processes, faults that cost their own items."""

import os
import random
import shutil
import signal
import threading
from contextlib import nullcontext
from pathlib import Path

import pytest

from microgt.engine import process
from microgt.engine.duckdb import EnginePool
from microgt.errors import DataError, EngineError
from microgt.evaluation import Outcome, Prediction, gold_as_prediction, pair, score
from microgt.evaluation.remembered import RememberingPool
from microgt.evaluation.score import evaluation_engines
from tests.evaluation.conftest import Shop

DATABASES = [f"db{i}" for i in range(7)]
QUERIES = [
    ("SELECT id FROM orders ORDER BY amount DESC", "SELECT id FROM orders ORDER BY amount DESC, id DESC"),
    ("SELECT region, sum(amount) FROM orders JOIN customers c ON customer_id = c.id GROUP BY region", "SELECT region, 1 FROM customers"),
    ("SELECT id FROM orders ORDER BY amount DESC LIMIT 1", "SELECT 3"),
    ("SELECT count(*) FROM orders", "SELECT nothing FROM orders"),
    ("SELECT sum(amount / 3) FROM orders", "SELECT sum(amount) / 3 FROM orders"),
    ("SELECT id FROM orders WHERE amount > 99", "SELECT id FROM customers WHERE id > 99"),
]


class Copies(Shop):
    """Many copies of the shop."""

    def __init__(self, folder):
        super().__init__(folder)
        for db in DATABASES:
            shutil.copy(super().database("shop"), self.database(db))


@pytest.fixture(scope="module")
def copies(tmp_path_factory):
    return Copies(tmp_path_factory.mktemp("copies"))


@pytest.fixture(scope="module")
def questions(example):
    golds = [example(f"{db}-{i}", sql=gold, db=db) for db in DATABASES for i, (gold, _) in enumerate(QUERIES)]
    return pair(golds, [Prediction(f"{db}-{i}", sql=given) for db in DATABASES for i, (_, given) in enumerate(QUERIES)])


def test_results_do_not_depend_on_workers_or_order(copies, questions):
    wanted = score(questions, copies, workers=1)
    assert [item.outcome for item in wanted[:6]] == ["correct", "wrong", "correct", "exec_error", "correct", "vacuous"]
    shuffled = random.Random(0).sample(questions, len(questions))
    for items, workers in [(questions, 3), (shuffled, 1), (shuffled, 2)]:
        found = {item.id: item for item in score(items, copies, workers=workers)}
        assert [found[item.id] for item in wanted] == wanted


def test_many_databases_are_no_more_processes_than_workers(copies, questions):
    pools = []

    def engines():
        pools.append(EnginePool())
        return pools[-1]

    seen = set()

    def look(_):
        children = (Path("/proc") / str(os.getpid()) / "task").glob("*/children")
        seen.update(
            pid for file in children for pid in file.read_text().split() if "worker.py" in (Path("/proc") / pid / "cmdline").read_text()
        )

    look(None)
    before = set(seen)
    score(questions, copies, workers=2, engines=engines, on_item=look)
    assert len(pools) == 2
    assert len(seen - before) == 2


def test_a_query_runs_once_a_database(copies, example):
    ran = []

    class Counting(EnginePool):
        def engine(self, path):
            engine = super().engine(path)
            run = type(engine).run
            engine.run = lambda sql: ran.append((path.name, sql)) or run(engine, sql)
            return engine

    golds = [example(f"{db}-{i}", sql=QUERIES[0][0], db=db) for db in DATABASES[:2] for i in range(3)]
    items = score(pair(golds, map(gold_as_prediction, golds)), copies, engines=lambda: RememberingPool(Counting()))
    assert {item.outcome for item in items} == {Outcome.CORRECT}
    assert sorted(ran) == [(f"{db}.duckdb", QUERIES[0][0]) for db in DATABASES[:2]]


def test_only_the_newest_answers_are_remembered(shop):
    with RememberingPool(EnginePool(), cells=8) as pool:
        engine = pool.engine(shop.database("shop"))
        queries = [f"SELECT {i} FROM customers" for i in range(3)]  # 1 + 4 cells each
        first = [engine.run(sql) for sql in queries]
        assert engine.run(queries[2]) is first[2]
        assert engine.run(queries[0]) is not first[0]
        with pytest.raises(EngineError):
            engine.run("SELECT nothing")


def test_a_worker_that_is_killed_during_an_item_costs_that_item(shop, example, monkeypatch):
    golds = [example(f"q{i}", sql="SELECT count(*) FROM orders") for i in range(4)]
    predictions = [Prediction(gold.id, sql=f"SELECT count(*) + {i} - {i} FROM orders") for i, gold in enumerate(golds)]
    predictions[1] = Prediction("q1", sql="SELECT sleep_ms(60000)")
    ask = process._Child.ask

    def killed(child, request, seconds):
        if "sleep" in str(request):
            threading.Timer(0.1, os.kill, [child.process.pid, signal.SIGKILL]).start()
        return ask(child, request, seconds)

    monkeypatch.setattr(process._Child, "ask", killed)
    items = score(pair(golds, predictions), shop, engines=EnginePool)
    assert [item.outcome for item in items] == ["correct", "exec_error", "correct", "correct"]
    assert items[1].error == "the worker died while running the query (out of memory, or killed)"


@pytest.mark.parametrize("workers", [1, 2])
def test_a_database_that_vanishes_midway_costs_its_own_items(tmp_path, questions, workers):
    copies = Copies(tmp_path)
    gone = questions[8].gold.db

    def unlink(item):
        if item.id == questions[7].gold.id:
            copies.database(gone).unlink()

    items = score(questions, copies, workers=workers, engines=EnginePool, on_item=unlink)
    lost = [item for item in items if item.db == gone][2:]
    assert {item.outcome for item in lost} == {Outcome.GOLD_ERROR}
    assert all(f"no database at {copies.database(gone)}" in (item.error or "") for item in lost)
    assert not [item for item in items if item.outcome is Outcome.GOLD_ERROR and item not in lost]


def test_a_database_that_cannot_be_had_costs_its_own_items(copies, questions):
    class Missing(Copies):
        def __init__(self):
            self.folder = copies.folder
            self._schema = copies._schema

        def database(self, db):
            if db == DATABASES[0]:
                raise DataError("it was lent out")
            return super().database(db)

    with evaluation_engines() as pool:
        items = score(questions, Missing(), engines=lambda: nullcontext(pool))
    assert {(item.outcome, item.error) for item in items if item.db == DATABASES[0]} == {(Outcome.GOLD_ERROR, "it was lent out")}
    assert not [item for item in items if item.db != DATABASES[0] and item.outcome is Outcome.GOLD_ERROR]
