"""Where the jobs of a sweep run: each launcher takes jobs and gives their states, in whatever order they end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from microgt.errors import ConfigError, MissingExtra
from microgt.experiments.jobs import Job
from microgt.experiments.perform import State, perform


class Launcher(Protocol):
    """Runs jobs that do not depend on each other."""

    def __call__(self, jobs: Sequence[Job]) -> Iterator[State]:
        """The state of each job when it has ended."""
        ...


class Basic:
    """One after another, in this process."""

    def __call__(self, jobs: Sequence[Job]) -> Iterator[State]:
        """In their order."""
        return map(perform, jobs)


class Joblib:
    """Several at once on this machine, in processes of joblib. workers: how many; -1: as many as processors."""

    def __init__(self, workers: int = -1):
        self.workers = workers

    def __call__(self, jobs: Sequence[Job]) -> Iterator[State]:
        """As they end. Raises `MissingExtra`."""
        try:
            from joblib import Parallel, delayed
        except ImportError:
            raise MissingExtra("launcher=joblib", "sweep") from None
        options: dict[str, Any] = {"return_as": "generator_unordered", "batch_size": 1, "pre_dispatch": "n_jobs"}
        ended: Any = Parallel(n_jobs=self.workers, **options)(delayed(perform)(job) for job in jobs)
        yield from ended


class Submitit:
    """As jobs of SLURM, or of this machine.

    cluster: "slurm", "local" (processes of this machine), "debug" (this process), or None: SLURM where it is, else local.
    at_once: how many may run together. parameters: what submitit's executor takes, such as timeout_min, slurm_partition, gpus_per_node.
    """

    def __init__(self, cluster: str | None = None, at_once: int = 8, parameters: Mapping[str, Any] | None = None):
        self.cluster, self.at_once, self.parameters = cluster, at_once, dict(parameters or {})

    def __call__(self, jobs: Sequence[Job]) -> Iterator[State]:
        """As they end. One whose process was killed, by the cluster or by hand, is interrupted. Raises `MissingExtra`, `ConfigError`."""
        try:
            import submitit
        except ImportError:
            raise MissingExtra("launcher=submitit", "sweep") from None
        # On a cluster the whole array is handed over and SLURM keeps the limit; elsewhere the limit is kept here.
        executor = submitit.AutoExecutor(folder=str(_logs(jobs)), cluster=self.cluster)
        limit = {"slurm_array_parallelism": self.at_once} if executor.cluster == "slurm" else {}
        try:
            executor.update_parameters(**{"timeout_min": 24 * 60, **limit, **self.parameters})
        except (NameError, ValueError, TypeError) as error:
            raise ConfigError(f"launcher.parameters: {' '.join(str(error).split())}") from error
        width = len(jobs) if executor.cluster == "slurm" else self.at_once
        for begin in range(0, len(jobs), width):
            for sent in submitit.helpers.as_completed(executor.map_array(perform, jobs[begin : begin + width])):
                yield _ended(sent)


class Ray:
    """Tasks of a Ray cluster, or of one started on this machine. Ray is installed apart: see microgt/experiments/README.md.

    address: of a running cluster ("auto": the one that this machine belongs to), or None. cpus, gpus: what each job takes.
    """

    def __init__(self, address: str | None = None, cpus: float = 1, gpus: float = 0):
        self.address, self.cpus, self.gpus = address, cpus, gpus

    def __call__(self, jobs: Sequence[Job]) -> Iterator[State]:
        """As they end. One whose worker died is interrupted. Raises `ConfigError` where Ray is not installed."""
        try:
            import ray  # pyright: ignore[reportMissingImports]
        except ImportError:
            raise ConfigError("launcher=ray needs Ray in this environment: pip install ray") from None
        ray.init(address=self.address, include_dashboard=False)
        try:
            task = ray.remote(num_cpus=self.cpus, num_gpus=self.gpus, max_retries=0)(perform)
            waiting = [task.remote(job) for job in jobs]
            while waiting:
                (ended,), waiting = ray.wait(waiting)
                try:
                    yield ray.get(ended)
                except ray.exceptions.RayError:
                    yield State.INTERRUPTED
        finally:
            ray.shutdown()


def _ended(sent: Any) -> State:
    return State.INTERRUPTED if sent.exception() is not None else sent.result()


def _logs(jobs: Sequence[Job]) -> Path:
    return jobs[0].folder.parent / "submitit"
