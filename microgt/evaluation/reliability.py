"""Whether confidences are what they say: of the answers with a confidence near 0.8, eight in ten should be right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

BINS = 10


@dataclass(frozen=True)
class Bin:
    """n answers whose confidences begin with place / `BINS`: the mean of these and the share of the answers that is right."""

    place: int
    n: int
    confidence: float
    accuracy: float


@dataclass(frozen=True)
class Reliability:
    """error: the expected calibration error, the mean distance of confidence and accuracy over the bins, weighted by their answers
    (M. P. Naeini, G. F. Cooper and M. Hauskrecht, AAAI 2015). bins: those with answers, of equal width."""

    error: float
    bins: tuple[Bin, ...]


def reliability(right: Sequence[bool], confidences: Sequence[float]) -> Reliability | None:
    """Over ten bins of equal width; None for no answers."""
    if not right:
        return None
    sure, hits = np.asarray(confidences, dtype=np.float64), np.asarray(right, dtype=np.float64)
    place = np.clip((sure * BINS).astype(int), 0, BINS - 1)
    members = ((b, place == b) for b in range(BINS))
    bins = [Bin(b, int(m.sum()), float(sure[m].mean()), float(hits[m].mean())) for b, m in members if m.any()]
    return Reliability(sum(b.n * abs(b.confidence - b.accuracy) for b in bins) / len(hits), tuple(bins))
