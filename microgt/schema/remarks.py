"""What is to be known of how a file was loaded, kept as comments of the table and the columns of its DuckDB copy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb

from microgt.schema.catalog import connect, quoted

_MARK = "as loaded: "  # other comments are of the database's author
_SQL = """
SELECT table_name, '', comment FROM duckdb_tables() WHERE starts_with(comment, $mark)
UNION ALL SELECT table_name, column_name, comment FROM duckdb_columns() WHERE starts_with(comment, $mark)
"""
Remarks = Mapping[tuple[str, str], tuple[str, ...]]  # (table, column) -> lines; of the table itself under the column ""


def remark(connection: duckdb.DuckDBPyConnection, table: str, lines: Iterable[str], column: str = "") -> None:
    """Keep lines with a table, or with one of its columns."""
    text = "\n".join(lines)
    if text:
        what = f"COLUMN {quoted(table, column)}" if column else f"TABLE {quoted(table)}"
        said = (_MARK + text).replace("'", "''")
        connection.execute(f"COMMENT ON {what} IS '{said}'")


def remarks_in(path: Path) -> Remarks:
    """All lines of a DuckDB file. Raises `DataError`."""
    with connect(path) as connection:
        rows = connection.execute(_SQL, {"mark": _MARK}).fetchall()
    return {(table, column): tuple(comment.removeprefix(_MARK).splitlines()) for table, column, comment in rows}
