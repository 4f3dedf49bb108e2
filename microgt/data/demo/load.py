"""From a database's description (DDL and columns) to a DuckDB file.

Keys that DuckDB can enforce are declared in the DDL. Others (orphan rows; a table that refers to itself) are declared as a column comment,
`references customers.id`, so that the file itself says all its keys.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa


@dataclass(frozen=True)
class Contents:
    """What a builder returns. ddl: CREATE TABLE and COMMENT statements. tables: name -> arrow table, parents before children."""

    ddl: str
    tables: Mapping[str, pa.Table]


def arrow(columns: Mapping[str, Any]) -> pa.Table:
    """Columns as numpy arrays (masked where NULL) or lists -> an arrow table."""
    return pa.table({name: _array(values) for name, values in columns.items()})


def _array(values: Any) -> pa.Array:
    if isinstance(values, np.ma.MaskedArray):
        return pa.array(values.data, mask=np.ma.getmaskarray(values), from_pandas=False)
    return pa.array(values)


def write(contents: Contents, path: Path) -> None:
    """Write the database under a temporary name, then rename it to `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".building-") as folder:
        unfinished = Path(folder) / path.name
        with duckdb.connect(str(unfinished), config={"threads": 1}) as connection:
            connection.execute(contents.ddl)
            for name, table in contents.tables.items():
                connection.register("incoming", table)
                connection.execute(f'INSERT INTO "{name}" BY NAME SELECT * FROM incoming')
                connection.unregister("incoming")
        os.replace(unfinished, path)
