"""What of a checkpoint goes along when another takes its place."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from microgt.files import replace_folder, write_text
from microgt.model.checkpoint import TOKENIZER, read_checkpoint, write_checkpoint
from microgt.model.making import CONFIG, hashes_of, inner_folder
from microgt.model.weights import INDEX

_OF_TRAINING = (CONFIG, TOKENIZER, INDEX)
_NOT_OF_THE_NEW = ("export", "model_type")  # of config.json: how the old one was written


def carry_over(start: Path, trained: Path) -> None:
    """Give a checkpoint what training does not make but the one that it went on from has: calibration, a ranker, whatever else is JSON.

    Weights and programs in other forms are of the old weights, and a model card tells their figures: they stay behind.
    """
    if not start.is_dir():  # a Lightning .ckpt has nothing else
        return
    origin = inner_folder(start)
    names = [file.name for file in sorted(origin.glob("*.json")) if file.name not in _OF_TRAINING]
    for name in names:
        shutil.copyfile(origin / name, trained / name)
    old, new = (json.loads((folder / CONFIG).read_text(encoding="utf-8")) for folder in (origin, trained))
    kept = {key: value for key, value in old.items() if key not in (*new, *_NOT_OF_THE_NEW)}
    files = {**new["files"], **hashes_of(trained, [name for name in names if name in old.get("files", ())])}
    write_text(trained / CONFIG, json.dumps({**kept, **new, "files": files}, indent=1))


def copy_checkpoint(start: Path, folder: Path, allow: Sequence[str] = ()) -> None:
    """Write a checkpoint once more, a Lightning .ckpt as a directory."""
    if not start.is_dir():
        read = read_checkpoint(start, allow=allow)
        write_checkpoint(folder, read.model.state_dict(), read.lexicon, read.config)
        return
    with replace_folder(folder) as temporary:
        for file in inner_folder(start).iterdir():
            if file.is_file():
                shutil.copyfile(file, temporary / file.name)
