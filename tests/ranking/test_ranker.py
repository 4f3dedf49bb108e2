"""Learning which reading to take."""

import json
import math

import numpy as np
import pytest
import torch

from microgt.errors import CheckpointError, DataError
from microgt.ranking import NAMES, Ranker, fit

F = len(NAMES)


def questions(seed: int, count: int = 200, noise: float = 0.0):
    """Readings of random features; the one with the largest sum of the first two is right."""
    rng = np.random.default_rng(seed)
    rows = [rng.normal(size=(rng.integers(2, 6), F)) for _ in range(count)]
    for x in rows:
        x[:, NAMES.index("failed")] = 0
    right = [np.arange(len(r)) == np.argmax(r[:, :2].sum(1) + noise * rng.normal(size=len(r))) for r in rows]
    return rows, right


def test_it_takes_the_right_reading_of_questions_it_has_not_seen():
    ranker = fit(*questions(0, 400), ridge=1e-3)
    rows, right = questions(1)
    taken = [y[ranker.order(x, np.arange(len(x)))[0]] for x, y in zip(rows, right, strict=True)]
    assert np.mean(taken) > 0.9
    assert np.mean([y[0] for y in right]) < 0.5


def test_its_weights_are_at_the_minimum():
    """The same by torch's LBFGS, of questions with one right reading."""
    rows, right = questions(2, 80, noise=1.0)
    ranker = fit(rows, right, ridge=0.01)
    everything = np.concatenate(rows)
    means, scales = everything.mean(0), np.where(everything.std(0) > 0, everything.std(0), 1.0)
    z = [torch.tensor((x - means) / scales) for x in rows]
    w = torch.zeros(F, dtype=torch.double, requires_grad=True)
    optimizer = torch.optim.LBFGS([w], max_iter=500, tolerance_grad=1e-10, tolerance_change=1e-14, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        losses = [-(q @ w).log_softmax(0)[int(y.argmax())] for q, y in zip(z, right, strict=True)]
        loss = torch.stack(losses).mean() + 0.01 * (w**2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    np.testing.assert_allclose(ranker.weights * scales, w.detach().numpy(), atol=1e-5)


def test_of_several_right_readings_any_will_do():
    """Each question has two right readings: no weight is spent on telling them apart."""
    rng = np.random.default_rng(3)
    rows, right = [], []
    for _ in range(300):
        x = rng.normal(size=(4, F)) * 0.1
        x[:, NAMES.index("failed")] = 0
        x[:2, 0] += 1
        rows.append(x)
        right.append(np.array([True, True, False, False]))
    ranker = fit(rows, right)
    assert all(ranker.order(x, np.arange(len(x)))[0] < 2 for x in rows)


def test_a_constant_feature_does_no_harm():
    rows, right = questions(4)
    for x in rows:
        x[:, 5] = 7.0
    ranker = fit(rows, right)
    assert ranker.weights[5] == 0
    assert np.isfinite(ranker.weights).all()


def test_of_one_answer_the_likeliest_reading_comes_first():
    """The answers by their best readings: that of the last two is before that of the first two, in which the likeliest is the second."""
    rows = np.zeros((4, F))
    rows[:, NAMES.index("size")] = [1, 0, 2, 3]
    rows[:, NAMES.index("log_prob")] = [-3, -1, -2, -4]
    ranker = Ranker(np.array([float(name == "size") for name in NAMES]))
    assert ranker.order(rows, np.array([0, 0, 2, 2])) == [2, 3, 1, 0]


def test_equal_scores_keep_the_models_order():
    assert Ranker(np.zeros(F)).order(np.ones((3, F)), np.arange(3)) == [0, 1, 2]
    assert Ranker(np.zeros(F)).order(np.ones((0, F)), np.arange(0)) == []


def test_nothing_to_learn_from_is_refused():
    rows, _ = questions(5, 10)
    for answer in (np.zeros, np.ones):
        with pytest.raises(DataError, match="right and wrong readings"):
            fit(rows, [answer(len(x), dtype=bool) for x in rows])


def test_json_comes_back_and_what_is_damaged_is_refused():
    ranker = fit(*questions(6))
    data = json.loads(json.dumps(ranker.to_json()))
    x = questions(7, 1)[0][0]
    assert Ranker.from_json(data).order(x, np.arange(len(x))) == ranker.order(x, np.arange(len(x)))
    del data[NAMES[3]]
    with pytest.raises(CheckpointError, match=f"other features.*{NAMES[3]}"):
        Ranker.from_json(data)
    for broken in ({}, [], {**ranker.to_json(), NAMES[0]: "3"}, {**ranker.to_json(), NAMES[0]: math.nan}):
        with pytest.raises(CheckpointError):
            Ranker.from_json(broken)
