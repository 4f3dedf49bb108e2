"""Prepared graphs on disk: a HF `datasets` table under a hash of everything that made it."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from microgt.data.example import Example, Source
from microgt.data.mix import MixSource
from microgt.graph import Graph, ValueNode
from microgt.model.making import preparation_hash
from microgt.paths import cache_dir
from microgt.schema.store import to_json
from microgt.spec import importer, write_spec
from microgt.spec.grammar import Action, ActionKind
from microgt.training import mention
from microgt.training.prepare import Prepared, Preparer, Tally

Progress = Callable[[Iterable[Any], str, int], Iterable[Any]]


@dataclass(frozen=True)
class Split:
    """items: with their actions. tally: what became of all questions, in words. fingerprint: of what was read, 16 hexadecimal digits."""

    items: list[Prepared]
    tally: str
    fingerprint: str


def prepared_split(source: Source, split: str, progress: Progress) -> Split:
    """A split, from the cache when nothing changed; that of a mix is the split of its own source."""
    if isinstance(source, MixSource):
        source, split = source.part(split)
    examples = source.examples(split)
    read = fingerprint(source, examples)
    folder = cache_dir() / "prepared" / f"{source.name}-{split}-{_key(read)}"
    if not folder.is_dir():
        _write(folder, *_prepare(source, examples, split, progress))
    return Split(*_read(folder), read)


def _prepare(source: Source, examples: list[Example], split: str, progress: Progress) -> tuple[list[Prepared], str]:
    tally = Tally()
    items = list(Preparer(source).train(progress(examples, f"preparing {source.name}/{split}", len(examples)), tally))
    return items, str(tally)


def fingerprint(source: Source, examples: Iterable[Example]) -> str:
    """Hash of the questions, the golds and what the schemas hold: the same wherever and by whichever code they are read."""
    digest, databases = hashlib.sha256(), set()
    for e in examples:
        databases.add(e.db)
        gold = json.dumps(write_spec(e.spec)) if e.spec is not None else e.sql
        digest.update(f"{e.id}\0{e.db}\0{e.question}\0{gold}\n".encode())
    for db in sorted(databases):
        digest.update(json.dumps([db, to_json(source.schema(db))]).encode())
    return digest.hexdigest()[:16]


def _key(read: str) -> str:
    """Hash of what was read, the code that prepares it and the versions."""
    digest = hashlib.sha256(f"{preparation_hash()}{read}".encode())
    for module in (*sorted(Path(str(importer.__file__)).parent.glob("*.py")), Path(str(mention.__file__))):
        digest.update(module.read_bytes())
    return digest.hexdigest()[:16]


def _write(folder: Path, items: list[Prepared], tally: str) -> None:
    import datasets

    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".writing-"))
    try:
        datasets.disable_progress_bars()
        datasets.Dataset.from_list([_to_row(item) for item in items]).save_to_disk(str(temporary / "table"))
        (temporary / "tally.txt").write_text(tally, encoding="utf-8")
        temporary.rename(folder)
    except OSError:
        if not folder.is_dir():  # else another process was first
            raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _read(folder: Path) -> tuple[list[Prepared], str]:
    import datasets

    table: Any = datasets.load_from_disk(str(folder / "table"))
    rows = table.to_list()
    return [_from_row(row) for row in rows], (folder / "tally.txt").read_text(encoding="utf-8")


def _to_row(item: Prepared) -> dict[str, Any]:
    graph = item.graph
    return {
        "id": item.id,
        "db": item.db,
        "question": graph.question,
        "words": list(graph.words),
        "tables": list(graph.tables),
        "columns": list(graph.columns),
        "values": json.dumps([[v.value, v.source, v.span, v.columns, v.score] for v in graph.values]),
        "tokens": [list(t) for t in graph.tokens],
        "relations": graph.relations.tobytes(),
        "flags": graph.flags.tobytes(),
        "actions": [n for action in item.actions for n in action],
    }


def _from_row(row: dict[str, Any]) -> Prepared:
    n = len(row["tokens"])
    values = tuple(
        ValueNode(value=v, source=s, span=tuple(span) if span else None, columns=tuple(c), score=score)
        for v, s, span, c, score in json.loads(row["values"])
    )
    graph = Graph(
        question=row["question"],
        words=tuple(row["words"]),
        tables=tuple(row["tables"]),
        columns=tuple(row["columns"]),
        values=values,
        relations=np.frombuffer(row["relations"], dtype=np.uint8).reshape(n, n),
        tokens=tuple(tuple(t) for t in row["tokens"]),
        flags=np.frombuffer(row["flags"], dtype=np.uint8).reshape(n, -1),
    )
    pairs = zip(row["actions"][::2], row["actions"][1::2], strict=True)
    return Prepared(row["id"], row["db"], graph, tuple(Action(ActionKind(k), i) for k, i in pairs))
