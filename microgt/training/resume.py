"""May a run go on from a Lightning checkpoint?"""

from __future__ import annotations

from pathlib import Path

from microgt.errors import CheckpointError
from microgt.model.checkpoint import load_lightning
from microgt.training.module import ParserModule


def check_resumable(path: Path, module: ParserModule) -> None:
    """Raises `CheckpointError` unless `path` is a `last.ckpt` of the same model and vocabulary with steps left to do."""
    if not path.is_file():
        raise CheckpointError(f"nothing to resume: {path} does not exist; it is the file last.ckpt of a run's folder")
    state, config, tokenizer = load_lightning(path)
    if tokenizer != module.lexicon.to_json():
        raise CheckpointError(f"{path} was trained with another vocabulary: the questions have changed since; start a new run")
    if config["model"] != module.making["model"]:
        raise CheckpointError(f"{path} holds another model: give the overrides of its run, which are in config.json beside it")
    done = state["global_step"]
    if done >= module.clock.steps:
        raise CheckpointError(f"{path} is at step {done} of {module.clock.steps}: give more with training.steps=N")
