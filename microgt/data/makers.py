"""Training questions that are made once, some in processes of their own, and kept in the cache as JSON lines.

Processes rather than `multiprocessing`, which would run a caller's script without a main guard once more.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from microgt.data.example import Example
from microgt.errors import DataError
from microgt.files import write_text
from microgt.spec import read_spec, write_spec

_FORMAT = 2  # of the lines


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
    """Examples, one a line."""
    write_text(file, "".join(json.dumps(_row(e)) + "\n" for e in examples))


def _row(e: Example) -> dict[str, Any]:
    spec = write_spec(e.spec) if e.spec is not None else None
    row = {"id": e.id, "db": e.db, "question": e.question, "category": e.category, "spec": spec, "sql": e.sql, "written": e.written}
    return {key: value for key, value in row.items() if value is not None}


def read_examples(file: Path, split: str) -> list[Example]:
    """What `write_examples` wrote."""
    return [_example(json.loads(line), split) for line in file.read_text(encoding="utf-8").splitlines()]


def _example(row: dict[str, Any], split: str) -> Example:
    spec = read_spec(row["spec"]) if "spec" in row else None
    return Example(row["id"], row["question"], row["db"], spec, row.get("sql"), split, row.get("category"), row.get("written"))


def code_hash(given: str, *modules: ModuleType) -> str:
    """Hash of what was asked for, of how it is written and of the code of modules, a package with all that is in it."""
    digest = hashlib.sha256(f"{_FORMAT}{given}".encode())
    for module in modules:
        file = Path(str(module.__file__))
        for source in sorted(file.parent.rglob("*.py")) if file.name == "__init__.py" else [file]:
            digest.update(source.read_bytes())
    return digest.hexdigest()[:12]


def settings_of(value: object) -> Any:
    """What an object was made with, as JSON: all that it holds, and of each class and function its name and a hash of its code."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case list() | tuple():
            return [settings_of(v) for v in value]
        case set() | frozenset():
            return sorted(map(repr, value))
        case dict():
            return [[settings_of(k), settings_of(v)] for k, v in value.items()]
        case partial():
            return [settings_of(part) for part in (value.func, value.args, value.keywords)]
        case type() | FunctionType():
            return f"{value.__qualname__} {_code_of(value.__module__)}"
    return [settings_of(type(value)), settings_of(vars(value))]


@cache
def _code_of(module: str) -> str:
    return code_hash(module, sys.modules[module])
