"""One run from its configuration to its result: train, answer the validation questions, write `result.json`."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lightning.fabric.utilities.rank_zero import rank_zero_only
from lightning.pytorch.callbacks import Callback

import microgt
from microgt.build import build
from microgt.commit import git_hash
from microgt.evaluation.results import Results
from microgt.evaluation.run import versions
from microgt.experiments.curve import learning_curve
from microgt.experiments.result import FILE, Answered, RunResult, config_hash
from microgt.model.predictor import Predictor
from microgt.product.predict import judge_model
from microgt.training.train import train


def folder_of(config: dict[str, Any]) -> Path:
    """Where a run is kept."""
    return Path(config["runs"]) / config["name"]


def run(config: dict[str, Any], overrides: Sequence[str] = ()) -> Path:
    """A new run, or one continued by `resume`; return its checkpoint."""
    checkpoint = train(config, overrides=overrides)
    if not rank_zero_only.rank:  # where each process is the command again, one writes the result
        finish(config, overrides)
    return checkpoint


def go_on(config: dict[str, Any], overrides: Sequence[str] = (), callbacks: Sequence[Callback] = ()) -> RunResult:
    """The result of a run, of which whatever is not done yet is done: all of it, the rest of an interrupted training, or the evaluation."""
    folder = folder_of(config)
    if (folder / FILE).is_file():
        return RunResult.read(folder)
    if not _trained(folder):
        last = folder / "last.ckpt"
        if not last.is_file():
            shutil.rmtree(folder / "checkpoint", ignore_errors=True)  # an interrupted run that nothing can go on from
        train({**config, "resume": str(last) if last.is_file() else None}, callbacks, overrides)
    return finish(config, overrides)


def finish(config: dict[str, Any], overrides: Sequence[str] = ()) -> RunResult:
    """Evaluate a trained run, greedily, and write its result."""
    folder = folder_of(config)
    done = _training(folder)
    results = _evaluate(config, folder) if config["evaluate"] else None
    rate = results.summary.accuracy.rate if results else None
    result = RunResult(
        overrides=tuple(overrides),
        config_hash=config_hash(config),
        seed=config["seed"],
        microgt=microgt.__version__,
        git=git_hash(),
        versions=versions(),
        data=done["data"],
        split=config["evaluate"],
        steps=done["steps"],
        examples=done["examples"],
        seconds=done["seconds"],
        parameters=done["parameters"],
        flops_per_example=done["flops_per_example"],
        tokens_per_second=round(done["tokens"] / max(done["seconds"], 1e-9), 1),
        accuracy=rate,
        items=_items(results) if results else {},
        learning_curve=learning_curve(folder),
    )
    result.write(folder)
    if rate is not None:
        print(f"{config['evaluate']}: {rate:.1%} right", file=sys.stderr)
    return result


def _training(folder: Path) -> dict[str, Any]:
    file = folder / "checkpoint" / "config.json"
    return json.loads(file.read_text(encoding="utf-8"))["training"] if file.is_file() else {}


def _trained(folder: Path) -> bool:
    return _training(folder).get("finished", False)


def _evaluate(config: dict[str, Any], folder: Path) -> Results:
    checkpoint = folder / "checkpoint"
    predictor = Predictor.load(checkpoint, beam=1, allow=config["packages"])
    return judge_model(build(config["data"]["source"]), predictor, checkpoint=str(checkpoint), split=config["evaluate"])


def _items(results: Results) -> dict[str, Answered]:
    by_db: dict[str, tuple[list[str], list[str]]] = {}
    for item in results.items:
        by_db.setdefault(item.db, ([], []))[0 if item.right else 1].append(item.id)
    return {db: Answered(right=tuple(sorted(right)), wrong=tuple(sorted(wrong))) for db, (right, wrong) in sorted(by_db.items())}
