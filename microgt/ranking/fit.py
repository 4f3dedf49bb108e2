"""Learning a ranker from readings that were run, by Newton's method with a ridge (Hastie et al. 2009, section 4.4.1)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from microgt.errors import DataError
from microgt.ranking.ranker import Ranker

RIDGE = 0.03
_STEPS = 30
_ROUNDS = 8
_TINY = 1e-9


def fit(rows: Sequence[np.ndarray], right: Sequence[np.ndarray], *, ridge: float = RIDGE) -> Ranker:
    """A ranker from the readings of many questions: a softmax over those of a question, whose right ones have the probability together.

    Which of several right ones should have it is settled in turns with the weights (expectation maximisation).
    rows: float64 [readings,features] of each question, from `features`. right: bool [readings] of each, whether its answer is right.
    ridge: penalty on the squared weights of standardised features beside the mean loss of a question. Raises `DataError` when no
    question has right and wrong readings.
    """
    x = np.concatenate(list(rows))
    means, deviations = x.mean(0), x.std(0)
    scales = np.where(deviations > _TINY, deviations, 1.0)
    asked = [((r - means) / scales, y.astype(np.float64)) for r, y in zip(rows, right, strict=True) if 0 < y.sum() < len(y)]
    if not asked:
        raise DataError(f"a ranker learns from questions with right and wrong readings; none of these {len(rows)} has both")
    weights = np.zeros(x.shape[1])
    for _ in range(_ROUNDS):
        wanted = [y * (p := _softmax(z @ weights)) / (y @ p) for z, y in asked]
        weights = _newton([z for z, _ in asked], wanted, weights, 2 * ridge * len(rows))
    return Ranker(weights / scales)  # a mean moves all scores of a question alike


def _newton(asked: Sequence[np.ndarray], wanted: Sequence[np.ndarray], weights: np.ndarray, penalty: float) -> np.ndarray:
    """The weights at which the probabilities are nearest to those wanted."""
    for _ in range(_STEPS):
        gradient, hessian = penalty * weights, penalty * np.eye(len(weights))
        for z, target in zip(asked, wanted, strict=True):
            p = _softmax(z @ weights)
            mean = p @ z
            gradient += z.T @ (p - target)
            hessian += (z * p[:, None]).T @ z - np.outer(mean, mean)
        step = np.linalg.solve(hessian, gradient)
        weights = weights - step
        if np.abs(step).max() < _TINY:
            break
    return weights


def _softmax(scores: np.ndarray) -> np.ndarray:
    shares = np.exp(scores - scores.max())
    return shares / shares.sum()
