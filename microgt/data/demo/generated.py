"""Training questions of an embedded database, generated once and kept in the cache."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path

from microgt.data.demo.vocabulary import VOCABULARY
from microgt.data.example import Example
from microgt.engine.duckdb import DuckDBEngine
from microgt.paths import cache_dir
from microgt.schema.types import Schema
from microgt.spec import read_spec, write_spec


def generated(schema: Schema, database: Path, count: int, seed: int) -> list[Example]:
    """`count` examples over one database, deterministic in `seed`; from the cache when neither generator nor database changed."""
    file = cache_dir() / "demo" / f"generated-{schema.name}-{_key(database, count, seed)}.jsonl"
    if not file.is_file():
        _write(file, _generate(schema, database, count, seed))
    return [_example(json.loads(line), schema.name) for line in file.read_text(encoding="utf-8").splitlines()]


def _generate(schema: Schema, database: Path, count: int, seed: int) -> list[Example]:
    from microgt.data.generator.generate import generate

    with DuckDBEngine(database) as engine:
        return list(generate(schema, lambda sql: engine.run(sql).rows, count, seed=seed, synonyms=VOCABULARY.get(schema.name)))


def _write(file: Path, examples: list[Example]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    rows = [
        {"id": e.id, "question": e.question, "category": e.category, "spec": write_spec(e.spec)} for e in examples if e.spec is not None
    ]
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".writing-") as folder:
        unfinished = Path(folder) / file.name
        unfinished.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        os.replace(unfinished, file)


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
