"""From a composed configuration (a plain dictionary) to a finished run."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from microgt.build import build
from microgt.errors import ConfigError
from microgt.progress import progress
from microgt.training.datamodule import ParserData
from microgt.training.fit import fit
from microgt.training.loggers import csv_logger
from microgt.training.module import ParserModule
from microgt.training.schedule import Clock


def train(config: dict[str, Any]) -> Path:
    """Run the training that `configs/train.yaml` describes; return the checkpoint's folder (`runs/<name>/checkpoint`)."""
    training, seed = config["training"], config["seed"]
    folder = Path(config["runs"]) / config["name"]
    resume = Path(config["resume"]) if config["resume"] else None
    if resume is None:
        _refuse_to_replace(folder)
    source = build(config["data"]["source"])
    augment = build(training["augment"]) if training["augment"] else None
    data = ParserData(source, shares=config["data"]["shares"], batch_size=training["batch_size"], seed=seed, augment=augment)
    data.prepare(progress)
    for split, tally in data.tallies.items():
        print(f"{source.name}/{split}: {tally}", file=sys.stderr)
    assert data.lexicon is not None
    module = ParserModule(
        model=_sized(config["model"], len(data.lexicon)),
        loss=build(training["loss"]),
        lexicon=data.lexicon,
        untrained=data.untrained,
        lr=training["lr"],
        warmup=training["warmup"],
        weight_decay=training["weight_decay"],
        clock=Clock(training["steps"], training["minutes"]),
        seed=seed,
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config, indent=1), encoding="utf-8")
    loggers = [csv_logger(folder)] + ([build(config["logger"]["wandb"])(folder)] if config["logger"]["wandb"] else [])
    return fit(
        module,
        data,
        folder=folder,
        machine=build(config["machine"]),
        loggers=loggers,
        clip=training["clip"],
        ema=training["ema"],
        checkpoint_every=training["checkpoint_every"],
        resume=resume,
        notes={
            "data": source.name,
            "shares": config["data"]["shares"],
            "questions": dict(data.tallies),
            "databases": sorted({item.db for item in data.items}),
        },
    )


def _refuse_to_replace(folder: Path) -> None:
    last = folder / "last.ckpt"
    if last.exists() or (folder / "checkpoint").exists():
        further = f", or continue it with resume={last}" if last.exists() else ""
        raise ConfigError(f"{folder} already holds a run: remove it, choose another with name=...{further}")


def _sized(model: dict[str, Any], words: int) -> dict[str, Any]:
    """The model's configuration with the size of its vocabulary filled in."""
    sized = json.loads(json.dumps(model))
    sized["embedder"]["words"] = words
    return sized
