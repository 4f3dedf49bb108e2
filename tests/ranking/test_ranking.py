"""A ranking, what it has learned of each database, and what it is worth."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from microgt.errors import CheckpointError, DataError
from microgt.evaluation.calibration import NEVER
from microgt.ranking import NAMES, Marked, Ranker, Ranking, learn
from microgt.ranking.signs import ranked_signs

F = len(NAMES)
APART = np.arange(3)


def questions(db: str, seed: int, sign: float = 1.0, count: int = 90) -> list[Marked]:
    """Of three readings the one with the largest first feature is right, mostly; with the smallest where sign is -1."""
    rng = np.random.default_rng(seed)
    rows = [rng.normal(size=(3, F)) for _ in range(count)]
    for r in rows:
        r[:, NAMES.index("failed")] = 0
    noisy = [sign * r[:, 0] + 0.05 * rng.normal(size=3) for r in rows]
    return [
        Marked(db, r, APART, [{"own": float(x[0])} for x in r], np.arange(3) == np.argmax(n), ["words"] * 3)
        for r, n in zip(rows, noisy, strict=True)
    ]


@pytest.fixture(scope="module")
def learned():
    return learn({"one": [*questions("a", 1), *questions("b", 2)], "two": questions("c", 3, count=20)})


def test_figures_of_a_database_come_from_what_was_not_learned_on_it():
    """Whatever is right on one database, what its figures come from is the same; what was learned on all is not."""
    others = [*questions("a", 1), *questions("b", 2)]
    one, other = (learn({"others": others, "c": questions("c", 3, sign)}).ranking for sign in (1.0, -1.0))
    assert one.unseen("c").ranker.to_json() == other.unseen("c").ranker.to_json()
    assert one.ranker.to_json() != other.ranker.to_json()
    assert one.unseen("a").ranker.to_json() != other.unseen("a").ranker.to_json()
    assert one.unseen("new") is one
    assert one.unseen("c").without == {}


def test_what_is_taken_is_what_those_without_the_database_would_take(learned):
    for name, marked in {"one": [*questions("a", 1), *questions("b", 2)], "two": questions("c", 3, count=20)}.items():
        for m, taken in zip(marked, learned.taken[name], strict=True):
            first = learned.ranking.unseen(m.db).place(m.rows, m.answers, m.signs)[0]
            assert (first.place, first.confidence) == (taken.place, taken.confidence)
            assert taken.right == m.right[taken.place]


def test_it_takes_more_right_readings_and_is_surer_of_them(learned):
    taken = [t for found in learned.taken.values() for t in found]
    assert sum(t.right for t in taken) > 0.6 * len(taken)
    right, wrong = ([t.confidence for t in taken if t.right == mark] for mark in (True, False))
    assert np.mean(right) > np.mean(wrong) + 0.1


def test_of_the_answers_above_the_threshold_enough_are_right_on_each_set(learned):
    assert learned.ranking.thresholds.words < 1
    for found in learned.taken.values():
        given = [t.right for t in found if t.confidence >= learned.ranking.thresholds.words]
        assert given
        assert sum(given) >= 0.85 * len(given)


def test_from_sets_beside_only_thresholds_come(learned):
    """And figures are given of them."""
    sets = {"one": [*questions("a", 1), *questions("b", 2)], "two": questions("c", 3, count=20)}
    found = learn(sets, {"odd": questions("d", 4, sign=-1.0)})
    assert found.ranking.ranker.to_json() == learned.ranking.ranker.to_json()
    assert found.ranking.unseen("a").ranker.to_json() == learned.ranking.unseen("a").ranker.to_json()
    assert replace(found.ranking.calibrator, thresholds=NEVER) == replace(learned.ranking.calibrator, thresholds=NEVER)
    assert found.ranking.thresholds.words > learned.ranking.thresholds.words
    assert sum(t.right for t in found.taken["odd"]) < 0.4 * len(found.taken["odd"])
    assert set(found.ranking.without) == {"a", "b", "c"}
    with pytest.raises(DataError, match="one: learned from, or beside"):
        learn(sets, {"one": sets["one"]})


def test_probabilities_of_readings_with_the_same_answer_add_up():
    answers = np.array([0, 1, 0])
    ranker = Ranker(np.array([1.0] + [0.0] * (F - 1)))
    rows = np.zeros((3, F))
    rows[:, 0] = np.log([2.0, 3.0, 2.5])
    assert ranker.shares(rows, answers) == pytest.approx([4.5 / 7.5, 3 / 7.5, 4.5 / 7.5])
    assert ranker.shares(rows, APART) == pytest.approx([2 / 7.5, 3 / 7.5, 2.5 / 7.5])
    assert ranker.order(rows, APART) == [1, 2, 0]
    ahead = [signs["ahead"] for signs in ranked_signs(ranker, rows, answers, [{}, {}, {}])]
    assert ahead == pytest.approx([math.log(2.5 / 3), math.log(3 / 2.5), math.log(2.5 / 3)])
    assert [signs["ahead"] for signs in ranked_signs(ranker, rows, np.zeros(3), [{}, {}, {}])] == [5, 5, 5]


def test_one_database_does_not_suffice():
    with pytest.raises(DataError, match="two or more databases"):
        learn({"one": questions("a", 1), "two": questions("a", 2)})


def test_json_comes_back_and_what_is_damaged_is_refused(learned):
    data = json.loads(json.dumps(learned.ranking.to_json()))
    assert json.loads(json.dumps(Ranking.from_json(data).to_json())) == data
    without = {key: value for key, value in data.items() if key != "without"}
    assert json.loads(json.dumps(Ranking.from_json(without).to_json())) == without
    for broken in ([], {}, {"ranker": data["ranker"]}, {**data, "without": []}, {**data, "without": {"a": {}}}, {**data, "more": 1}):
        with pytest.raises(CheckpointError):
            Ranking.from_json(broken)
    with pytest.raises(CheckpointError, match="no calibration"):
        Ranking.from_json({**data, "calibration": {}})
