"""A checkpoint is a directory that can be read without Hydra, without Lightning and without unpickling.

    model.safetensors   the weights (averaged ones where training averaged)
    config.json         the model's configuration, sizes, versions of grammar and relations, preprocessing hash, git hash
    tokenizer.json      the vocabulary (HF tokenizers)

`read_checkpoint` also takes a Lightning `.ckpt`, whose hyper-parameters hold the same configuration.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import nn

from microgt import __version__
from microgt.build import build, trusting
from microgt.commit import git_hash
from microgt.errors import CheckpointError, ConfigError
from microgt.graph import RELATION_VERSION
from microgt.model.lexicon import Lexicon
from microgt.model.parser import Parser
from microgt.spec.grammar import GRAMMAR

FORMAT = 1
# Raise when the meaning of a prepared graph changes: tokenising, linking, importing.
PREPARATION_VERSION = 4


@dataclass
class Checkpoint:
    """A model ready to predict, its vocabulary, and what is known of its making."""

    model: Parser
    lexicon: Lexicon
    config: dict[str, Any]


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


def preparation_hash() -> str:
    """What a graph's meaning depends on besides the data; stored in checkpoints and checked when they are loaded."""
    made_by = [PREPARATION_VERSION, RELATION_VERSION, GRAMMAR.version]
    return hashlib.sha256(json.dumps(made_by).encode()).hexdigest()[:16]


def write_checkpoint(folder: Path, weights: dict[str, torch.Tensor], lexicon: Lexicon, config: dict[str, Any]) -> Path:
    """Write the directory beside its place, then rename it there; what stood there before is replaced last."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".writing-"))
    try:
        save_file({k: v.detach().contiguous().cpu().clone() for k, v in weights.items()}, temporary / "model.safetensors")
        (temporary / "config.json").write_text(json.dumps(config, indent=1), encoding="utf-8")
        lexicon.save(temporary / "tokenizer.json")
        _open_to_readers(temporary)
        _put_in_place(temporary, folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return folder


def _open_to_readers(folder: Path) -> None:
    """Temporary folders are private; a checkpoint is read by whoever may read what stands around it."""
    for path in folder.iterdir():
        path.chmod(0o644)
    folder.chmod(0o755)


def _put_in_place(temporary: Path, folder: Path) -> None:
    """Rename; what stood there comes back when that fails."""
    if not folder.is_dir():
        temporary.rename(folder)
        return
    old = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".old-"))
    folder.rename(old / "checkpoint")
    try:
        temporary.rename(folder)
    except BaseException:
        (old / "checkpoint").rename(folder)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


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
    inner = path / "checkpoint" if (path / "checkpoint").is_dir() else path
    missing = [n for n in ("model.safetensors", "config.json", "tokenizer.json") if not (inner / n).is_file()]
    if missing:
        raise CheckpointError(f"{path} is not a checkpoint: {', '.join(missing)} missing")
    try:
        config = json.loads((inner / "config.json").read_text(encoding="utf-8"))
        weights = load_file(inner / "model.safetensors")
        lexicon = Lexicon.load(inner / "tokenizer.json")
    except (CheckpointError, SafetensorError, ValueError, OSError) as error:
        raise CheckpointError(f"{path} is damaged: {error}") from error
    return _assemble(path, config, weights, lexicon)


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
    _check_versions(path, config)
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
    model.mask_rules([*(set(GRAMMAR.rules) - set(config["rules"])), *config.get("untrained", ())])
    return Checkpoint(model.eval(), lexicon, config)


def _check_versions(path: Path, config: Any) -> None:
    if not isinstance(config, dict):
        raise CheckpointError(f"{path}: its config.json is no object")
    if config.get("format") != FORMAT:
        raise CheckpointError(f"{path} has checkpoint format {config.get('format')!r}; this version reads format {FORMAT}")
    if config.get("relation_version") != RELATION_VERSION:
        raise CheckpointError(f"{path} was trained with relations version {config.get('relation_version')}, this is {RELATION_VERSION}")
    if config.get("preparation") != preparation_hash():
        raise CheckpointError(
            f"{path} was trained on graphs prepared in another way ({config.get('preparation')}, now {preparation_hash()})"
        )


def _fit_rules(
    weights: dict[str, torch.Tensor], now: dict[str, torch.Tensor], rules: list[str], slots: list[str]
) -> dict[str, torch.Tensor]:
    """Move the rows of rule and slot tables to where today's grammar has them; rows of rules unknown then stay as built."""
    fitted = dict(weights)
    for names, old, new in (("rule", rules, GRAMMAR.rules), ("slot", slots, GRAMMAR.slots)):
        if list(old) == list(new):
            continue
        known = [(i, old.index(name)) for i, name in enumerate(new) if name in set(old)]
        for key, value in weights.items():
            if f"{names}_table" in key:
                table = now[key].clone()
                for i, j in known:
                    table[i] = value[j]
                fitted[key] = table
    return fitted
