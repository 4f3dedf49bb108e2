"""How good confidences are: what is right among the answers that one would keep, and whether right ones get the higher confidence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from microgt.evaluation.results import CurvePoint, Selective

COVERAGES = tuple(range(10, 101, 10))  # percent of the answers kept, of the points of the curve


def selective(right: Sequence[bool], confidences: Sequence[float]) -> Selective | None:
    """The accuracy of the most confident answers at each coverage; None for no answers.

    aurc: the mean, over keeping the 1, 2, ..., n most confident answers, of the share of wrong ones among them (Y. Geifman, G. Uziel and
    R. El-Yaniv, ICLR 2019): 0 is best, and random confidences give 1 - accuracy. Answers of the same confidence count as in every
    order at once. auroc: how often a right answer has a higher confidence than a wrong one, ties as half (J. A. Hanley and
    B. J. McNeil, Radiology 143, 1982); None when all are right or all wrong.
    """
    if not right:
        return None
    order = np.argsort(-np.asarray(confidences, dtype=np.float64), kind="stable")
    sure, hits = np.asarray(confidences, dtype=np.float64)[order], np.asarray(right, dtype=np.float64)[order]
    _, start, block, sizes = np.unique(-sure, return_index=True, return_inverse=True, return_counts=True)
    expected = np.add.reduceat(hits, start)[block] / sizes[block]  # of each answer, the share that is right at its confidence
    kept = np.arange(1, len(hits) + 1)
    accuracy = np.cumsum(expected) / kept
    return Selective(
        n=len(hits),
        aurc=float(1 - accuracy.mean()),
        auroc=_auroc(hits, start, sizes),
        curve=tuple(_point(share, sure, accuracy) for share in COVERAGES),
    )


def _auroc(hits: np.ndarray, start: np.ndarray, sizes: np.ndarray) -> float | None:
    positives = np.add.reduceat(hits, start)
    negatives = sizes - positives
    pairs = positives.sum() * negatives.sum()
    if not pairs:
        return None
    below = negatives[::-1].cumsum()[::-1] - negatives  # wrong answers of a lower confidence
    return float((positives * (below + negatives / 2)).sum() / pairs)


def _point(percent: int, sure: np.ndarray, accuracy: np.ndarray) -> CurvePoint:
    last = max(1, -(-len(sure) * percent // 100)) - 1
    return CurvePoint(coverage=(last + 1) / len(sure), accuracy=float(accuracy[last]), confidence=float(sure[last]))
