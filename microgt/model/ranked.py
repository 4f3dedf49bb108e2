"""The ranking of a checkpoint: ranker.json in its folder, in use when config.json names it among its files. Free of torch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from microgt.errors import CheckpointError
from microgt.files import write_text
from microgt.model.making import CONFIG, hashes_of, inner_folder, read_config
from microgt.ranking import Ranking

RANKER = "ranker.json"


def read_ranking(folder: Path, origin: Path, config: Mapping[str, Any]) -> Ranking | None:
    """The ranking of a folder whose files have been checked; None when it has none. origin: how errors name it.

    Raises `CheckpointError` when it is damaged or of another version.
    """
    if RANKER not in config.get("files", ()):
        return None
    try:
        return Ranking.from_json(json.loads((folder / RANKER).read_text(encoding="utf-8")))
    except (CheckpointError, ValueError, OSError) as error:
        raise CheckpointError(f"{origin}: {RANKER} cannot be used, learn it anew: {error}") from error


def write_ranking(folder: Path, ranking: Ranking) -> str:
    """Write the file; return its name."""
    return write_text(folder / RANKER, json.dumps(ranking.to_json(), indent=1)).name


def store_ranking(checkpoint: Path, ranking: Ranking) -> Path:
    """Put a ranking into a checkpoint directory, in place of one that is there. Raises `CheckpointError` when it is none.

    Interrupted, it leaves a checkpoint without a ranking: the file counts when config.json names it, which is the last step.
    """
    folder, config = forget_ranking(checkpoint)
    name = write_ranking(folder, ranking)
    _save(folder, {**config, "files": config["files"] | hashes_of(folder, [name])})
    return folder / name


def forget_ranking(checkpoint: Path) -> tuple[Path, dict[str, Any]]:
    """Use the ranking of a checkpoint no longer; (its folder, its config.json). Raises `CheckpointError` when it is no directory of one."""
    folder = inner_folder(checkpoint)
    if not (folder / CONFIG).is_file():
        raise CheckpointError(f"{checkpoint} is no checkpoint directory: it has no {CONFIG}")
    config = read_config(folder, checkpoint)
    config["files"] = {name: known for name, known in config.get("files", {}).items() if name != RANKER}
    _save(folder, config)
    return folder, config


def _save(folder: Path, config: dict[str, Any]) -> None:
    write_text(folder / CONFIG, json.dumps(config, indent=1))
