"""A copy of a checkpoint is trained further for one database, and compared with what it was: by `microgt adapt` and `microgt learn`."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.text import Text

import microgt
from microgt.build import build
from microgt.commit import git_hash
from microgt.data.mix import MixSource
from microgt.errors import ConfigError
from microgt.evaluation.paired_table import figures
from microgt.evaluation.results import Record
from microgt.evaluation.run import versions
from microgt.files import write_text
from microgt.product.checkpoints import find_checkpoint
from microgt.product.kept import carry_over
from microgt.product.measures import Choice, Compared, Measure, answers, choose, compared, measures_of
from microgt.training.train import train

CHECKPOINT, TRAINING, RESULTS, FILE = "checkpoint", "training", "results", "result.json"


class Further(Record):
    """What became of it, `result.json` beside the checkpoint. `format` changes when the fields do.

    kept: which of the two is better; why. start: the old one. questions: trained on, by split, in words. steps, examples: of
    training; finished: not interrupted. seconds: by part of the work.
    """

    format: Literal[1] = 1
    kept: Literal["new", "old"]
    why: str
    start: str
    database: str
    seed: int
    minutes: float | None
    microgt: str
    git: str | None
    versions: dict[str, str]
    questions: dict[str, str]
    steps: int
    examples: int
    finished: bool
    seconds: dict[str, float]
    measures: tuple[Compared, ...]


def train_further(config: dict[str, Any], folder: Path, console: Console) -> Further:
    """Do it as `configs/adapt.yaml` says. Into the folder go `result.json`, all answers in `results` and, if it is the better one, the new
    `checkpoint`; the old one is only read. Interrupted training is measured as far as it came.

    Raises `DataError` for a database or questions that cannot be used, `ConfigError`, `CheckpointError`.
    """
    start, source, parts = find_checkpoint(config["checkpoint"]), build(config["data"]["source"]), _Parts(console)
    if not isinstance(source, MixSource):
        raise ConfigError("data.source must be a microgt.data.mix.MixSource: the database's own questions, and what is replayed")
    with parts.part("questions", "1/3 questions over the database"):
        measures = measures_of(config["measures"], source, config["seed"])
        for measure in measures:
            measure.check()
    with parts.part("training", f"2/3 a copy of {start} is trained further, for at most {config['training']['minutes']} minutes"):
        trained = _train(config, start, folder, console)
    with parts.part("measures", f"3/3 both answer {sum(len(m.examples) for m in measures)} questions"):
        found = _measured(config, measures, start, trained, folder)
    choice = choose(found)
    done = json.loads((trained / "config.json").read_text(encoding="utf-8"))["training"]
    if choice.new:
        carry_over(start, trained)
        trained.rename(folder / CHECKPOINT)
    else:
        shutil.rmtree(trained)
    result = _result(config, choice, start, done, parts.seconds, found)
    write_text(folder / FILE, result.model_dump_json(indent=1) + "\n")
    console.print(figures([{one.name: one.both for one in found}], first="before", second="after"))
    return result


def _result(
    config: dict[str, Any], choice: Choice, start: Path, done: dict[str, Any], seconds: dict[str, float], found: Sequence[Compared]
) -> Further:
    return Further(
        kept="new" if choice.new else "old",
        why=choice.why,
        start=str(start),
        database=str(config["data"]["path"]),
        seed=config["seed"],
        minutes=config["training"]["minutes"],
        microgt=microgt.__version__,
        git=git_hash(),
        versions=versions(),
        **{key: done[key] for key in ("questions", "steps", "examples", "finished")},
        seconds=seconds,
        measures=tuple(found),
    )


def _train(config: dict[str, Any], start: Path, folder: Path, console: Console) -> Path:
    """The checkpoint of the run `training`, in its folder until it is known to be better; when interrupted, of what was done so far."""
    try:
        return train({**config, "start": str(start), "runs": str(folder), "name": TRAINING, "evaluate": None, "resume": None})
    except KeyboardInterrupt:
        checkpoint = folder / TRAINING / CHECKPOINT
        if not checkpoint.is_dir():
            raise
        console.print("interrupted: what has been learnt so far is measured; interrupt again to leave everything as it was")
        return checkpoint


def _measured(config: dict[str, Any], measures: Sequence[Measure], start: Path, trained: Path, folder: Path) -> list[Compared]:
    """Both checkpoints on all measures; what they answered is kept as `microgt compare` reads it."""
    asked = {"before": start, "after": trained}
    sides = {side: list(answers(measures, path, beam=config["beam"], allow=config["packages"])) for side, path in asked.items()}
    for side, results in sides.items():
        for measure, found in zip(measures, results, strict=True):
            found.write(folder / RESULTS / f"{measure.split}-{side}.json")
    return [compared(measure, old, new) for measure, old, new in zip(measures, sides["before"], sides["after"], strict=True)]


class _Parts:
    """Says what is done and notes how long it took."""

    def __init__(self, console: Console):
        self.console, self.seconds = console, dict[str, float]()

    @contextmanager
    def part(self, name: str, title: str) -> Iterator[None]:
        """One part of the work."""
        self.console.print(Text(title, style="bold"))
        begun = time.monotonic()
        yield
        self.seconds[name] = round(time.monotonic() - begun, 1)
