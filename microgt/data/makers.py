"""Training questions that are made once, in processes of their own, and kept in the cache as JSON lines.

Processes rather than `multiprocessing`, which would run a caller's script without a main guard once more.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import ModuleType

from microgt.data.example import Example
from microgt.errors import DataError
from microgt.files import write_text
from microgt.spec import read_spec, write_spec


def run_makers(module: str, jobs: Mapping[str, Sequence[str]]) -> None:
    """Run `python -m module *arguments` for all jobs, whose names say what of, at the same time. Raises `DataError` when one fails."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    makers = [subprocess.Popen([sys.executable, "-m", module, *arguments], env=environment) for arguments in jobs.values()]
    try:
        failed = [job for job, maker in zip(jobs, makers, strict=True) if maker.wait() != 0]
    finally:
        for maker in makers:
            maker.kill()
    if failed:
        raise DataError(f"the training questions of {', '.join(failed)} could not be generated: see the message above")


def write_examples(file: Path, examples: Iterable[Example]) -> None:
    """Examples that have specs, one a line."""
    rows = [
        {"id": e.id, "question": e.question, "category": e.category, "spec": write_spec(e.spec)} for e in examples if e.spec is not None
    ]
    write_text(file, "".join(json.dumps(row) + "\n" for row in rows))


def read_examples(file: Path, db: str, split: str) -> list[Example]:
    """What `write_examples` wrote."""
    rows = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return [Example(row["id"], row["question"], db, read_spec(row["spec"]), None, split, row["category"]) for row in rows]


def code_hash(given: str, *modules: ModuleType) -> str:
    """Hash of what was asked for and of the code of modules, a package with all that is in it."""
    digest = hashlib.sha256(given.encode())
    for module in modules:
        file = Path(str(module.__file__))
        for source in sorted(file.parent.rglob("*.py")) if file.name == "__init__.py" else [file]:
            digest.update(source.read_bytes())
    return digest.hexdigest()[:12]
