"""From a composed configuration (a plain dictionary) to a finished run."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lightning.pytorch.callbacks import Callback

from microgt.build import build, trusting
from microgt.data.example import Source
from microgt.errors import ConfigError, did_you_mean
from microgt.files import write_text
from microgt.model.description import describe
from microgt.progress import progress
from microgt.training.budget import BACKWARD, check_budget, steps_of
from microgt.training.datamodule import ParserData
from microgt.training.fit import fit
from microgt.training.loggers import csv_logger
from microgt.training.module import ParserModule
from microgt.training.record import RunRecord
from microgt.training.schedule import Clock
from microgt.training.start import Start


def train(config: dict[str, Any], callbacks: Sequence[Callback] = (), overrides: Sequence[str] | None = None) -> Path:
    """Run the training that `configs/train.yaml` describes; return the checkpoint's folder (`runs/<name>/checkpoint`).

    callbacks: of Lightning, beside those of training itself. overrides: from which the configuration was composed, to be written down
    with it; None when it was made otherwise.
    """
    with trusting(config["packages"]):
        return _train(config, callbacks, overrides)


def _train(config: dict[str, Any], callbacks: Sequence[Callback], overrides: Sequence[str] | None) -> Path:
    training, seed, machine = config["training"], config["seed"], build(config["machine"])
    check_budget(config)
    folder = Path(config["runs"]) / config["name"]
    resume = Path(config["resume"]) if config["resume"] else None
    if resume is None:
        _refuse_to_replace(folder)
    start = Start(config["start"], config["packages"]) if config["start"] else None
    if start:
        config = {**config, "model": start.model}
    source = build(config["data"]["source"])
    _check_split(source, config["evaluate"])
    data = _data(config, source, start)
    assert data.lexicon is not None
    model = _sized(config["model"], len(data.lexicon))
    size = _size(model, data)
    module = ParserModule(
        model=model,
        loss=build(training["loss"]),
        lexicon=data.lexicon,
        untrained=start.untrained(data.untrained) if start else data.untrained,
        lr=training["lr"],
        warmup=training["warmup"],
        weight_decay=training["weight_decay"],
        clock=Clock(
            steps_of(config, batch=training["batch_size"] * machine.processes, flops_per_example=size["flops_per_example"]),
            training["minutes"],
        ),
        seed=seed,
        schedule=build(training["schedule"]),
        weights=start.weights if start else None,
    )
    data.collate = module.model.collate
    folder.mkdir(parents=True, exist_ok=True)
    write_text(folder / "config.json", json.dumps(config, indent=1))
    record = RunRecord.of_now(overrides=overrides, data=data.fingerprints)
    record.write(folder)
    return fit(
        module,
        data,
        folder=folder,
        machine=machine,
        loggers=[csv_logger(folder), *(build(logger)(folder) for logger in config["logger"].values() if logger)],
        facts={**config, "run": record.model_dump(mode="json")},
        accumulate=training["accumulate"],
        clip=training["clip"],
        ema=training["ema"],
        checkpoint_every=training["checkpoint_every"],
        validate_every=training["validate_every"],
        callbacks=callbacks,
        resume=resume,
        notes={
            "data": source.name,
            "shares": config["data"]["shares"],
            "questions": dict(data.tallies),
            "databases": sorted({*data.column("db"), *(start.databases if start else ())}),
            **({"before": start.training} if start else {}),
            **size,
        },
        further={key: value for key, value in config["trainer"].items() if key != "max_steps"},
    )


def _data(config: dict[str, Any], source: Source, start: Start | None) -> ParserData:
    """All questions, prepared; what became of them is said."""
    training = config["training"]
    data = ParserData(
        source,
        shares=config["data"]["shares"],
        batch_size=training["batch_size"],
        seed=config["seed"],
        augment=build(training["augment"]) if training["augment"] else None,
        embedder=config["model"]["embedder"]["tokens"],
        decoder=config["model"]["decoder"],
        accumulate=training["accumulate"],
        validation=config["evaluate"] if training["validate_every"] else None,
        known=start.checkpoint.lexicon if start else None,
    )
    data.prepare(progress)
    for split, tally in data.tallies.items():
        print(f"{source.name}/{split}: {tally}", file=sys.stderr)
    return data


def _refuse_to_replace(folder: Path) -> None:
    last = folder / "last.ckpt"
    if last.exists() or (folder / "checkpoint").exists():
        further = f", or continue it with resume={last}" if last.exists() else ""
        raise ConfigError(f"{folder} already holds a run: remove it, choose another with name=...{further}")


def _check_split(source: Source, split: str | None) -> None:
    """What cannot be evaluated later is said before training."""
    if split is not None and split not in source.splits:
        raise ConfigError(f"evaluate={split}: {source.name} has no such split{did_you_mean(split, source.splits)}")


def _size(model: dict[str, Any], data: ParserData) -> dict[str, Any]:
    """Parameters, and the operations of training on one example that is as large as the mean of the training data."""
    size = data.mean_size()
    described = describe(model, nodes=size.nodes, actions=size.actions, pieces=size.pieces)
    return {"parameters": described.total, "flops_per_example": BACKWARD * sum(described.flops.values())}


def _sized(model: dict[str, Any], words: int) -> dict[str, Any]:
    """The model's configuration with the size of its vocabulary filled in."""
    sized = json.loads(json.dumps(model))
    sized["embedder"]["words"] = words
    return sized
