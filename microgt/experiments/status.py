"""What has become of the jobs of a sweep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table
from rich.text import Text

from microgt.experiments.curve import learning_curve
from microgt.experiments.jobs import recorded, told_apart
from microgt.experiments.perform import State, failure, state_of
from microgt.experiments.result import RunResult

_STYLES = {
    State.DONE: "green",
    State.PRUNED: "green",
    State.RUNNING: "cyan",
    State.FAILED: "red",
    State.INTERRUPTED: "yellow",
    State.WAITING: "dim",
}


@dataclass(frozen=True)
class JobStatus:
    """result: of a job that is done. step: how far the training of an unfinished one has come, as far as it is written down."""

    name: str
    overrides: tuple[str, ...]
    state: State
    result: RunResult | None = None
    step: int = 0
    failure: str = ""


def status_of(folder: Path) -> list[JobStatus]:
    """Each job of a sweep's folder. Raises `DataError` when it is none."""
    return [_status(folder / name, overrides) for name, overrides in recorded(folder).items()]


def _status(folder: Path, overrides: tuple[str, ...]) -> JobStatus:
    state = state_of(folder)
    if state is State.DONE:
        result = RunResult.read(folder)
        return JobStatus(folder.name, overrides, state, result, result.steps)
    curve = learning_curve(folder)
    return JobStatus(folder.name, overrides, state, None, curve[-1].step if curve else 0, failure(folder))


def status_table(statuses: Sequence[JobStatus]) -> Table:
    """A line for each job, by what tells it from the others."""
    table = Table(box=None, pad_edge=False)
    table.add_column("job", overflow="fold")
    table.add_column("state")
    table.add_column("steps", justify="right")
    table.add_column("minutes", justify="right")
    table.add_column("right", justify="right")
    table.add_column("why", overflow="fold")
    for job, name in zip(statuses, told_apart([job.overrides for job in statuses]), strict=True):
        result = job.result
        minutes = f"{result.seconds / 60:.1f}" if result else ""
        right = f"{result.accuracy:.1%}" if result and result.accuracy is not None else ""
        state = Text(job.state, style=_STYLES[job.state])
        table.add_row(Text(name), state, str(job.step or ""), minutes, right, Text(job.failure))
    return table


def summary(statuses: Sequence[JobStatus]) -> str:
    """`8 jobs: 5 done, 2 failed, 1 waiting`."""
    counts = Counter(job.state for job in statuses)
    return f"{len(statuses)} jobs: " + ", ".join(f"{counts[state]} {state}" for state in State if counts[state])


def all_done(statuses: Sequence[JobStatus]) -> bool:
    """Whether nothing remains."""
    return all(job.state.ended for job in statuses)
