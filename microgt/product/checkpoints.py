"""Which checkpoint answers when none is named."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from pathlib import Path

from microgt.errors import CheckpointError
from microgt.product.learnt import Learnt

VARIABLE = "MICROGT_CHECKPOINT"


def find_checkpoint(named: str | Path | None = None) -> Path:
    """The named checkpoint, else $MICROGT_CHECKPOINT, else the one that comes with microgt.

    Raises `CheckpointError` that says how to get one.
    """
    if named or os.environ.get(VARIABLE):
        path = Path(named or os.environ[VARIABLE])
        if not path.exists():
            origin = "" if named else f" (from {VARIABLE})"
            raise CheckpointError(f"no checkpoint at {path}{origin}: expected a directory with model.safetensors, or a Lightning .ckpt")
        return path
    path = shipped_checkpoint()
    if not (path / "config.json").is_file():
        raise CheckpointError(
            f"no checkpoint: {path} holds none. Train one with `make demo` or `microgt train`, "
            f"and name it with --checkpoint DIR or {VARIABLE}=DIR"
        )
    return path


def checkpoint_for(named: str | Path | None, database: str | Path) -> Path:
    """The named checkpoint, else $MICROGT_CHECKPOINT, else what was learnt for this database, else as `find_checkpoint`."""
    learnt = None if named or os.environ.get(VARIABLE) else Learnt(database).checkpoint
    if learnt and not learnt.is_dir():
        raise CheckpointError(
            f"no checkpoint at {learnt}, which was learnt for {database}: `microgt learn {database} --back` leaves it aside"
        )
    return learnt or find_checkpoint(named)


def shipped_checkpoint() -> Path:
    """Where it is: in the package in a wheel, in `data/checkpoints/micro` in a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "checkpoints" / "micro"
    return installed if installed.is_dir() else package.parent / "data" / "checkpoints" / "micro"


def free_name(name: str, taken: Callable[[str], bool]) -> str:
    """The first of demo, demo-2, demo-3 that is not taken: nothing earlier is lost."""
    return next(n for n in itertools.chain([name], (f"{name}-{i}" for i in itertools.count(2))) if not taken(n))
