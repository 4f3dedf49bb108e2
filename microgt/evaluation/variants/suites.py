"""The variants of all databases of an evaluation, as files."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from threading import Lock
from typing import Self

from microgt.errors import DataError
from microgt.evaluation.prediction import Gold
from microgt.evaluation.variants.suite import Variant, Variants
from microgt.schema.types import Schema


class Suites:
    """`number` variants of each database, made when they are first asked for and removed at the end, unless a folder is given to keep them.

    golds: all gold queries of a data set, whichever of them are scored, so that an item is judged alike however many others are.
    folder: DATABASE/1.duckdb and so on are written into it.
    """

    def __init__(self, golds: Iterable[Gold] = (), number: int = 0, seed: int = 0, folder: Path | None = None):
        self.number, self.seed = number, seed
        self._folder = folder
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._golds: dict[str, list[Gold]] = defaultdict(list)
        for gold in golds:
            self._golds[gold.db].append(gold)
        self._made: dict[str, tuple[Variant, ...]] = {}
        self._locks: dict[str, Lock] = defaultdict(Lock)

    def __enter__(self) -> Self:
        if self.number and self._folder is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="microgt-variants-")
        return self

    def __exit__(self, *_: object) -> None:
        if self._temporary is not None:
            self._temporary.cleanup()

    def of(self, db: str, schema: Schema, path: Path) -> tuple[Variant, ...]:
        """The variants of a database. Raises `DataError` when they cannot be written."""
        with self._locks[db]:
            if db not in self._made:
                self._made[db] = self._make(db, schema, path) if self.number else ()
            return self._made[db]

    def _make(self, db: str, schema: Schema, path: Path) -> tuple[Variant, ...]:
        base = Path(self._temporary.name) if self._temporary is not None else self._folder
        assert base is not None, "variants are made inside `with`"
        folder = base / folder_name(db)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            variants = Variants(path, schema, self._golds[db], self.seed)
            return tuple(variants.write(n, folder / f"{n}.duckdb") for n in range(1, self.number + 1))
        except OSError as error:
            raise DataError(f"the variants of {db} cannot be written into {folder}: {error.strerror}") from None


def folder_name(db: str) -> str:
    """The name of a database as that of a folder: itself, or what can be kept of it with a part of its hash."""
    kept = re.sub(r"[^\w.-]", "_", db)
    return db if kept == db and db.strip(".") else f"{kept.strip('.')}-{hashlib.sha256(db.encode()).hexdigest()[:8]}"
