"""DuckDB files made from others: copies of tables with other names or more columns, kept in the cache."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import duckdb

from microgt.errors import DataError
from microgt.paths import cache_dir
from microgt.schema.catalog import first_line
from microgt.schema.load import files_of, stamp_of

_VERSION = "1"  # of what these copies hold


def copied(original: Path, statements: Sequence[str]) -> Path:
    """The file that the statements make, with the original attached as `old`; made once for each state of the original.

    Raises `DataError` when one of them fails.
    """
    key = hashlib.sha256("\0".join([_VERSION, stamp_of(files_of(original)), *statements]).encode()).hexdigest()[:16]
    target = cache_dir() / "robustness" / f"{original.stem}-{key}.duckdb"
    if not target.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".copying-") as folder:
            unfinished = Path(folder) / target.name
            _write(unfinished, original, statements)
            os.replace(unfinished, target)
    return target


def _write(target: Path, original: Path, statements: Sequence[str]) -> None:
    try:
        with duckdb.connect(str(target), config={"threads": 1}) as connection:
            attached = str(original).replace("'", "''")
            connection.execute(f"ATTACH '{attached}' AS old (READ_ONLY)")
            for statement in statements:
                connection.execute(statement)
    except duckdb.Error as error:
        raise DataError(f"{original} cannot be copied: {first_line(error)}") from None
