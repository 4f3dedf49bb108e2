"""`microgt export`: write, load what was written, compare it with its origin, describe it, put it in its place."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from microgt import __version__
from microgt.build import trusting
from microgt.errors import ConfigError
from microgt.export.card import card
from microgt.export.compare import Comparison, compare, embedded_graphs
from microgt.export.formats import FORMATS, Format
from microgt.files import replace_folder
from microgt.graph import Graph
from microgt.model.checkpoint import TOKENIZER, Checkpoint, read_checkpoint
from microgt.model.making import CONFIG, hashes_of
from microgt.model.predictor import Predictor
from microgt.model.ranked import write_ranking
from microgt.model.weights import MOST_BYTES
from microgt.spec.grammar import GRAMMAR


def export(
    checkpoint: str | Path,
    to: str | Path,
    format: str,
    *,
    most: int = MOST_BYTES,
    questions: int | None = None,
    result: str | Path | None = None,
    allow: Sequence[str] = (),
) -> Comparison:
    """Write a checkpoint directory or Lightning .ckpt into the folder `to`, which is replaced when all is well.

    format: one of `FORMATS`. most: bytes of a file of weights. questions: how many of the embedded questions are compared; None: all.
    result: result.json of the run or results of `microgt evaluate`, whose accuracy goes into the card. allow: as of `read_checkpoint`.
    Raises `ConfigError`, `CheckpointError`; `ExportError` when what was written does not say what its origin says.
    """
    if format not in FORMATS:
        raise ConfigError(f"unknown format {format!r}; choices: {', '.join(FORMATS)}")
    to = Path(to)
    if to.exists() and (not to.is_dir() or (any(to.iterdir()) and not (to / CONFIG).is_file())):
        raise ConfigError(f"to={to} is there and is no export: name a folder that does not exist, or an earlier export to be replaced")
    figures = _figures(result)
    with trusting(allow):
        origin = read_checkpoint(checkpoint)
        return write(to, origin, format, graphs=embedded_graphs(Predictor(origin), questions), most=most, figures=figures)


def write(
    to: Path, origin: Checkpoint, name: str, *, graphs: Sequence[Graph], most: int = MOST_BYTES, figures: dict[str, Any] | None = None
) -> Comparison:
    """As `export`, with the checkpoint in memory and the graphs to compare it on."""
    form = FORMATS[name]
    with replace_folder(to) as folder:
        files = [*form.write(folder, origin, most), origin.lexicon.save(folder / TOKENIZER).name]
        files += [write_ranking(folder, origin.ranking)] if origin.ranking else []
        config = {**_config(origin), "export": {"format": name, "microgt": __version__}, "files": hashes_of(folder, files)}
        _save(folder, config)
        compared = compare(Predictor(origin), form.load(folder, origin), graphs)
        compared.check(form.tolerance)
        config["export"] |= {"compared": asdict(compared), "tolerance": asdict(form.tolerance)}
        _save(folder, config)
        (folder / "README.md").write_text(card(config, origin, _about(form, compared), figures), encoding="utf-8")
    return compared


def _about(form: Format, compared: Comparison) -> str:
    return (
        f"{form.about}. Compared with the trained checkpoint on {compared.questions} embedded questions: {compared.same} greedy specs are "
        f"the same, log-probabilities of likely actions differ by at most {compared.nats:.2g} nats."
    )


def _config(origin: Checkpoint) -> dict[str, Any]:
    """config.json with today's rules; those that the weights did not know are untrained."""
    rules = {"rules": list(GRAMMAR.rules), "slots": list(GRAMMAR.slots), "grammar_version": GRAMMAR.version}
    return {"model_type": "microgt", **origin.config, **rules, "untrained": origin.untrained}


def _save(folder: Path, config: dict[str, Any]) -> None:
    (folder / CONFIG).write_text(json.dumps(config, indent=1), encoding="utf-8")


def _figures(path: str | Path | None) -> dict[str, Any] | None:
    """data, split, accuracy and questions of a result. Raises `ConfigError` when it has none."""
    if path is None:
        return None
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8"))
        accuracy = found["accuracy"]
        return {"data": str(found["data"]), "split": str(found["split"]), "accuracy": float(accuracy), "file": Path(path).name}
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise ConfigError(f"result={path} is no result of a run with an accuracy: {type(error).__name__} {error}") from error
