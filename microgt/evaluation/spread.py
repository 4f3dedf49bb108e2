"""A rate over several training seeds: the same questions, answered by each."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from microgt.evaluation.statistics import Interval, cluster_bootstrap, wilson


@dataclass(frozen=True)
class Spread:
    """rates: of each seed. deviation: the sample standard deviation between seeds, None for one seed.

    interval: 95%, of the mean over seeds when databases are drawn again; for a single database Wilson's, of the mean.
    """

    n: int
    rates: tuple[float, ...]
    deviation: float | None
    interval: Interval

    @property
    def mean(self) -> float:
        """Over the seeds."""
        return fmean(self.rates)


def spread(seeds: Sequence[Sequence[bool]], databases: Sequence[Hashable]) -> Spread | None:
    """seeds: for each seed whether each question was right; databases: of each question. None for no questions.

    Raises `ValueError` when the seeds did not answer the same number of questions.
    """
    if not seeds or not databases:
        return None
    if any(len(marks) != len(databases) for marks in seeds):
        raise ValueError("the seeds did not answer the same questions")
    rates = tuple(sum(marks) / len(marks) for marks in seeds)
    of_questions = [fmean(marks) for marks in zip(*seeds, strict=True)]
    drawn = cluster_bootstrap(of_questions, databases)
    n = len(databases)
    return Spread(n, rates, stdev(rates) if len(rates) > 1 else None, drawn or wilson(round(fmean(rates) * n), n))
