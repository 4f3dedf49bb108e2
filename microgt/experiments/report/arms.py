"""The arms of a sweep: runs that differ in nothing but their seed. Each beside the baseline, on the same questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from microgt.errors import ConfigError, did_you_mean
from microgt.evaluation.statistics import Interval, cluster_bootstrap
from microgt.experiments.jobs import told_apart
from microgt.experiments.result import RunResult

NONE = "none"


@dataclass(frozen=True)
class Arm:
    """Runs that differ in their seed. name: the overrides that not all runs of the sweep share."""

    name: str
    runs: tuple[RunResult, ...]

    @property
    def accuracies(self) -> list[float]:
        """Of each run, by seed; none when no questions were asked."""
        return [run.accuracy for run in self.runs if run.accuracy is not None]

    @property
    def mean(self) -> float | None:
        """Of the accuracies."""
        return fmean(self.accuracies) if self.accuracies else None

    @property
    def deviation(self) -> float | None:
        """Of the accuracies over seeds (with n - 1), None for fewer than two."""
        return stdev(self.accuracies) if len(self.accuracies) > 1 else None


@dataclass(frozen=True)
class Delta:
    """What an arm gains over the baseline. seeds: that both have; over all of each arm when there are none.

    interval: 95%, when databases are drawn again; each question counts with the mean of its seeds, so that how far seeds differ by chance
    is hardly in it. None for fewer than two databases.
    """

    gain: float
    interval: Interval | None
    questions: int
    seeds: tuple[int, ...]


@dataclass(frozen=True)
class Comparison:
    """arms: the baseline first, then from the best to the worst. deltas: by the name of each other arm."""

    baseline: Arm
    arms: tuple[Arm, ...]
    deltas: dict[str, Delta]


def compare_arms(results: Sequence[RunResult], baseline: str | None = None) -> Comparison:
    """The arms of finished runs. baseline: the name of an arm; default: `none`, else the first.

    Raises `ConfigError` for a name that is none, or when runs answered other questions.
    """
    arms = arms_of(results)
    name = baseline or (NONE if NONE in arms else next(iter(arms)))
    if name not in arms:
        raise ConfigError(f"no arm {name!r}{did_you_mean(name, arms)}")
    base = arms[name]
    _refuse_other_questions(results)
    others = sorted((arm for arm in arms.values() if arm is not base), key=lambda arm: (-(arm.mean or 0.0), arm.name))
    deltas = {arm.name: delta(base, arm) for arm in others if arm.mean is not None and base.mean is not None}
    return Comparison(base, (base, *others), deltas)


def arms_of(results: Sequence[RunResult]) -> dict[str, Arm]:
    """Runs by what they do not share. Where only `ablation` differs, its value is the name."""
    names = told_apart([[o.removeprefix("ablation=") for o in run.overrides if not o.startswith("seed=")] for run in results])
    groups: dict[str, list[RunResult]] = {}
    for run, name in zip(results, names, strict=True):
        groups.setdefault(name, []).append(run)
    return {name: Arm(name, tuple(sorted(runs, key=lambda run: run.seed))) for name, runs in groups.items()}


def delta(base: Arm, arm: Arm) -> Delta:
    """The gain in accuracy on the questions that both were asked."""
    seeds = sorted({run.seed for run in base.runs} & {run.seed for run in arm.runs})
    before, after = (_shares([run for run in side.runs if not seeds or run.seed in seeds]) for side in (base, arm))
    asked = [name for name in before if name in after]
    gains = [after[name][1] - before[name][1] for name in asked]
    return Delta(fmean(gains), cluster_bootstrap(gains, [before[name][0] for name in asked]), len(asked), tuple(seeds))


def _shares(runs: Sequence[RunResult]) -> dict[str, tuple[str, float]]:
    """Question -> (its database, the share of runs that answered it right)."""
    answers = [run.answers for run in runs]
    return {name: (db, fmean(a[name][1] for a in answers)) for name, (db, _) in answers[0].items()}


def _refuse_other_questions(results: Sequence[RunResult]) -> None:
    for run in results:
        if run.answers.keys() != results[0].answers.keys():
            raise ConfigError(f"the runs {results[0].overrides} and {run.overrides} answered other questions: they cannot be compared")
