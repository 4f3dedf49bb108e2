"""Learning a ranker from readings that were run: both parts by Newton's method with a ridge (Hastie et al. 2009, section 4.4.1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from microgt.errors import DataError
from microgt.ranking.ranker import Ranker

_STEPS = 30
_ROUNDS = 8
_TINY = 1e-9

# Of weights: gradient [F] and Hessian [F,F] of what is minimised.
Slope = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


def fit(rows: Sequence[np.ndarray], right: Sequence[np.ndarray], *, ridge: float = 0.01) -> Ranker:
    """A ranker from the readings of many questions.

    rows: float64 [readings,features] of each question, from `features`. right: bool [readings] of each, whether its answer is right.
    ridge: penalty on squared weights beside the mean loss of a question. Raises `DataError` when no reading is right, or none is wrong.
    """
    every = np.concatenate(list(right))
    if not 0 < every.sum() < len(every):
        raise DataError(f"a ranker learns from right and wrong readings; of these {len(every)}, {int(every.sum())} are right")
    x = np.concatenate(list(rows))
    means, deviations = x.mean(0), x.std(0)
    scales = np.where(deviations > _TINY, deviations, 1.0)
    z = [(r - means) / scales for r in rows]
    *trust, bias = _trust(np.concatenate(z), every.astype(np.float64), ridge * len(z))
    return Ranker(_choice(z, right, ridge * len(z)), np.array(trust), float(bias), means, scales)


def _trust(z: np.ndarray, right: np.ndarray, ridge: float) -> np.ndarray:
    """Logistic regression over all readings; the last weight is the bias, which has no penalty."""
    z = np.concatenate([z, np.ones((len(z), 1))], axis=1)

    def slope(w: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        p = 1 / (1 + np.exp(-(z @ w)))
        return z.T @ (p - right), (z * (p * (1 - p))[:, None]).T @ z

    penalty = np.full(z.shape[1], 2 * ridge)
    penalty[-1] = _TINY
    return _newton(np.zeros(z.shape[1]), slope, penalty)


def _choice(z: Sequence[np.ndarray], right: Sequence[np.ndarray], ridge: float) -> np.ndarray:
    """Softmax over the readings of a question, whose probability goes to the right ones together.

    Which of several right ones should have it is settled in turns with the weights (expectation maximisation).
    """
    useful = [(q, y.astype(np.float64)) for q, y in zip(z, right, strict=True) if 0 < y.sum() < len(y)]
    w = np.zeros(z[0].shape[1])
    for _ in range(_ROUNDS):
        wanted = [y * (p := _softmax(q @ w)) / (y @ p) for q, y in useful]

        def slope(w: np.ndarray, wanted: list[np.ndarray] = wanted) -> tuple[np.ndarray, np.ndarray]:
            gradient, hessian = np.zeros(len(w)), np.zeros((len(w), len(w)))
            for (q, _), target in zip(useful, wanted, strict=True):
                p = _softmax(q @ w)
                mean = p @ q
                gradient += q.T @ (p - target)
                hessian += (q * p[:, None]).T @ q - np.outer(mean, mean)
            return gradient, hessian

        w = _newton(w, slope, np.full(len(w), 2 * ridge))
    return w


def _newton(w: np.ndarray, slope: Slope, penalty: np.ndarray) -> np.ndarray:
    for _ in range(_STEPS):
        gradient, hessian = slope(w)
        step = np.linalg.solve(hessian + np.diag(penalty), gradient + penalty * w)
        w = w - step
        if np.abs(step).max() < _TINY:
            break
    return w


def _softmax(scores: np.ndarray) -> np.ndarray:
    weights = np.exp(scores - scores.max())
    return weights / weights.sum()
