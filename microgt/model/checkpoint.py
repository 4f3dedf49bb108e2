"""A checkpoint is a directory that can be read without Hydra, without Lightning and without unpickling.

    model.safetensors   the weights (averaged ones where training averaged)
    config.json         the model's configuration, sizes, versions of grammar and relations, hashes of preparation, files and commit
    tokenizer.json      the vocabulary (HF tokenizers)
    ranker.json         which of several readings to take; only where one was learned

`read_checkpoint` also takes a Lightning `.ckpt`, whose hyper-parameters hold the same configuration.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from microgt import __version__
from microgt.build import build, trusting
from microgt.commit import git_hash
from microgt.errors import CheckpointError, ConfigError
from microgt.files import replace_folder
from microgt.graph import RELATION_VERSION
from microgt.model.lexicon import Lexicon
from microgt.model.making import CONFIG, FORMAT, check_files, check_versions, hashes_of, inner_folder, preparation_hash, read_config
from microgt.model.parser import Parser
from microgt.model.ranked import read_ranking
from microgt.model.weights import INDEX, WEIGHTS, read_weights, write_weights
from microgt.ranking import Ranking
from microgt.spec.grammar import GRAMMAR

TOKENIZER = "tokenizer.json"


@dataclass
class Checkpoint:
    """A model ready to predict, its vocabulary, what is known of its making, and how its readings are ranked."""

    model: Parser
    lexicon: Lexicon
    config: dict[str, Any]
    ranking: Ranking | None = None

    @property
    def untrained(self) -> list[str]:
        """The grammar's rules that its training had no question for, those that are newer than it among them."""
        return sorted({*self.config.get("untrained", ()), *(set(GRAMMAR.rules) - set(self.config["rules"]))})


def describe_making(model_config: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The content of config.json."""
    return {
        "format": FORMAT,
        "model": model_config,
        "rules": list(GRAMMAR.rules),
        "slots": list(GRAMMAR.slots),
        "grammar_version": GRAMMAR.version,
        "relation_version": RELATION_VERSION,
        "preparation": preparation_hash(),
        "microgt": __version__,
        "torch": torch.__version__,
        "git": git_hash(),
        **more,
    }


def write_checkpoint(folder: Path, weights: dict[str, torch.Tensor], lexicon: Lexicon, config: dict[str, Any]) -> Path:
    """Write the directory beside its place, then rename it there; what stood there before is replaced last."""
    with replace_folder(folder) as temporary:
        files = [*write_weights(temporary, weights), lexicon.save(temporary / TOKENIZER).name]
        making = {**config, "files": hashes_of(temporary, files)}
        (temporary / CONFIG).write_text(json.dumps(making, indent=1), encoding="utf-8")
    return folder


def read_checkpoint(path: str | Path, *, allow: Sequence[str] = ()) -> Checkpoint:
    """Load a checkpoint directory or a Lightning .ckpt. allow: packages besides microgt and torch.nn whose code it may run.

    Raises `CheckpointError` saying what is wrong; `ConfigError` when there is no such package.
    """
    path = Path(path)
    with trusting(allow):
        if path.is_dir():
            return _read_directory(path)
        if path.is_file() and path.suffix == ".ckpt":
            return _read_lightning(path)
    known = "a directory with model.safetensors, config.json and tokenizer.json, or a Lightning .ckpt"
    raise CheckpointError(f"no checkpoint at {path}: expected {known}")


def _read_directory(path: Path) -> Checkpoint:
    inner = inner_folder(path)
    weights = next((name for name in (WEIGHTS, INDEX) if (inner / name).is_file()), WEIGHTS)
    missing = [name for name in (weights, CONFIG, TOKENIZER) if not (inner / name).is_file()]
    if missing:
        raise CheckpointError(f"{path} is not a checkpoint: {', '.join(missing)} missing")
    config = read_config(inner, path)
    try:
        lexicon = Lexicon.load(inner / TOKENIZER)
    except (CheckpointError, ValueError, OSError) as error:
        raise CheckpointError(f"{path} is damaged: {error}") from error
    checkpoint = _assemble(path, config, read_weights(inner, path), lexicon)
    if "files" in config:  # older checkpoints have no hashes
        check_files(inner, path, config["files"])
        checkpoint.ranking = read_ranking(inner, path, config)
    return checkpoint


def _read_lightning(path: Path) -> Checkpoint:
    state, config, tokenizer = load_lightning(path)
    weights = {k.removeprefix("model."): v for k, v in state["state_dict"].items() if k.startswith("model.")}
    return _assemble(path, config, weights, Lexicon.from_json(tokenizer))


def load_lightning(path: Path) -> tuple[dict[str, Any], dict[str, Any], str]:
    """(everything in a Lightning .ckpt, what config.json holds, what tokenizer.json holds). Raises `CheckpointError`."""
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
        hyper = state["hyper_parameters"]
        return state, json.loads(hyper["making"]), hyper["tokenizer"]
    except Exception as error:  # torch raises many kinds on a damaged file
        raise CheckpointError(f"{path} is not a readable Lightning checkpoint of microgt: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _assemble(path: Path, config: dict[str, Any], weights: dict[str, torch.Tensor], lexicon: Lexicon) -> Checkpoint:
    check_versions(path, config)
    try:
        model = build(config["model"], kind=nn.Module)
        weights = _fit_rules(weights, model.state_dict(), config["rules"], config["slots"])
        words = config["model"]["embedder"]["words"]
        model.load_state_dict(weights)
    except RuntimeError as error:
        raise CheckpointError(f"{path}: the weights do not fit its config.json: {str(error).splitlines()[-1].strip()}") from error
    except (ConfigError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise CheckpointError(f"{path}: its config.json describes no model of this version: {type(error).__name__} {error}") from error
    if words != len(lexicon):
        raise CheckpointError(f"{path}: its tokenizer.json has {len(lexicon)} words and its weights {words}: they are of different runs")
    checkpoint = Checkpoint(model.eval(), lexicon, config)
    model.mask_rules(checkpoint.untrained)
    return checkpoint


def _fit_rules(
    weights: dict[str, torch.Tensor], now: dict[str, torch.Tensor], rules: list[str], slots: list[str]
) -> dict[str, torch.Tensor]:
    """Move the rows of rule and slot tables to where today's grammar has them; rows of rules unknown then stay as built.

    Raises `ValueError` when names and rows do not fit each other.
    """
    fitted = dict(weights)
    for names, old, new in (("rule", rules, GRAMMAR.rules), ("slot", slots, GRAMMAR.slots)):
        if list(old) == list(new):
            continue
        if len(set(old)) != len(old):
            raise ValueError(f"a {names} is named twice")
        known = [(i, old.index(name)) for i, name in enumerate(new) if name in set(old)]
        for key, value in weights.items():
            if f"{names}_table" in key:
                if len(value) != len(old):
                    raise ValueError(f"{key} has {len(value)} rows for {len(old)} {names}s")
                table = now[key].clone()
                for i, j in known:
                    table[i] = value[j]
                fitted[key] = table
    return fitted
