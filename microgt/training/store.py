"""Prepared graphs on disk, under a hash of everything that made them."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from microgt.data.example import Example, Source
from microgt.data.mix import MixSource
from microgt.model.making import preparation_hash
from microgt.paths import cache_dir
from microgt.schema.store import to_json
from microgt.spec import importer, write_spec
from microgt.training import mention
from microgt.training.items import Items, write_items
from microgt.training.prepare import Prepared, Preparer, Tally
from microgt.training.rows import FORMAT

_ITEMS, _TALLY = "items.arrow", "tally.txt"
Progress = Callable[[Iterable[Any], str, int], Iterable[Any]]


@dataclass(frozen=True)
class Split:
    """items: with their actions. tally: what became of all questions, in words. fingerprint: of what was read, 16 hexadecimal digits."""

    items: Items
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
        tally = Tally()
        shown = progress(examples, f"preparing {source.name}/{split}", len(examples))
        _write(folder, Preparer(source).train(shown, tally), tally)
    return Split(Items(folder / _ITEMS), (folder / _TALLY).read_text(encoding="utf-8"), read)


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
    digest = hashlib.sha256(f"{FORMAT}{preparation_hash()}{read}".encode())
    for module in (*sorted(Path(str(importer.__file__)).parent.glob("*.py")), Path(str(mention.__file__))):
        digest.update(module.read_bytes())
    return digest.hexdigest()[:16]


def _write(folder: Path, items: Iterable[Prepared], tally: Tally) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".writing-"))
    try:
        write_items(temporary / _ITEMS, items)
        (temporary / _TALLY).write_text(str(tally), encoding="utf-8")
        temporary.rename(folder)
    except OSError:
        if not folder.is_dir():  # else another process was first
            raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
