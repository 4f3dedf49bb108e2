"""Training questions of an embedded database, generated once and kept in the cache.

Each database's are made in a process of its own: `python -m microgt.data.demo.generated DB COUNT SEED`.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from microgt.data.demo.build import build_database
from microgt.data.demo.vocabulary import VOCABULARY
from microgt.data.example import Example
from microgt.engine.duckdb import DuckDBEngine
from microgt.errors import DataError
from microgt.files import write_text
from microgt.paths import cache_dir
from microgt.schema.readers import read_duckdb
from microgt.schema.types import Schema
from microgt.spec import read_spec, write_spec


def generated(dbs: Sequence[str], count: int, seed: int) -> list[Example]:
    """`count` examples over each database, deterministic in `seed`; from the cache when neither generator nor database changed.

    Raises `DataError` when they could not be made.
    """
    files = {db: _file(db, count, seed) for db in dbs}
    _run_makers([db for db, file in files.items() if not file.is_file()], count, seed)
    return [_example(json.loads(line), db) for db, file in files.items() for line in file.read_text(encoding="utf-8").splitlines()]


def _run_makers(dbs: Sequence[str], count: int, seed: int) -> None:
    """Processes rather than `multiprocessing`, which would run a caller's script without a main guard once more."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-m", __name__]
    makers = [subprocess.Popen([*command, db, str(count), str(seed)], env=environment) for db in dbs]
    try:
        failed = [db for db, maker in zip(dbs, makers, strict=True) if maker.wait() != 0]
    finally:
        for maker in makers:
            maker.kill()
    if failed:
        raise DataError(f"the training questions of {', '.join(failed)} could not be generated: see the message above")


def _make(db: str, count: int, seed: int) -> None:
    database = build_database(db)
    _write(_file(db, count, seed), _generate(read_duckdb(database), database, count, seed))


def _file(db: str, count: int, seed: int) -> Path:
    return cache_dir() / "demo" / f"generated-{db}-{_key(build_database(db), count, seed)}.jsonl"


def _generate(schema: Schema, database: Path, count: int, seed: int) -> list[Example]:
    from microgt.data.generator.generate import generate

    with DuckDBEngine(database) as engine:
        return list(generate(schema, lambda sql: engine.run(sql).rows, count, seed=seed, synonyms=VOCABULARY.get(schema.name)))


def _write(file: Path, examples: list[Example]) -> None:
    rows = [
        {"id": e.id, "question": e.question, "category": e.category, "spec": write_spec(e.spec)} for e in examples if e.spec is not None
    ]
    write_text(file, "".join(json.dumps(row) + "\n" for row in rows))


def _example(row: dict, db: str) -> Example:
    spec = read_spec(row["spec"])
    return Example(id=row["id"], question=row["question"], db=db, spec=spec, sql=None, split="generated", category=row["category"])


def _key(database: Path, count: int, seed: int) -> str:
    """Hash of the database's place (which names its version), of the code that makes questions and of what was asked for."""
    import microgt.data.generator as generator
    import microgt.spec as spec

    digest = hashlib.sha256(f"{database.parent.name}:{count}:{seed}".encode())
    digest.update(Path(__file__).with_name("vocabulary.py").read_bytes())
    for package in (generator, spec):
        for module in sorted(Path(str(package.__file__)).parent.rglob("*.py")):
            digest.update(module.read_bytes())
    return digest.hexdigest()[:12]


if __name__ == "__main__":
    _make(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
