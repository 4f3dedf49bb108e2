"""Training questions of an embedded database, generated once and kept in the cache.

Each database's are made in a process of its own: `python -m microgt.data.demo.generated DB COUNT SEED KIND`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from microgt.data.demo import vocabulary
from microgt.data.demo.build import build_database
from microgt.data.example import Example
from microgt.data.makers import code_hash, read_examples, run_makers, write_examples
from microgt.engine.duckdb import DuckDBEngine
from microgt.paths import cache_dir
from microgt.schema.readers import read_duckdb
from microgt.schema.types import Schema

Kind = Literal["generated", "other"]


def generated(dbs: Sequence[str], count: int, seed: int, kind: Kind = "generated") -> list[Example]:
    """`count` examples over each database, deterministic in `seed`; from the cache when neither generator nor database changed.

    kind: which have answers, or other ones (forecasts, questions back, refusals). Raises `DataError` when they could not be made.
    """
    files = {db: _file(db, count, seed, kind) for db in dbs}
    run_makers(__name__, {db: (db, str(count), str(seed), kind) for db, file in files.items() if not file.is_file()})
    return [example for file in files.values() for example in read_examples(file, kind)]


def _make(db: str, count: int, seed: int, kind: Kind) -> None:
    database = build_database(db)
    write_examples(_file(db, count, seed, kind), _generate(read_duckdb(database), database, count, seed, kind))


def _generate(schema: Schema, database: Path, count: int, seed: int, kind: Kind) -> list[Example]:
    from microgt.data.generator.generate import generate
    from microgt.data.generator.other import generate_other
    from microgt.data.generator.vocabulary import Vocabulary

    make = generate_other if kind == "other" else generate
    with DuckDBEngine(database) as engine:
        words = Vocabulary(vocabulary.VOCABULARY.get(schema.name, {}))
        return list(make(schema, lambda sql: engine.run(sql).rows, count, seed=seed, words=words))


def _file(db: str, count: int, seed: int, kind: Kind) -> Path:
    """Under a hash of the database's place (which names its version), of the code that makes questions and of what was asked for."""
    import microgt.data.generator as generator
    import microgt.spec as spec

    database = build_database(db)
    return cache_dir() / "demo" / f"{kind}-{db}-{code_hash(f'{database.parent.name}:{count}:{seed}', vocabulary, generator, spec)}.jsonl"


if __name__ == "__main__":
    _make(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), "other" if sys.argv[4] == "other" else "generated")
