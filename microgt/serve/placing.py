"""A file put among others in a folder, in the place of some of them: all of it, or as it was before, whenever the process ends."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_PLAN = "plan.json"  # until it goes, what was done is undone


@contextmanager
def placed(temporary: Path, target: Path, instead_of: Sequence[Path]) -> Iterator[None]:
    """`temporary` becomes `target` and the others go, when the block ends well. Else, or by `undo_unfinished`, all is as before."""
    kept = Path(tempfile.mkdtemp(dir=target.parent.parent, prefix=".before-"))
    try:
        (kept / "files").mkdir()
        (kept / ".plan").write_text(json.dumps([target.parent.name, target.name, [path.name for path in instead_of]]), encoding="utf-8")
        (kept / ".plan").rename(kept / _PLAN)
        for path in instead_of:
            path.rename(kept / "files" / path.name)
        os.replace(temporary, target)
        yield
    except BaseException:
        _undo(kept)
        raise
    (kept / _PLAN).unlink()
    shutil.rmtree(kept, ignore_errors=True)


def undo_unfinished(root: Path) -> None:
    """As it was before each `placed` below `root` whose process was killed."""
    for kept in sorted(root.glob(".before-*/")):
        _undo(kept)


def _undo(kept: Path) -> None:
    if (kept / _PLAN).is_file():
        name, target, names = json.loads((kept / _PLAN).read_text(encoding="utf-8"))
        folder, before = kept.parent / name, [kept / "files" / one for one in names]
        if all(path.exists() for path in before):  # else the target was not written yet, or is one that has come back
            (folder / target).unlink(missing_ok=True)
        for path in before:
            if path.exists():
                path.rename(folder / path.name)
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    shutil.rmtree(kept, ignore_errors=True)
