"""Which checkpoint answers when none is named."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from pathlib import Path

from microgt.errors import CheckpointError

VARIABLE = "MICROGT_CHECKPOINT"


def find_checkpoint(named: str | Path | None = None, *, runs: str | Path = "runs") -> Path:
    """The named checkpoint, else $MICROGT_CHECKPOINT, else the newest of `runs/demo*`.

    Raises `CheckpointError` that says how to get one.
    """
    if named or os.environ.get(VARIABLE):
        path = Path(named or os.environ[VARIABLE])
        if not path.exists():
            origin = "" if named else f" (from {VARIABLE})"
            raise CheckpointError(f"no checkpoint at {path}{origin}: expected a directory with model.safetensors, or a Lightning .ckpt")
        return path
    made = [folder for folder in Path(runs).glob("demo*/checkpoint") if (folder / "config.json").is_file()]
    if not made:
        raise CheckpointError(
            f"no checkpoint: {runs}/demo* holds none. Train one with `make demo` or `microgt train`, "
            f"or name one with --checkpoint DIR or {VARIABLE}=DIR"
        )
    return max(made, key=lambda folder: (folder / "config.json").stat().st_mtime)


def free_name(name: str, taken: Callable[[str], bool]) -> str:
    """The first of demo, demo-2, demo-3 that is not taken: nothing earlier is lost."""
    return next(n for n in itertools.chain([name], (f"{name}-{i}" for i in itertools.count(2))) if not taken(n))
