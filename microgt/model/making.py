"""What a checkpoint says of its making, and whether this version understands it. Free of torch: the runtime reads it too."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from microgt.errors import CheckpointError
from microgt.graph import RELATION_VERSION
from microgt.spec.grammar import GRAMMAR

CONFIG = "config.json"
FORMAT = 1
# Raise when the meaning of a prepared graph changes: tokenising, linking, importing.
PREPARATION_VERSION = 4
_CHUNK = 1 << 20


def preparation_hash() -> str:
    """What a graph's meaning depends on besides the data; stored in checkpoints and checked when they are loaded."""
    made_by = [PREPARATION_VERSION, RELATION_VERSION, GRAMMAR.version]
    return hashlib.sha256(json.dumps(made_by).encode()).hexdigest()[:16]


def inner_folder(path: Path) -> Path:
    """The checkpoint's own directory of a path that may be the folder of its run."""
    return path / "checkpoint" if (path / "checkpoint").is_dir() else path


def read_config(folder: Path, origin: Path) -> dict[str, Any]:
    """config.json of a folder, of a version that is understood. origin: how errors name it. Raises `CheckpointError`."""
    try:
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    except (ValueError, OSError, RecursionError) as error:
        raise CheckpointError(f"{origin} is damaged: {CONFIG} cannot be read: {error}") from error
    check_versions(origin, config)
    return config


def check_versions(path: Path, config: Any) -> None:
    """Raise `CheckpointError` for a configuration of another version."""
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


def hashes_of(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """SHA-256 of files, for `files` in config.json."""
    return {name: _sha256(folder / name) for name in sorted(names)}


def check_files(folder: Path, origin: Path, files: Any) -> None:
    """Compare the files of a folder with their hashes. Raises `CheckpointError` for one that is missing or another."""
    if not isinstance(files, dict) or not all(isinstance(v, str) and _is_plain(name) for name, v in files.items()):
        raise CheckpointError(f"{origin}: `files` in its config.json are no file names with hashes")
    for name, expected in files.items():
        if not (folder / name).is_file():
            raise CheckpointError(f"{origin} is not complete: {name} missing")
        found = _sha256(folder / name)
        if found != expected:
            raise CheckpointError(f"{origin} is damaged: {name} has SHA-256 {found[:12]}..., its config.json says {expected[:12]}...")


def _is_plain(name: str) -> bool:
    """A name of a file in the folder itself, and nowhere else."""
    return name not in ("", ".", "..") and "/" not in name and "\\" not in name and "\0" not in name


def plain_names(origin: Path, names: Iterable[Any]) -> list[str]:
    """The distinct names, all of files in the folder itself. Raises `CheckpointError`."""
    found = sorted({str(name) for name in names})
    outside = next((name for name in found if not _is_plain(name)), None)
    if outside is not None:
        raise CheckpointError(f"{origin} names a file outside of its folder: {outside!r}")
    return found


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_CHUNK):
            digest.update(block)
    return digest.hexdigest()
