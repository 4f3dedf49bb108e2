"""Signs of how far the reading that a ranker takes can be trusted, beside those of the model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from microgt.evaluation.calibration import Signs
from microgt.ranking.features import NAMES
from microgt.ranking.ranker import Ranker

_MOST = 5.0  # of a score ahead of others
_SHOWN = ("failed", "empty", "one_cell", "nulls", "agreement", "columns_unnamed", "missed_exact", "solid_unused", "ignored", "unasked")
_PLACES = [NAMES.index(name) for name in _SHOWN]


def ranked_signs(ranker: Ranker, rows: np.ndarray, answers: np.ndarray, signs: Sequence[Signs]) -> list[dict[str, float]]:
    """The signs of each reading of a question. rows, answers: as of `Ranker.shares`. signs: the model's own.

    share: the probability of its answer by the ranker. ahead: the best score of its answer above that of all others. The others
    are features of that name.
    """
    scores, shares = ranker.scores(rows), ranker.shares(rows, answers)
    found = []
    for i, own in enumerate(signs):
        same = answers == answers[i]
        ahead = float(np.clip(scores[same].max() - scores[~same].max(), -_MOST, _MOST)) if not same.all() else _MOST
        shown = {f"shown_{name}": float(rows[i, place]) for name, place in zip(_SHOWN, _PLACES, strict=True)}
        found.append({**own, "share": float(shares[i]), "ahead": ahead, **shown})
    return found
