"""May a run go on from a Lightning checkpoint?"""

from __future__ import annotations

import json
from pathlib import Path

import torch

from microgt.errors import CheckpointError
from microgt.training.module import ParserModule


def check_resumable(path: Path, module: ParserModule) -> None:
    """Raises `CheckpointError` unless `path` is a `last.ckpt` of the same model and vocabulary with steps left to do."""
    if not path.is_file():
        raise CheckpointError(f"nothing to resume: {path} does not exist; it is the file last.ckpt of a run's folder")
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
        hyper, done = state["hyper_parameters"], int(state["global_step"])
        model, tokenizer = json.loads(hyper["making"])["model"], hyper["tokenizer"]
    except Exception as error:  # torch raises many kinds on a damaged file
        raise CheckpointError(f"{path} is no readable last.ckpt of a run: {type(error).__name__}") from error
    if tokenizer != module.lexicon.to_json():
        raise CheckpointError(f"{path} was trained with another vocabulary: the questions have changed since; start a new run")
    if model != module.making["model"]:
        raise CheckpointError(f"{path} holds another model: give the overrides of its run, which are in config.json beside it")
    if done >= module.clock.steps:
        raise CheckpointError(f"{path} is at step {done} of {module.clock.steps}: give more with training.steps=N")
