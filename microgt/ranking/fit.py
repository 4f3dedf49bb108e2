"""Learning a ranker: logistic regression with a ridge, by Newton's method (Hastie et al. 2009, section 4.4.1)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from microgt.errors import DataError
from microgt.ranking.ranker import Ranker

_STEPS = 25


def fit(rows: Sequence[np.ndarray], right: Sequence[np.ndarray], *, ridge: float = 0.01) -> Ranker:
    """A ranker from the readings of many questions.

    rows: float64 [readings, features] of each question, from `features`. right: bool [readings], whether the answer is right.
    ridge: penalty on squared weights, of the mean loss of a question. Raises `DataError` when all readings are right, or none.
    """
    x, y = np.concatenate(list(rows)), np.concatenate(list(right)).astype(np.float64)
    if not 0 < y.sum() < len(y):
        raise DataError(f"a ranker learns from right and wrong readings; of these {len(y)}, {int(y.sum())} are right")
    means, scales = x.mean(0), x.std(0)
    scales = np.where(scales > 1e-9, scales, 1.0)
    z = np.concatenate([(x - means) / scales, np.ones((len(x), 1))], axis=1)
    penalty = np.full(z.shape[1], 2 * ridge * len(rows))
    penalty[-1] = 1e-9  # the bias is free
    w = np.zeros(z.shape[1])
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-(z @ w)))
        gradient = z.T @ (p - y) + penalty * w
        step = np.linalg.solve((z * (p * (1 - p))[:, None]).T @ z + np.diag(penalty), gradient)
        w -= step
        if np.abs(step).max() < 1e-8:
            break
    return Ranker(w[:-1], means, scales, float(w[-1]))
