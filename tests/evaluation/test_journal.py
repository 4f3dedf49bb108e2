"""What an interrupted run leaves behind, and what of it is used again."""

import json
import os
import subprocess
import sys
import textwrap
from dataclasses import replace

import pytest

from microgt.errors import DataError
from microgt.evaluation import Prediction, pair, score
from microgt.evaluation.journal import Journal, journal_beside, key_of
from microgt.evaluation.resumed import predict_on, score_on
from microgt.spec.json import read_spec

MADE_BY = {"versions": {"duckdb": "2.0.1"}}
SPEC = read_spec({"query": {"outputs": ["customers.region"]}})


@pytest.fixture
def path(tmp_path):
    return tmp_path / "result.json.partial.jsonl"


@pytest.fixture
def questions(example):
    golds = [example(f"q{i}", sql=f"SELECT id FROM orders ORDER BY id LIMIT {i}") for i in range(3)] + [example("q3", spec=SPEC)]
    return pair(golds, [Prediction("q1", sql="SELECT 1", confidence=0.5, seconds=0.25), Prediction("q3", spec=SPEC)])


class Scorer:
    """Scores, stops when it is told to, and remembers what it was asked."""

    def __init__(self, shop, engines, after=None):
        self.shop, self.engines, self.after, self.asked = shop, engines, after, []

    def __call__(self, items, on_item):
        self.asked += [item.gold.id for item in items]
        done = []
        for item in items[: self.after]:
            done += score([item], self.shop, engines=self.engines, on_item=on_item)
        if self.after is not None:
            raise KeyboardInterrupt
        return done


@pytest.fixture
def interrupted(path, shop, engines, questions):
    """The journal of a run that ended after two questions."""
    with Journal(path, MADE_BY) as journal, pytest.raises(KeyboardInterrupt):
        score_on(journal, questions, shop, Scorer(shop, engines, after=2))
    return path


def resume(path, shop, engines, questions, made_by=MADE_BY):
    """The items, and which questions were scored anew."""
    scorer = Scorer(shop, engines)
    with Journal(path, made_by) as journal:
        return score_on(journal, questions, shop, scorer), scorer.asked


def test_it_lies_beside_the_results():
    assert str(journal_beside("out/result.json")) == "out/result.json.partial.jsonl"


def test_a_run_goes_on_where_it_ended(interrupted, shop, engines, questions):
    items, asked = resume(interrupted, shop, engines, questions)
    assert asked == ["q2", "q3"]
    assert items == score(questions, shop, engines=engines)
    assert resume(interrupted, shop, engines, questions) == (items, [])


@pytest.mark.parametrize("cut", [1, 2, 40])
def test_a_line_that_was_cut_off_is_left_out(interrupted, shop, engines, questions, cut):
    interrupted.write_bytes(interrupted.read_bytes()[:-cut])
    items, asked = resume(interrupted, shop, engines, questions)
    assert asked == (["q2", "q3"] if cut == 1 else ["q1", "q2", "q3"])
    assert items == score(questions, shop, engines=engines)
    assert resume(interrupted, shop, engines, questions) == (items, [])


def test_a_journal_that_was_cut_off_in_its_head_is_begun_anew(interrupted, shop, engines, questions):
    interrupted.write_bytes(interrupted.read_bytes()[:20])
    assert resume(interrupted, shop, engines, questions)[1] == ["q0", "q1", "q2", "q3"]
    assert resume(interrupted, shop, engines, questions)[1] == []


def test_what_is_damaged_is_scored_again(interrupted, shop, engines, questions):
    head, first, second = interrupted.read_text().splitlines()
    odd = json.dumps(json.loads(second) | {"item": {"id": "q1"}})
    interrupted.write_text("\n".join([head, "[1]", first, odd, '{"key": 3}', "nonsense"]) + "\n")
    items, asked = resume(interrupted, shop, engines, questions)
    assert asked == ["q1", "q2", "q3"]
    assert items == score(questions, shop, engines=engines)


def test_another_prediction_gold_or_database_is_scored_again(interrupted, shop, engines, questions):
    changed = [replace(questions[0], gold=replace(questions[0].gold, sql="SELECT 2")), *questions[1:]]
    assert resume(interrupted, shop, engines, changed)[1] == ["q0", "q2", "q3"]
    changed = [questions[0], replace(questions[1], prediction=Prediction("q1", sql="SELECT 2")), *questions[2:]]
    assert resume(interrupted, shop, engines, changed)[1] == ["q1"]
    stat = shop.database("shop").stat()
    os.utime(shop.database("shop"), ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))
    assert resume(interrupted, shop, engines, questions)[1] == ["q0", "q1", "q2", "q3"]


def test_the_journal_of_another_run_is_begun_anew(interrupted, shop, engines, questions):
    with Journal(interrupted, {"versions": {"duckdb": "2.0.2"}}) as journal:
        assert journal.foreign
        scorer = Scorer(shop, engines)
        score_on(journal, questions, shop, scorer)
    assert scorer.asked == ["q0", "q1", "q2", "q3"]
    with Journal(interrupted, {"versions": {"duckdb": "2.0.2"}}) as journal:
        assert (journal.foreign, journal.count("item"), journal.count("prediction")) == (False, 4, 0)


def test_nothing_is_left_where_nothing_was_found(path):
    with Journal(path, MADE_BY):
        assert path.exists()
    assert not path.exists()


def test_predictions_go_on_too(path, shop, questions):
    golds = [item.gold for item in questions]
    made = {
        "q0": Prediction("q0", sql="SELECT 1", confidence=0.1, seconds=0.2),
        "q1": Prediction("q1", spec=SPEC),
        "q2": Prediction("q2", error="no reading is accepted"),
        "q3": Prediction("q3"),
    }
    asked = []

    def predict(golds):
        for gold in golds:
            asked.append(gold.id)
            yield made[gold.id]

    def stops(golds):
        yield made["q1"]
        yield made["q2"]
        raise KeyboardInterrupt

    with Journal(path, MADE_BY) as journal, pytest.raises(KeyboardInterrupt):
        predict_on(journal, golds, shop, stops)
    for again in (["q0", "q3"], []):
        with Journal(path, MADE_BY) as journal:
            assert predict_on(journal, golds, shop, predict) == list(made.values())
        assert asked == again
        asked.clear()


def test_a_journal_that_cannot_be_written_or_read(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match=r"cannot read .*file/j: Not a directory"):
        Journal(tmp_path / "file" / "j", MADE_BY)
    with pytest.raises(DataError, match=r"cannot read .*: Is a directory"):
        Journal(tmp_path, MADE_BY)


def test_a_full_disk_keeps_what_was_written(path):
    """The limit on the size of files stands for the size of the disk."""
    script = """
        import resource, sys
        from pathlib import Path
        from microgt.evaluation.journal import Journal
        with Journal(Path(sys.argv[1]), {}) as journal:
            journal.write("item", "a", "fits")
            resource.setrlimit(resource.RLIMIT_FSIZE, (80, 80))
            assert journal.fault is None
            journal.write("item", "b", "x" * 100)
            journal.write("item", "c", "")
            print(journal.fault)
    """
    run = subprocess.run([sys.executable, "-c", textwrap.dedent(script), str(path)], capture_output=True, text=True, timeout=300)
    assert run.stdout == f"cannot write {path}: File too large\n", run.stderr
    with Journal(path, {}) as journal:
        assert journal.find("item", "a") == "fits"
        assert journal.find("item", "b") is None
        journal.write("item", "b", "fits now")
    with Journal(path, {}) as journal:
        assert journal.find("item", "b") == "fits now"


def test_keys_depend_on_every_part():
    keys = [key_of(1, "a"), key_of("1", "a"), key_of("a", 1), key_of(1, "a", None), key_of([1, "a"])]
    assert len(set(keys)) == len(keys)
    assert key_of({"a": 1, "b": 2}) == key_of({"b": 2, "a": 1})
