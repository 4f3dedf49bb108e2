"""A study: configurations drawn from what overrides allow, each a job of its own folder, bad ones stopped early. By Optuna's ask and tell.

Everything is kept in the study's folder (`study.journal`, the jobs' folders), so that the same command goes on, also after a kill.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lightning.pytorch.callbacks import Callback

from microgt.config import compose, config_folder
from microgt.errors import ConfigError, MissingExtra
from microgt.experiments.jobs import Job, job_of, remember
from microgt.experiments.perform import Pruned, State, perform, state_of
from microgt.experiments.result import RunResult

WATCHED = "validation/exact"


@dataclass(frozen=True)
class Search:
    """trials: how many jobs in all. seed: of what is drawn. warmup: a trial is not stopped before so many steps."""

    trials: int = 20
    seed: int = 0
    warmup: int = 0


class Watch(Callback):
    """Tells a trial how many questions come out exactly, given gold before each action, at each validation; stops when it says so."""

    def __init__(self, trial: Any):
        self.trial = trial

    def on_validation_epoch_end(self, trainer: Any, pl_module: Any) -> None:
        """Report; raises `Pruned`."""
        self.trial.report(float(trainer.callback_metrics[WATCHED]), trainer.global_step)
        if self.trial.should_prune():
            raise Pruned(f"pruned at step {trainer.global_step}")


def search(overrides: Sequence[str], options: Search) -> Path:
    """Do the trials that are not done; return the study's folder. Raises `ConfigError`, `MissingExtra`."""
    optuna = _optuna()
    fixed, space = split(overrides)
    first = compose("train", fixed)
    if first["evaluate"] is None:
        raise ConfigError("evaluate=null: a search needs questions to choose by; give a split of the data")
    folder = Path(first["runs"]) / (first["name"] if any(o.startswith("name=") for o in fixed) else f"search-{first['name']}")
    folder.mkdir(parents=True, exist_ok=True)
    study = optuna.create_study(
        storage=optuna.storages.JournalStorage(optuna.storages.journal.JournalFileBackend(str(folder / "study.journal"))),
        study_name=folder.name,
        load_if_exists=True,
        direction="maximize",
        pruner=optuna.pruners.MedianPruner(n_warmup_steps=options.warmup),
    )
    for number, job in _left(study, fixed, folder):
        _tell(study, number, job)
    while len(study.trials) < options.trials:
        # By the trial's number, so that what is drawn does not depend on where a study was interrupted.
        study.sampler = optuna.samplers.TPESampler(seed=1009 * options.seed + len(study.trials))
        trial = study.ask()
        drawn = [f"{key}={_draw(trial, key, values)}" for key, values in space.items()]
        trial.set_user_attr("overrides", drawn)
        _tell(study, trial.number, _job(fixed, drawn, folder))
    return folder


def _left(study: Any, fixed: list[str], folder: Path) -> list[tuple[int, Job]]:
    """The trials that a process left when it ended."""
    waiting = [t for t in study.trials if not t.state.is_finished() and "overrides" in t.user_attrs]
    jobs = [(t.number, _job(fixed, t.user_attrs["overrides"], folder)) for t in waiting]
    return [(number, job) for number, job in jobs if state_of(job.folder) is not State.RUNNING]


def _job(fixed: list[str], drawn: list[str], folder: Path) -> Job:
    job = job_of([*fixed, *drawn], folder)
    remember([job])
    return job


def _tell(study: Any, number: int, job: Job) -> None:
    """Do the job, and tell the study what became of it."""
    import optuna

    frozen = study.trials[number]
    state = perform(job, [Watch(optuna.trial.Trial(study, frozen._trial_id))])
    told = {State.DONE: optuna.trial.TrialState.COMPLETE, State.PRUNED: optuna.trial.TrialState.PRUNED}
    value = RunResult.read(job.folder).accuracy if state is State.DONE else None
    if state is not State.RUNNING:
        study.tell(number, value, state=told.get(state, optuna.trial.TrialState.FAIL))
    right, drawn = "" if value is None else f", {value:.1%} right", ", ".join(frozen.user_attrs["overrides"])
    print(f"trial {number}: {state}{right}: {drawn}", file=sys.stderr, flush=True)


def split(overrides: Sequence[str]) -> tuple[list[str], dict[str, Any]]:
    """The overrides that all trials share, and for each other key what it is drawn from. Raises `ConfigError` when nothing is."""
    from hydra import initialize_config_dir
    from hydra.core.global_hydra import GlobalHydra
    from hydra.core.override_parser.overrides_parser import OverridesParser

    with initialize_config_dir(str(config_folder()), version_base="1.3"):
        parsed = OverridesParser.create(GlobalHydra.instance().config_loader()).parse_overrides(list(overrides))
        fixed = [str(o.input_line) for o in parsed if not o.is_sweep_override()]
        space = {o.get_key_element(): o for o in parsed if o.is_sweep_override()}
        found = {key: list(o.sweep_string_iterator()) if o.is_discrete_sweep() else o.value() for key, o in space.items()}
    if not found:
        raise ConfigError("nothing to search: give values such as ablation=none,gelu or training.lr='tag(log, interval(1e-4, 3e-3))'")
    return fixed, found


def _draw(trial: Any, key: str, values: Any) -> str:
    """One of the listed values, or a number of the interval; by its logarithm when it is tagged `log`."""
    if isinstance(values, list):
        return trial.suggest_categorical(key, values)
    log = "log" in values.tags
    if isinstance(values.start, int) and isinstance(values.end, int):
        return str(trial.suggest_int(key, values.start, values.end, log=log))
    return f"{trial.suggest_float(key, float(values.start), float(values.end), log=log):.6g}"


def _optuna() -> Any:
    try:
        import optuna
    except ImportError:
        raise MissingExtra("microgt search", "sweep") from None
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna
